"""The kinds of failure, disjoint: poison and retry are raised here; infrastructure by the storage.

A business refusal is none of these: it is an answer, and so a fact.
"""

from collections.abc import Sequence


class Poison(Exception):
    """The message cannot be understood: it is parked at once, with these reasons."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class GivenUp(Exception):
    """The broker handed the message over too often without an answer; it is parked unread."""


class RetryLater(Exception):
    """Something else must happen first: the message goes up the delay ladder, then is parked."""


def kind_and_reasons(error: Exception) -> tuple[str, Sequence[str]]:
    """How a failed try is kept: a bug in one handler must not stop the others."""
    match error:
        case RetryLater():
            return "retries used up", [str(error)]
        case Poison():
            return "poison", error.reasons
        case GivenUp():
            return "given up", [str(error)]
        case _:
            return "error", [f"{type(error).__name__}: {error}"]
