"""The one kind of failure that this package reports: a sentence for the person at the terminal."""


class LocalServerError(Exception):
    """A server cannot be installed, started or reached; the text says what to do."""
