"""The published contracts as files: frozen schemas, examples and the event catalogue."""
