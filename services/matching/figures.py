"""Counts for the council report, from the service's own data."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .domain.calendar import months_after
from .domain.household import HouseholdStatus
from .domain.recruit import RecruitStatus
from .domain.sponsorship import LIVE, SponsorshipStatus
from .store import MatchingStore

CONTRACTUAL_MONTHS = 3
"""What was agreed with the hospital, whatever a setting says."""

_DONE = {"$ne": None}


async def figures(store: MatchingStore) -> Mapping[str, Any]:
    """Sponsors, newcomers reached, sponsorships, households and recruits."""
    return {
        "sponsors": await _sponsors(store),
        "newcomers": await _newcomers(store),
        "sponsorships": await _sponsorships(store),
        "households": await _households(store),
        "recruits": await _recruits(store),
    }


async def _sponsors(store: MatchingStore) -> dict[str, int]:
    """The trained ones count; migration experience is theirs."""
    trained = {"trained_on": _DONE}
    return {
        "actual": await store.sponsors.count(trained),
        "registered": await store.sponsors.count({}),
        "migration_experience": await store.sponsors.count(
            trained | {"migration_experience": True}
        ),
    }


async def _newcomers(store: MatchingStore) -> dict[str, int]:
    """Everybody in a household that had a sponsorship at least once."""
    reached = {"$match": {"first_matched_on": _DONE}}
    children = {"$size": "$details.children"}
    sums = {
        "_id": None,
        "households": {"$sum": 1},
        "adults": {"$sum": "$details.adults"},
        "children": {"$sum": children},
    }
    rows = await store.households.aggregate(reached, {"$group": sums})
    countries = await store.households.aggregate(
        reached, {"$unwind": "$details.countries"}, {"$group": {"_id": "$details.countries"}}
    )
    total = rows[0] if rows else {"households": 0, "adults": 0, "children": 0}
    return {
        "people": total["adults"] + total["children"],
        "children": total["children"],
        "countries": len(countries),
        "households": total["households"],
    }


async def _sponsorships(store: MatchingStore) -> dict[str, Any]:
    ended = {"$match": {"status": SponsorshipStatus.ENDED.value}}
    by_outcome = await store.sponsorships.aggregate(ended, _counted("$outcome"))
    running = {"status": {"$in": [status.value for status in LIVE]}}
    return {
        "started": await store.sponsorships.count({"started_on": _DONE}),
        "running": await store.sponsorships.count(running),
        "ended": sum(row["number"] for row in by_outcome),
        "outcomes": _table(by_outcome),
    }


async def _households(store: MatchingStore) -> dict[str, Any]:
    declined = {"$match": {"status": HouseholdStatus.DECLINED.value}}
    reasons = await store.households.aggregate(declined, _counted("$reason"))
    left_out = [HouseholdStatus.DECLINED.value, HouseholdStatus.MERGED.value]
    registered = {"status": {"$nin": left_out}}
    waiting = {"status": HouseholdStatus.WAITING.value}
    return {
        "registered": await store.households.count(registered),
        "waiting": await store.households.count(waiting),
        "declined": _table(reasons),
    }


async def _recruits(store: MatchingStore) -> dict[str, int]:
    """Each life counts; an offer is held against the dates themselves, not against the timer."""
    lives = [row["lives"] for row in await store.recruits.aggregate(*_LIVES)]
    statuses = [life["status"] for life in lives]
    offered = [life for life in lives if life["offered_on"]]
    return {
        "reported": len(lives),
        "offered": len(offered),
        "joined": sum(life["household_id"] is not None for life in lives),
        "declined": statuses.count(RecruitStatus.DECLINED),
        "withdrawn": statuses.count(RecruitStatus.WITHDRAWN),
        "offered_early": sum(_early(life) for life in offered),
        "waiting": statuses.count(RecruitStatus.WAITING),
    }


_LIVES = (
    {"$unwind": "$lives"},
    {
        "$project": {
            f"lives.{name}": 1 for name in ("status", "arrival_on", "offered_on", "household_id")
        }
    },
)


def _early(life: Mapping[str, str]) -> bool:
    arrival, offered = (date.fromisoformat(life[name]) for name in ("arrival_on", "offered_on"))
    return offered < months_after(arrival, CONTRACTUAL_MONTHS)


def _counted(field: str) -> dict[str, Any]:
    return {"$group": {"_id": field, "number": {"$sum": 1}}}


def _table(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["_id"]: row["number"] for row in sorted(rows, key=lambda row: str(row["_id"]))}
