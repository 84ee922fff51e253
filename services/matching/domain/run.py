"""The record of a matching session, from which it can be replayed to the same pairs."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from shared.contracts.ids import stable_id
from shared.contracts.matching_sessions import SessionHeld, SessionRefused, SessionReplayed

from .inputs import Inputs, pack, unpack
from .match import Match
from .pairing import Best, best_pairs

KEEP_INPUTS: Final = timedelta(days=90)
"""What a session was told is kept no longer: it says of people what may have to be deleted three
months after they left.
"""


@dataclass(frozen=True, slots=True)
class RunPair:
    """A pair that was proposed."""

    household_id: str
    sponsor_id: str
    sponsorship_id: str
    score: int


@dataclass(frozen=True, slots=True)
class Proof:
    """No set of pairs is worth more than `bound` points; a gap of 0 proves these the best."""

    points: int
    bound: int
    gap: int
    matched: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a session was about, by reference, and what came of it."""

    id: str
    held_at: datetime
    day: date
    households: int
    sponsors: int
    weights: str
    ladder: str
    inputs_hash: str
    pairs: tuple[RunPair, ...]
    proof: Proof
    left: tuple[RunPair, ...] = ()
    """Pairs that belong to the solution and were not proposed, one of the two having changed
    meanwhile; they have no sponsorship.
    """


@dataclass(frozen=True, slots=True)
class RunInputs:
    """What a session was told: the versions of the records it read, and the engine's inputs."""

    id: str
    day: date
    versions: Mapping[str, int]
    """Of each household and sponsor by id, as they were in the database."""
    packed: str


@dataclass(frozen=True, slots=True)
class WantedReplay:
    """A session that somebody wants to be solved once more, with what the answer belongs to."""

    id: str
    run_id: str
    message_id: str
    correlation_id: str


def id_of(cause: str) -> str:
    """Id of the session that a message asked for, by the message's key."""
    return stable_id("run", cause)


def record(
    run_id: str, now: datetime, inputs: Inputs, best: Best, matches: Iterable[Match] = ()
) -> Run:
    """The record of a session that found these pairs and proposed these matches."""
    found = tuple(
        RunPair(each.household_id, each.sponsor_id, "", each.reasons.score) for each in best.pairs
    )
    entry = Run(
        run_id,
        now,
        inputs.day,
        len(inputs.households),
        len(inputs.sponsors),
        inputs.weights.version,
        inputs.ladder.version,
        inputs.digest,
        (),
        Proof(best.points, best.points + best.gap, best.gap, len(found)),
        found,
    )
    return held(entry, now, map(pair_of, matches))


def pair_of(match: Match) -> RunPair:
    """A match as the record names it."""
    sponsorship = match.sponsorship
    return RunPair(match.household.id, match.sponsor.id, sponsorship.id, sponsorship.score)


def held(entry: Run, now: datetime, pairs: Iterable[RunPair]) -> Run:
    """The record once these of its pairs are proposed, in the order of household ids."""
    proposed = {each.household_id: each for each in pairs}
    left = tuple(each for each in entry.left if each.household_id not in proposed)
    ordered = tuple(proposed[key] for key in sorted(proposed))
    return replace(entry, held_at=now, pairs=ordered, left=left)


def kept_inputs(run: Run, inputs: Inputs, versions: Mapping[str, int]) -> RunInputs:
    """What is kept for a replay."""
    return RunInputs(run.id, run.day, versions, pack(inputs.text))


def told(run: Run) -> SessionHeld:
    """The session as everybody hears of it."""
    return SessionHeld(
        run_id=run.id,
        held_on=run.day,
        households=run.households,
        sponsors=run.sponsors,
        proposed=len(run.pairs),
        points=run.proof.points,
        weights_version=run.weights,
        ladder_version=run.ladder,
        inputs_hash=run.inputs_hash,
    )


def why_not_again(run: Run | None, kept: RunInputs | None) -> str | None:
    """Why a session cannot be solved once more, in words; None if it can."""
    if run is None:
        return "there is no such session"
    return None if kept else f"what it was told was deleted after {KEEP_INPUTS.days} days"


def replay(
    run_id: str, run: Run | None, kept: RunInputs | None
) -> SessionReplayed | SessionRefused:
    """Solve a session once more; the answer says whether it comes out as it did."""
    if run is None or kept is None:
        return SessionRefused(run_id=run_id, reason=str(why_not_again(run, kept)))
    try:
        inputs = Inputs.read(unpack(kept.packed))
    except (ValueError, zlib.error):
        return SessionRefused(run_id=run_id, reason="its inputs are damaged and cannot be read")
    best = best_pairs(inputs)
    found = (*run.pairs, *run.left)
    before = {pair.household_id: (pair.sponsor_id, pair.score) for pair in found}
    after = {pair.household_id: (pair.sponsor_id, pair.reasons.score) for pair in best.pairs}
    different = _different(before, after)
    intact = inputs.digest == run.inputs_hash
    same = intact and not different and best.points == run.proof.points
    return SessionReplayed(run_id=run_id, same=same, inputs_intact=intact, different=different)


def _different(before: Mapping[str, object], after: Mapping[str, object]) -> int:
    return sum(before.get(each) != after.get(each) for each in before.keys() | after.keys())
