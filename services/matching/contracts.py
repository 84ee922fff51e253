"""What the service's own workers tell its handlers; these messages never reach the broker."""

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.people import Id


@message("session.part-solved", 1, Exchange.LOCAL, subject="part_id")
class SessionPartSolved(Contract):
    """Some pairs of a session are to be proposed; they are stored."""

    part_id: str


@message("session.solved", 1, Exchange.LOCAL, subject="session_id")
class SessionSolved(Contract):
    """All parts of a session have been told; what it comes to is stored with it."""

    session_id: Id


@message("session.solved-again", 1, Exchange.LOCAL, subject="run_id")
class SessionSolvedAgain(Contract):
    """A session is solved once more; `refused` says why not, or is empty."""

    replay_id: str
    run_id: Id
    same: bool = False
    inputs_intact: bool = False
    different: int = 0
    refused: str = ""
