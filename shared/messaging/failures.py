"""The kinds of failure, disjoint: poison and retry are raised here; infrastructure by the storage.

A business refusal is none of these: it is an answer, and so a fact.
"""


class Poison(Exception):
    """The message cannot be understood: it is parked at once, with these reasons."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class GivenUp(Exception):
    """The broker handed the message over too often without an answer; it is parked unread."""


class RetryLater(Exception):
    """Something else must happen first: the message goes up the delay ladder, then is parked."""
