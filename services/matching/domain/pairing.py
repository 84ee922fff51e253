"""The way to the engine: the programme's words into the engine's records, and its answer back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.contracts.codes import SLOTS
from shared.contracts.people import Gender, LanguageSkill, Level

from .. import engine
from .calendar import local_day
from .household import Household
from .sponsor import Sponsor
from .sponsorship import Criterion, Reasons

WEIGHTS: Final = engine.Weights()
LADDER: Final = engine.Ladder()

_LEVELS: Final = {level: min(rank, 6) for rank, level in enumerate(Level, start=1)}
_GENDERS: Final = {None: "", Gender.FEMALE: "f", Gender.MALE: "m", Gender.DIVERSE: "d"}
_SLOT_BITS: Final = {slot: 1 << position for position, slot in enumerate(SLOTS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A household and the sponsor that the engine gives it, with the reasons."""

    household_id: str
    sponsor_id: str
    reasons: Reasons


def best_pairs(
    households: Iterable[Household], sponsors: Iterable[Sponsor], today: date
) -> list[Pair]:
    """The best set of pairs over everybody, in the order of household ids."""
    waiting = sorted(households, key=lambda household: household.id)
    excluded = [(household.id, other) for household in waiting for other in household.excluded]
    proposals = engine.propose(
        [_sponsor(sponsor, today) for sponsor in sponsors],
        [_household(household, today) for household in waiting],
        WEIGHTS,
        LADDER,
        excluded,
        today,
    )
    return [
        Pair(proposal.household_id, proposal.sponsor_id, _reasons(proposal.explanation))
        for proposal in proposals
        if proposal.sponsor_id is not None
    ]


def next_relaxation(households: Iterable[Household], today: date) -> date | None:
    """The next day on which the ladder asks less for one of those who wait."""
    days = (
        local_day(household.waiting_since) + timedelta(days=rung.after_days)
        for household in households
        for rung in LADDER.rungs
    )
    return min((day for day in days if day > today), default=None)


def _sponsor(sponsor: Sponsor, today: date) -> engine.Sponsor:
    certificate = sponsor.certificate
    until = certificate.valid_until if certificate else None
    valid = until is not None and until >= today
    return engine.Sponsor(
        id=sponsor.id,
        languages=_languages(sponsor.languages),
        slots=_slots(sponsor.availability),
        district=sponsor.district.value,
        gender=_GENDERS[sponsor.contact.gender],
        accepts=_accepts(sponsor.household_gender),
        topics=frozenset(topic.value for topic in sponsor.topics),
        capacity=sponsor.capacity,
        active=len(sponsor.holds),
        trained=sponsor.trained_on is not None,
        certificate_until=until if valid else None,
        children=valid,
    )


def _household(household: Household, today: date) -> engine.Household:
    details = household.details
    return engine.Household(
        id=household.id,
        arrived=min(local_day(household.waiting_since), today),
        languages=_languages(details.languages),
        slots=_slots(details.availability),
        district=details.district.value,
        gender=_GENDERS[details.contact.gender],
        accepts=_accepts(details.sponsor_gender),
        topics=frozenset(topic.value for topic in details.topics),
        minors=len(details.children),
    )


def _reasons(explanation: engine.Explanation) -> Reasons:
    return Reasons(
        criteria=tuple(
            Criterion(part.criterion, part.points, part.most) for part in explanation.contributions
        ),
        language=explanation.language,
        slots=tuple(slot for slot, bit in _SLOT_BITS.items() if explanation.slots & bit),
        waited_days=explanation.waited_days,
        candidates=explanation.candidates,
    )


def _languages(skills: Sequence[LanguageSkill]) -> dict[str, int]:
    """The best level of each language."""
    levels: dict[str, int] = {}
    for skill in skills:
        levels[skill.code] = max(_LEVELS[skill.level], levels.get(skill.code, 0))
    return levels


def _slots(availability: Iterable[str]) -> int:
    return sum({_SLOT_BITS[slot] for slot in availability})


def _accepts(gender: Gender | None) -> frozenset[str]:
    return frozenset() if gender is None else frozenset({_GENDERS[gender]})
