"""The AsyncAPI documents before AsyncAPI's own judges, and broken contracts before our tests."""
