"""Solves sessions once more beside the heart, one at a time and by one instance, so that no message
waits for it.
"""

import asyncio
from typing import Final
from uuid import uuid4

from shared.contracts.matching_sessions import SessionRefused
from shared.holding import while_holding
from shared.runtime import App
from shared.storage.leases import Lease

from .contracts import SessionSolvedAgain
from .domain import run
from .domain.run import WantedReplay
from .store import MatchingStore

LOOK_SECONDS: Final = 1.0


async def solve_again(app: App[MatchingStore], lease_seconds: float) -> None:
    """Solve what is wanted whenever this instance holds the lease, until cancelled."""
    holder = f"{app.settings.instance}/{uuid4().hex[:8]}"
    lease = Lease(app.database, "replays", holder, lease_seconds)
    await while_holding(lease, lambda: _solve_all(app))


async def _solve_all(app: App[MatchingStore]) -> None:
    answered: set[str] = set()
    """An answer that did not take effect is parked, and is not given again here."""
    while True:
        news = asyncio.create_task(app.group_commit.next_commit(LOOK_SECONDS))
        await asyncio.sleep(0)  # from here on no commit is missed
        for wanted in await app.read().replays.find({}, sort=["_id"]):
            if wanted.id in answered:
                continue
            answered.add(wanted.id)
            await app.group_commit.tell(
                await _solved(app.read(), wanted), wanted.message_id, wanted.correlation_id
            )
        await news


async def _solved(store: MatchingStore, wanted: WantedReplay) -> SessionSolvedAgain:
    run_id = wanted.run_id
    kept = await store.runs.get(run_id), await store.run_inputs.get(run_id)
    answer = await asyncio.to_thread(run.replay, run_id, *kept)
    if isinstance(answer, SessionRefused):
        return SessionSolvedAgain(replay_id=wanted.id, run_id=run_id, refused=answer.reason)
    return SessionSolvedAgain(
        replay_id=wanted.id,
        run_id=run_id,
        same=answer.same,
        inputs_intact=answer.inputs_intact,
        different=answer.different,
    )
