"""The matching engine, tested without any service around it."""
