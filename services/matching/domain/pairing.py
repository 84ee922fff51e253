"""The way to the engine: the programme's words into the engine's records, and its answer back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.contracts.codes import SLOTS
from shared.contracts.people import Gender, LanguageSkill, Level

from .. import engine
from .calendar import local_day
from .household import Household
from .inputs import Inputs
from .matching_rules import MatchingRules
from .sponsor import Sponsor
from .sponsorship import Criterion, Reasons

_LEVELS: Final = {level: min(rank, 6) for rank, level in enumerate(Level, start=1)}
_GENDERS: Final = {None: "", Gender.FEMALE: "f", Gender.MALE: "m", Gender.DIVERSE: "d"}
_SLOT_BITS: Final = {slot: 1 << position for position, slot in enumerate(SLOTS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A household and the sponsor that the engine gives it, with the reasons."""

    household_id: str
    sponsor_id: str
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Best:
    """The best set of pairs in the order of household ids, what it is worth, and its proof.

    `points` sum up, over all pairs, what the engine maximises, with days of waiting up to the day
    of the session; `gap` is 0: no set is worth more.
    """

    pairs: tuple[Pair, ...]
    points: int
    gap: int


def inputs_of(
    households: Iterable[Household],
    sponsors: Iterable[Sponsor],
    rules: MatchingRules,
    today: date,
) -> Inputs:
    """What the engine is told: everybody by id, under the rules of the day."""
    waiting = sorted(households, key=lambda household: household.id)
    available = {sponsor.id: sponsor for sponsor in sponsors}
    return Inputs(
        today,
        tuple(sponsor_told(available[each], today) for each in sorted(available)),
        tuple(household_told(household, today) for household in waiting),
        tuple(
            (each.id, other)
            for each in waiting
            for other in sorted(set(each.excluded) & available.keys())
        ),
        rules.weights_on(today),
        rules.ladder_on(today),
    )


def best_pairs(inputs: Inputs) -> Best:
    """The best set of pairs over everybody; raises NotProvenError rather than give another."""
    market = engine.compile_market(
        inputs.sponsors,
        inputs.households,
        inputs.weights,
        inputs.ladder,
        inputs.excluded,
        inputs.day,
    )
    return best_of(inputs, engine.solve(market))


def best_of(inputs: Inputs, state: engine.State) -> Best:
    """The same of a state that holds these inputs, however it came about; proven like any other."""
    certificate = engine.certify(state)
    if not certificate.optimal:
        raise engine.NotProvenError(certificate)
    found: dict[str, str] = engine.snapshot(state)["pairs"]
    pairs = tuple(
        Pair(household, found[household], _reasons(engine.explain(state, household)))
        for household in sorted(found)
    )
    return Best(pairs, _points(inputs, pairs), certificate.gap)


def _points(inputs: Inputs, pairs: Iterable[Pair]) -> int:
    """What the engine maximises: worth of a match, waiting, score, less what sponsors carry."""
    weights = inputs.weights
    carried = Counter({sponsor.id: sponsor.active for sponsor in inputs.sponsors})
    points = 0
    for pair in pairs:
        points += weights.match_worth + weights.per_day * pair.reasons.waited_days
        points += pair.reasons.score
        points -= weights.load[min(carried[pair.sponsor_id], len(weights.load) - 1)]
        carried[pair.sponsor_id] += 1
    return points


def next_relaxation(
    households: Iterable[Household], ladder: engine.Ladder, today: date
) -> date | None:
    """The next day on which the ladder asks less for one of those who wait."""
    days = (
        local_day(household.waiting_since) + timedelta(days=rung.after_days)
        for household in households
        for rung in ladder.rungs
    )
    return min((day for day in days if day > today), default=None)


def sponsor_told(sponsor: Sponsor, today: date) -> engine.Sponsor:
    """Of the certificate only that it is valid today: the inputs are kept, its date must not be."""
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
        certificate_until=today if valid else None,
        children=valid,
    )


def household_told(household: Household, today: date) -> engine.Household:
    """What counts for a match; an arrival in days to come counts from today."""
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
