"""What `matching` publishes about households that were perhaps referred twice: ids and codes.

Partners hear nothing of it: neither learns that another partner knows the household.
"""

from enum import StrEnum

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.people import Id


class Sign(StrEnum):
    """What two referrals have in common."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_AND_CHILDREN = "name_and_children"
    NAME_AND_COUNTRIES = "name_and_countries"


@message("duplicate.found", 1, Exchange.EVENTS, subject="duplicate_id")
class DuplicateFound(Contract):
    """Two referrals perhaps mean the same household; staff decide, until then both go on."""

    duplicate_id: Id
    first_id: Id
    second_id: Id
    signs: list[Sign]


@message("duplicate.decided", 1, Exchange.EVENTS, subject="duplicate_id")
class DuplicateDecided(Contract):
    """Staff decided. If it is the same household, `merged_id` goes on as `kept_id`."""

    duplicate_id: Id
    same: bool
    kept_id: Id | None
    merged_id: Id | None


@message("duplicate.undone", 1, Exchange.EVENTS, subject="duplicate_id")
class DuplicateUndone(Contract):
    """A decision was taken back; both referrals go on by themselves again."""

    duplicate_id: Id


@message("duplicate.refused", 1, Exchange.EVENTS, subject="duplicate_id")
class DuplicateRefused(Contract):
    """A command about two referrals could not be carried out; nothing was changed."""

    duplicate_id: Id
    reason: str
