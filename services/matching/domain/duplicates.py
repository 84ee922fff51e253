"""Households that were perhaps referred twice: found by what they have in common, decided by staff.

What is compared are digests of normalised signs, kept in a collection of their own, so that a batch
of referrals asks for all of them at once. What many share says nothing: it is somebody's desk.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Final, TypeAlias

from shared.contracts.ids import stable_id
from shared.contracts.matching_duplicates import (
    DuplicateDecided,
    DuplicateFound,
    DuplicateRefused,
    DuplicateUndone,
    Sign,
)
from shared.contracts.people import HouseholdDetails
from shared.messaging import Facts

from .household import Household, HouseholdStatus, Origin
from .log import Stamp

MOST_SHARED: Final = 6
"""A sign that so many households have is not one of a household."""
SHORTEST_PHONE: Final = 6
PHONE_DIGITS: Final = 9
"""The last digits tell a number, however its beginning is written."""
LIVE: Final = frozenset(
    {
        HouseholdStatus.WAITING,
        HouseholdStatus.PROPOSED,
        HouseholdStatus.ON_HOLD,
        HouseholdStatus.MATCHED,
    }
)
DOTLESS_I: Final = "\N{LATIN SMALL LETTER DOTLESS I}"
_UMLAUTS: Final = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s", DOTLESS_I: "i", "ł": "l"})


class DuplicateStatus(StrEnum):
    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign as a digest, with the households that have it."""

    id: str
    households: tuple[str, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether few enough have it."""
        return len(self.households) < MOST_SHARED

    def seen_at(self, household_id: str) -> "Mark":
        """The same with one more household, as long as it tells anything."""
        if household_id in self.households or not self.tells:
            return self
        return replace(self, households=(*self.households, household_id))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two households that may be one; `learned` are the sponsors that the kept one must not meet
    because of the merged one.
    """

    id: str
    first_id: str
    second_id: str
    signs: tuple[Sign, ...]
    status: DuplicateStatus = DuplicateStatus.OPEN
    decided: Stamp | None = None
    kept_id: str | None = None
    merged_id: str | None = None
    learned: tuple[str, ...] = ()


Pair: TypeAlias = tuple[Household, Household]
Decided: TypeAlias = tuple[Duplicate, Pair, Facts]
"""The case and its two households after a step, and the facts."""


def marks_of(details: HouseholdDetails) -> Mapping[Sign, str]:
    """The household's signs as digests; what is missing is no sign."""
    contact = details.contact
    name = " ".join(sorted(_folded(contact.name)))
    phone = "".join(each for each in contact.phone or "" if each.isdigit())[-PHONE_DIGITS:]
    born = " ".join(str(day) for day in sorted(details.children))
    countries = " ".join(sorted(details.countries))
    signs = {
        Sign.EMAIL: (contact.email or "").casefold(),
        Sign.PHONE: phone if len(phone) >= SHORTEST_PHONE else "",
        Sign.NAME_AND_CHILDREN: name and born and f"{name}|{born}",
        Sign.NAME_AND_COUNTRIES: name and not born and f"{name}|{countries}|{details.adults}",
    }
    return {sign: _digest(sign, text) for sign, text in signs.items() if text}


def find(first: Household, second: Household, signs: tuple[Sign, ...]) -> tuple[Duplicate, Facts]:
    """Two households are put to staff; both go on until they decide."""
    case = Duplicate(case_id(first.id, second.id), first.id, second.id, signs)
    fact = DuplicateFound(
        duplicate_id=case.id, first_id=first.id, second_id=second.id, signs=list(signs)
    )
    return case, (fact,)


def case_id(*household_ids: str) -> str:
    """The same for the two households in any order."""
    return stable_id("duplicate", *sorted(household_ids))


def tell_apart(case: Duplicate, pair: Pair, stamp: Stamp) -> Decided:
    """They are two; nobody will ask again."""
    if case.status is not DuplicateStatus.OPEN:
        return case, pair, refusal(case.id, "a colleague decided this already; undo it first")
    decided = replace(case, status=DuplicateStatus.DIFFERENT, decided=stamp)
    return decided, pair, (_decided(decided),)


def why_not(case: Duplicate, pair: Pair) -> str | None:
    """Why the two cannot be made one, in words; None if they can."""
    statuses = [household.status for household in pair]
    if case.status is not DuplicateStatus.OPEN:
        return "a colleague decided this already; undo it first"
    if not LIVE.issuperset(statuses):
        return "one of the two households was closed or declined"
    if statuses == [HouseholdStatus.MATCHED] * len(statuses):
        return "both households have a sponsor; end one of the sponsorships first"
    return None


def in_order(pair: Pair) -> Pair:
    """Which household is kept, and which goes on as part of it."""
    kept, merged = sorted(
        pair, key=lambda each: (each.status is not HouseholdStatus.MATCHED, each.waiting_since)
    )
    return kept, merged


def merge(case: Duplicate, kept: Household, merged: Household, stamp: Stamp) -> Decided:
    """They are one: the merged one's partner hears from now on what becomes of the kept one."""
    learned = tuple(each for each in merged.excluded if each not in kept.excluded)
    decided = replace(
        case,
        status=DuplicateStatus.SAME,
        decided=stamp,
        kept_id=kept.id,
        merged_id=merged.id,
        learned=learned,
    )
    kept = replace(
        kept,
        also=(*kept.also, *merged.origins),
        excluded=(*kept.excluded, *learned),
    )
    gone = replace(
        merged, status=HouseholdStatus.MERGED, merged_into=kept.id, held_until=None, asked_on=None
    )
    told = [kept.answer_to(each) for each in merged.origins]
    news = told if kept.status is HouseholdStatus.MATCHED else []
    return decided, (kept, gone), (_decided(decided), *news)


def undo(case: Duplicate, pair: Pair, today: date) -> Decided:
    """Everything is as it was before the decision, and waits to be decided."""
    if case.status is DuplicateStatus.OPEN:
        return case, pair, refusal(case.id, "nobody decided this yet")
    opened = replace(
        case, status=DuplicateStatus.OPEN, decided=None, kept_id=None, merged_id=None, learned=()
    )
    fact = DuplicateUndone(duplicate_id=case.id)
    if case.status is DuplicateStatus.DIFFERENT:
        return opened, pair, (fact,)
    kept, merged = sorted(pair, key=lambda each: each.id != case.kept_id)
    if merged.merged_into != kept.id:
        return case, pair, refusal(case.id, "the household was closed in the meantime")
    kept = without(kept, merged.origins)
    kept = replace(kept, excluded=tuple(each for each in kept.excluded if each not in case.learned))
    back = replace(merged, status=HouseholdStatus.WAITING, merged_into=None, confirmed_on=today)
    return opened, (kept, back), (fact, *back.told())


def without(household: Household, origins: tuple[Origin, ...]) -> Household:
    """The household after these partners have nothing to do with it any more."""
    return replace(household, also=tuple(each for each in household.also if each not in origins))


def refusal(duplicate_id: str, reason: str) -> Facts:
    """Nothing was changed, and why."""
    return (DuplicateRefused(duplicate_id=duplicate_id, reason=reason),)


def _decided(case: Duplicate) -> DuplicateDecided:
    return DuplicateDecided(
        duplicate_id=case.id,
        same=case.status is DuplicateStatus.SAME,
        kept_id=case.kept_id,
        merged_id=case.merged_id,
    )


def _folded(name: str) -> list[str]:
    """The words of a name without case, accents and the ways in which umlauts are written."""
    plain = name.casefold().translate(_UMLAUTS).replace("ss", "s")
    for written in ("ae", "oe", "ue"):
        plain = plain.replace(written, written[0])
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(
        each if each.isalnum() else " " for each in letters if not unicodedata.combining(each)
    ).split()


def _digest(sign: Sign, text: str) -> str:
    return blake2b(f"{sign}\x1f{text}".encode(), digest_size=16).hexdigest()
