"""The sample data and the generator that writes it."""
