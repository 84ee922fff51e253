"""From documents to the city and back: how it is loaded, and how it hears of what is written."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

import structlog

from shared.storage import Document, Repository
from shared.storage.feed import Written

from . import engine
from .domain.city import City, Records
from .domain.household import Household
from .domain.matching_rules import MatchingRules
from .domain.sponsor import Sponsor
from .domain.stored_city import StoredCity, read
from .domain.tentative import Difference
from .store import CityDocuments, MatchingStore

E = TypeVar("E", Household, Sponsor, MatchingRules)

log = structlog.get_logger(__name__)


def load(
    store: MatchingStore, documents: CityDocuments, kept: StoredCity | None, today: date
) -> tuple[City, str]:
    """The city, and how it came about: restored from what was stored and proven, solved since
    nothing was, or solved anew since what was stored is damaged, or stale and no more than a guess.
    """
    records = _records(store, documents)
    known = read(kept) if kept else None
    if known is None:
        return City.solved(records, today), "damaged" if kept else "solved"
    try:
        return City.restored(records, today, known), "restored"
    except engine.StaleSnapshotError:
        return City.guessed(records, today, known), "stale"


def tell(city: City, store: MatchingStore, written: Written) -> list[Difference]:
    """Let the city hear of a household, a sponsor or the rules; gives what it changed."""
    documents = [written.document] if written.document else []
    if written.collection == "households":
        for version, household in _all(store.households, documents):
            return city.household_is(household, version)
        return city.household_gone(written.id)
    if written.collection == "sponsors":
        for version, sponsor in _all(store.sponsors, documents):
            return city.sponsor_is(sponsor, version)
        return city.sponsor_gone(written.id)
    for version, rules in _all(store.matching_rules, documents):
        return city.rules_are(rules, version)
    return []


def _records(store: MatchingStore, documents: CityDocuments) -> Records:
    households = list(_all(store.households, documents.households))
    sponsors = list(_all(store.sponsors, documents.sponsors))
    rules = list(_all(store.matching_rules, documents.rules))
    versions = {who.id: version for version, who in households}
    versions |= {who.id: version for version, who in sponsors}
    versions |= {each.id: version for version, each in rules}
    return Records(
        [who for _, who in households],
        [who for _, who in sponsors],
        rules[0][1] if rules else MatchingRules(),
        versions,
    )


def _all(repository: Repository[E], documents: Sequence[Document]) -> Iterator[tuple[int, E]]:
    """Versions and records; what cannot be read counts as not there."""
    for document in documents:
        try:
            yield repository.read(document)
        except ValueError:  # its text may quote the record
            log.error("a record cannot be read", id=str(document["_id"]))  # noqa: TRY400
