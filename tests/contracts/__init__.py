"""The promises made to others: frozen schemas, examples, the event catalogue."""
