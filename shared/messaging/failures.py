"""The kinds of failure, disjoint: poison and retry are raised here; infrastructure by the storage.

A business refusal is none of these: it is an answer, and so a fact.
"""


class Poison(Exception):  # noqa: N818 - the field's word, not an error of ours
    """The message cannot be understood: it is parked at once, with these reasons."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class RetryLater(Exception):  # noqa: N818 - tells what to do, not what is wrong
    """Something else must happen first: the message goes up the delay ladder, then is parked."""
