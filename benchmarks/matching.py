"""The engine against its goals: events, full solutions, optimality, quality, fairness, memory.

Times are processor times in one process, compared with rivals in the same run: read the ratios.
`--long` adds the region, a million events and other expensive rows; `--events N` runs only so many
events, each with a certificate.
"""

import argparse
import resource
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from services.matching.engine import (
    Ladder,
    State,
    Weights,
    alternatives,
    apply,
    certify,
    compile_market,
    restore,
    snapshot,
)
from services.matching.engine.state import empty

from . import rivals
from .market import TODAY, city
from .rivals import cpu_time
from .stream import Office
from .years import simulate

WEIGHTS, LADDER = Weights(), Ladder()
MEDIAN_EVENT, LAST_EVENT, LAST_EVENT_LARGE, ALTERNATIVES, RESTART = 1e-4, 2e-3, 5e-3, 20e-3, 0.1
PROGRESS = 100_000
TIMES_SCIPY, BETTER, LONGEST_WAIT, MEMORY = 5000, 0.08, 180, 3
CITY, BALANCED, METRO, REGION = (1000, 3000), (1800, 3000), (3000, 9000), (10_000, 20_000)


class Row(NamedTuple):
    """One line of the table."""

    what: str
    goal: str
    measured: str
    ok: bool


class Timed(NamedTuple):
    """A solved city and the seconds that scoring and solving with certificate took."""

    state: State
    scoring: float
    solving: float


def solved(size: tuple[int, int], seed: int = 1) -> Timed:
    """Solve a made-up city; solving is everything after the scores, with the certificate."""
    state = empty(compile_market(*city(*size, seed), WEIGHTS, LADDER, [], TODAY))
    begin = cpu_time()
    state.score_all()
    scoring, begin = cpu_time() - begin, cpu_time()
    state.match_all()
    certificate = certify(state)
    whole = cpu_time() - begin
    if not certificate.optimal:
        msg = f"not optimal: {certificate}"
        raise RuntimeError(msg)
    return Timed(state, scoring, whole)


def event_times(state: State, count: int, seed: int = 7) -> dict[str, list[float]]:
    """Seconds of each applied event by kind; the optimum is certified every hundredth."""
    times: dict[str, list[float]] = defaultdict(list)
    for k, (kind, event) in enumerate(islice(Office(state, seed).events(), count)):
        begin = cpu_time()
        diff = apply(state, event)
        if not diff.ignored:
            times[kind].append(cpu_time() - begin)
        if k % 100 == 0 and not certify(state).optimal:
            msg = f"not optimal after event {k}: {event}"
            raise RuntimeError(msg)
    return times


def _percentiles(times: dict[str, list[float]]) -> tuple[float, float]:
    every = [t for some in times.values() for t in some]
    return float(np.median(every)), float(np.percentile(every, 99))


def city_rows() -> Iterator[Row]:
    """Events, full solution, alternatives and restart at city size."""
    timed = solved(CITY)
    points, scipy = rivals.scipy_solve(timed.state)
    yield Row(
        "city: full solution with certificate / SciPy's solver",
        "1 at most",
        f"{timed.solving / scipy:.2f} ({timed.solving:.2f} s, SciPy {scipy:.2f} s, "
        f"scoring besides {timed.scoring:.2f} s)",
        timed.solving <= scipy,
    )
    matches = _points(timed.state)
    yield Row("city: same points as SciPy", "equal", f"{matches:,} {points:,}", matches == points)
    yield _alternatives_row(timed.state)
    yield _restart_row(timed.state)
    times = event_times(timed.state, 4000)
    median, tail = _percentiles(times)
    yield Row("city: event, median", "0.1 ms", f"{median * 1e3:.3f} ms", median <= MEDIAN_EVENT)
    yield Row("city: event, p99", "2 ms", f"{tail * 1e3:.2f} ms", tail <= LAST_EVENT)
    ratio = scipy / median
    yield Row(
        "city: SciPy's full solve / median event", "5,000", f"{ratio:,.0f}", ratio >= TIMES_SCIPY
    )
    for kind, some in times.items():
        shown = np.percentile(some, (50, 99)) * 1e3
        yield Row(f"  {kind}", "", f"median {shown[0]:.3f} ms, p99 {shown[1]:.2f} ms", ok=True)


def _points(state: State) -> int:
    shift = state.scale.shift
    matched = np.flatnonzero(state.owner >= 0)
    worth = sum((state.worth[matched, state.owner[matched]] >> shift).tolist())
    costs = (state.costs(i, len(m)) >> shift for i, m in enumerate(state.members))
    return int(worth) - sum(costs)


def _alternatives_row(state: State) -> Row:
    times = []
    for who in list(state.market.households.position)[::30]:
        begin = cpu_time()
        alternatives(state, who, 5)
        times.append(cpu_time() - begin)
    tail = float(np.percentile(times, 95))
    measured = f"{tail * 1e3:.1f} ms (median {np.median(times) * 1e3:.1f} ms)"
    return Row("city: five exact alternatives, p95", "20 ms", measured, tail <= ALTERNATIVES)


