"""What staff decide about households that were perhaps referred twice."""

from shared.contracts.base import Exchange, message
from shared.contracts.desk import Command
from shared.contracts.people import Id


@message("duplicate.decide", 1, Exchange.COMMANDS, subject="duplicate_id")
class DecideDuplicate(Command):
    """Two referrals mean the same household, or two different ones."""

    duplicate_id: Id
    same: bool


@message("duplicate.undo", 1, Exchange.COMMANDS, subject="duplicate_id")
class UndoDuplicate(Command):
    """A decision about two referrals was wrong: everything is as before, and to be decided."""

    duplicate_id: Id
