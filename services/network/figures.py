"""Counts for the council report, from the service's own data."""

from typing import Any

from shared.contracts.desk import ActorCategory

from .programmes.domain import money_of
from .store import NetworkStore

NEED_FOR_NETWORK = "need_for_network_in_future"
FEWEST_ANSWERS = 5
"""No mean is shown for fewer answers, so that nobody can be recognised in it."""


async def figures(store: NetworkStore) -> dict[str, Any]:
    """All figures of the network service."""
    return {
        "actors": await _actors(store),
        "evaluation": await _evaluation(store),
        "trainings": await _trainings(store),
        "plan": await _plan(store),
        "money": await _money(store),
    }


async def _actors(store: NetworkStore) -> dict[str, int]:
    counts = await store.register.by_category()
    by_category = {each.value: counts.get(each.value, 0) for each in ActorCategory}
    return {"total": sum(counts.values()), **by_category}


async def _evaluation(store: NetworkStore) -> dict[str, Any]:
    mean, answers = await store.meetings.mean(NEED_FOR_NETWORK)
    forms = await store.meetings.forms.count({})
    attended = await store.meetings.attended()
    return {
        "need_for_network_mean": round(mean, 1) if answers >= FEWEST_ANSWERS else None,
        "forms": forms,
        "return_rate": round(forms / attended, 2) if attended else None,
        "meetings": await store.meetings.meetings.count({}),
    }


async def _trainings(store: NetworkStore) -> dict[str, Any]:
    rows = await store.trainings.by_kind()
    return {
        "held": sum(row["held"] for row in rows),
        "by_kind": {row["_id"]: row["held"] for row in sorted(rows, key=lambda row: row["_id"])},
        "participants": sum(row["participants"] for row in rows),
    }


async def _plan(store: NetworkStore) -> dict[str, list[int]]:
    plans = await store.programmes.plans.find({}, sort=("_id",))
    return {f"{plan.programme}/{plan.measure}": [plan.low, plan.high] for plan in plans}


async def _money(store: NetworkStore) -> dict[str, Any]:
    money = money_of(await store.programmes.costs.find({}))
    return {
        "total_eur": money.total_eur,
        "funded_eur": money.funded_eur,
        "funded_share": money.funded_share,
        "per_programme_eur": {each.value: eur for each, eur in money.afterwards_eur.items()},
    }
