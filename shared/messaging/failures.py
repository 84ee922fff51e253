"""The kinds of failure, disjoint: poison and retry are raised here; infrastructure by the storage.

A business refusal is none of these: it is an answer, and so a fact.
"""

from collections.abc import Sequence
from traceback import extract_tb


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
            return "error", [where(error)]


def where(error: BaseException) -> str:
    """What broke and where, for a person; not in the error's own words, which may quote a message.

    The place is the innermost one in our own code.
    """
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    if not ours:
        return type(error).__name__
    file = "/".join(ours[-1].filename.split("/")[-3:])
    return f"{type(error).__name__} in {ours[-1].name} ({file}, line {ours[-1].lineno})"