def _restart_row(state: State) -> Row:
    stored = snapshot(state)
    market = compile_market(*city(*CITY), WEIGHTS, LADDER, [], TODAY)
    begin = cpu_time()
    restore(market, stored)
    spent = cpu_time() - begin
    return Row("city: ready from a snapshot", "100 ms", f"{spent * 1e3:.0f} ms", spent <= RESTART)


def larger_rows(name: str, size: tuple[int, int], events: int) -> Iterator[Row]:
    """Events, and the full solution against OR-tools."""
    timed = solved(size)
    points, flow = rivals.or_tools_solve(timed.state)
    yield Row(
        f"{name}: full solution with certificate / OR-tools' solver",
        "1 at most",
        f"{timed.solving / flow:.2f} ({timed.solving:.2f} s, OR-tools {flow:.2f} s, "
        f"scoring besides {timed.scoring:.2f} s)",
        timed.solving <= flow and _points(timed.state) == points,
    )
    median, tail = _percentiles(event_times(timed.state, events))
    measured = f"{tail * 1e3:.1f} ms (median {median * 1e3:.2f} ms)"
    yield Row(f"{name}: event, p99", "5 ms", measured, tail <= LAST_EVENT_LARGE)


def quality_rows() -> Iterator[Row]:
    """Matches and scores against doing without a solver, in a balanced market."""
    state = solved(BALANCED).state
    matches, score = rivals.optimum(state)
    for name, rival in (("greedy", rivals.greedy), ("first come", rivals.first_come)):
        their_matches, their_score = rival(state)
        more, better = matches / their_matches - 1, score / their_score - 1
        yield Row(f"balanced: matches more than {name}", "8 %", f"{more:.1%}", more >= BETTER)
        yield Row(f"balanced: score more than {name}", "8 %", f"{better:.1%}", better >= BETTER)


def optimality_row(events: int) -> Row:
    """Certificate after every event of a small office, with a full solution now and then."""
    state = solved((35, 60)).state
    office, broken = Office(state, 3), 0
    for k, (_, event) in enumerate(islice(office.events(), events)):
        apply(state, event)
        broken += not certify(state).optimal
        if k % 1000 == 0:
            broken += _points(state) != rivals.scipy_solve(state)[0]
        if k % PROGRESS == PROGRESS - 1:
            print(f"  {k + 1:,} of {events:,} events, {broken} broken", flush=True)
    return Row(f"{events:,} events, certificate after each", "0 broken", f"{broken}", broken == 0)


def fairness_rows() -> Iterator[Row]:
    """Three simulated years at 25 % overload."""
    seen = simulate(1.25, WEIGHTS, LADDER)
    longest = max(seen.waited)
    mean, p95 = np.mean(seen.waited), np.percentile(seen.waited, 95)
    yield Row(
        "three years, 25 % overload: longest wait",
        "180 days",
        f"{longest} days (mean {mean:.0f}, p95 {p95:.0f}; {len(seen.waited):,} households, "
        f"{seen.still} still waiting, {seen.left} left)",
        longest <= LONGEST_WAIT,
    )
    yield Row(
        "three years: overtaking beyond the proven bound",
        "never",
        f"{seen.breaches} times (worst overtaking {max(seen.overtaken)} days)",
        seen.breaches == 0,
    )


def region_row() -> Row:
    """The region in one city: does it work, and in how much memory."""
    timed = solved(REGION)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    matched = int((timed.state.owner >= 0).sum())
    measured = f"{timed.solving:.0f} s, scoring {timed.scoring:.0f} s, {memory:.1f} GB, {matched:,}"
    return Row("region: with certificate, memory", "3 GB", measured, memory <= MEMORY)


def rows(*, long: bool) -> Iterator[Row]:
    """All rows; the region comes first, because memory is counted over the whole process."""
    if long:
        yield region_row()
    yield from city_rows()
    yield from larger_rows("balanced", BALANCED, 2000)
    if long:
        yield from larger_rows("metro", METRO, 2000)
    yield from quality_rows()
    yield from fairness_rows()
    yield optimality_row(1_000_000 if long else 10_000)


def main(argv: list[str]) -> int:
    """Print the table; 0 if every goal is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks matching")
    parser.add_argument("--long", action="store_true", help="also region and a million events")
    parser.add_argument("--events", type=int, metavar="N", help="only N events, each certified")
    asked = parser.parse_args(argv)
    chosen = iter([optimality_row(asked.events)]) if asked.events else rows(long=asked.long)
    missed = 0
    for row in chosen:
        mark = "" if not row.goal else "ok" if row.ok else "not ok"
        missed += not row.ok
        print(f"{row.what:58} {row.goal:>10}  {row.measured}  {mark}", flush=True)
    return 1 if missed else 0
