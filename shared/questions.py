"""What somebody asks a service that it cannot answer."""


class BadQuestionError(Exception):
    """A page was asked something that cannot be understood or answered; the message says why."""
