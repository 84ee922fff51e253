"""The rules of the programme: frozen dataclasses and pure functions; time is an argument."""
