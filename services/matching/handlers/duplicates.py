"""Households that were perhaps referred twice: looked for as they come in, decided by staff."""

from shared.contracts.desk_duplicates import DecideDuplicate, UndoDuplicate
from shared.contracts.matching_duplicates import Sign
from shared.contracts.matching_sponsorships import ReleaseCause
from shared.messaging import Facts, Message

from ..domain import duplicates, rematch, waiting
from ..domain.duplicates import Duplicate, Mark, Pair
from ..domain.household import Household, HouseholdStatus
from ..domain.log import Stamp
from ..store import MatchingStore
from .keeping import keep_match, want_round, want_session

UNKNOWN = "there is no such pair of households"


async def look_for(store: MatchingStore, household: Household) -> Facts:
    """Who has a sign of this household, too, is put to staff, once."""
    found: dict[str, list[Sign]] = {}
    for sign, key in duplicates.marks_of(household.details).items():
        mark = await store.marks.get(key) or Mark(key)
        if mark.tells:
            for each in mark.households:
                found.setdefault(each, []).append(sign)
            store.marks.save(mark.seen_at(household.id))
    found.pop(household.id, None)
    facts: list[Facts] = []
    for key, signs in found.items():
        known = await store.households.get(key)
        if known and known.status in duplicates.LIVE:
            facts.append(await _put_to_staff(store, known, household, signs))
    return [fact for each in facts for fact in each]


async def forget(store: MatchingStore, household: Household) -> None:
    """What was said about a household is corrected: its old signs are its own no more."""
    for key in duplicates.marks_of(household.details).values():
        mark = await store.marks.get(key)
        if mark and mark.tells:
            left = tuple(each for each in mark.households if each != household.id)
            store.marks.save(Mark(key, left))


async def decide(store: MatchingStore, message: Message[DecideDuplicate]) -> Facts:
    """The same household, or two."""
    told, stamp = message.data, Stamp(message.data.staff_id, message.now)
    loaded = await _case(store, told.duplicate_id)
    if loaded is None:
        return duplicates.refusal(told.duplicate_id, UNKNOWN)
    case, pair = loaded
    if not told.same:
        case, pair, facts = duplicates.tell_apart(case, pair, stamp)
        _keep(store, case, pair)
        return facts
    if reason := duplicates.why_not(case, pair):
        return duplicates.refusal(case.id, reason)
    kept, merged = duplicates.in_order(pair)
    released: Facts = ()
    if match := await store.match(merged.sponsorship_id):
        after, released = rematch.release(match, ReleaseCause.PERHAPS_TWICE)
        keep_match(store, message, match, after)
        merged = after.household
    case, pair, facts = duplicates.merge(case, kept, merged, stamp)
    _keep(store, case, pair)
    return (*released, *facts)


async def undo(store: MatchingStore, message: Message[UndoDuplicate]) -> Facts:
    """A decision is taken back."""
    loaded = await _case(store, message.data.duplicate_id)
    if loaded is None:
        return duplicates.refusal(message.data.duplicate_id, UNKNOWN)
    case, pair, facts = duplicates.undo(*loaded, message.today)
    _keep(store, case, pair)
    for household in pair:
        if household.status is HouseholdStatus.WAITING:
            want_session(store, message)
            want_round(store, message, waiting.due_on(household, store.policy))
    return facts


async def _put_to_staff(
    store: MatchingStore, first: Household, second: Household, signs: list[Sign]
) -> Facts:
    if await store.duplicates.get(duplicates.case_id(first.id, second.id)):
        return ()
    case, facts = duplicates.find(first, second, tuple(signs))
    store.duplicates.save(case)
    return facts


async def _case(store: MatchingStore, key: str) -> tuple[Duplicate, Pair] | None:
    case = await store.duplicates.get(key)
    if case is None:
        return None
    first = await store.households.get(case.first_id)
    second = await store.households.get(case.second_id)
    return (case, (first, second)) if first and second else None


def _keep(store: MatchingStore, case: Duplicate, pair: Pair) -> None:
    store.duplicates.save(case)
    for household in pair:
        store.households.save(household)
