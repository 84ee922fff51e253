"""What others would do with the same city: two solvers, and two ways without any solver."""

import time

import numpy as np
import numpy.typing as npt

from services.matching.engine import State

Table = npt.NDArray[np.int64]


def cpu_time() -> float:
    """Processor seconds of this process: neighbours on the machine do not count."""
    return time.process_time()


def table(state: State) -> tuple[Table, list[int], list[int]]:
    """Whole points [households, sponsors], 0 if inadmissible; sponsor and cost of each place."""
    shift = state.scale.shift
    points = np.maximum(state.worth.astype(np.int64) >> shift, 0)
    points[state.gains >= state.scale.absent] = 0
    owners = [i for i, room in enumerate(state.room) for _ in range(room)]
    costs = [state.cost(i, k) >> shift for i, room in enumerate(state.room) for k in range(room)]
    return points, owners, costs


def scipy_solve(state: State) -> tuple[int, float]:
    """Points of SciPy's optimum, every place a column, and seconds of its solver alone."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    points, owners, costs = table(state)
    dense = np.maximum(points[:, owners] - np.array(costs), 0).astype(np.float64)
    begin = cpu_time()
    rows, columns = linear_sum_assignment(dense, maximize=True)
    return int(dense[rows, columns].sum()), cpu_time() - begin


def or_tools_solve(state: State) -> tuple[int, float]:
    """Points of OR-tools' min-cost flow, and seconds of its solver alone, without building it."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415

    points, owners, costs = table(state)
    households, sponsors = points.shape
    source, sink = households + sponsors, households + sponsors + 1
    rows, columns = np.nonzero(points)
    everybody = np.arange(households)
    tails = [rows, np.full(households, source), everybody, households + np.array(owners)]
    heads = [columns + households, everybody, np.full(households, sink), np.full(len(owners), sink)]
    prices = [-points[rows, columns], np.zeros(2 * households, np.int64), np.array(costs)]
    tail, head = np.concatenate(tails), np.concatenate(heads)
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        tail, head, np.ones(len(tail), np.int64), np.concatenate(prices)
    )
    flow.set_nodes_supplies(np.array([source, sink]), np.array([households, -households]))
    begin = cpu_time()
    if flow.solve() != flow.OPTIMAL:
        msg = "OR-tools found no optimum"
        raise RuntimeError(msg)
    return -flow.optimal_cost(), cpu_time() - begin


def scores(state: State) -> Table:
    """Scores [households, sponsors], -1 if inadmissible."""
    points = (state.worth.astype(np.int64) >> state.scale.shift) - state.waiting[:, np.newaxis]
    return np.where(state.worth > -state.scale.absent, points, -1)


def optimum(state: State) -> tuple[int, int]:
    """Matches and sum of scores of the state itself."""
    table, matched = scores(state), np.flatnonzero(state.owner >= 0)
    return len(matched), int(table[matched, state.owner[matched]].sum())


def greedy(state: State) -> tuple[int, int]:
    """Always the pair with the best score of those left: matches and sum of scores."""
    table, room = scores(state), list(state.room)
    order = np.argsort(-table, axis=None, kind="stable")
    return _take(table, room, zip(*np.unravel_index(order, table.shape), strict=True))


def first_come(state: State) -> tuple[int, int]:
    """Who waits longest chooses the best sponsor left: matches and sum of scores."""
    table, room = scores(state), list(state.room)
    longest = np.argsort(-state.waiting, kind="stable").tolist()
    pairs = ((j, i) for j in longest for i in np.argsort(-table[j], kind="stable").tolist())
    return _take(table, room, pairs)


def _take(table: Table, room: list[int], pairs: object) -> tuple[int, int]:
    taken: set[int] = set()
    total = 0
    for j, i in pairs:  # type: ignore[attr-defined]
        score = int(table[j, i])
        if score >= 0 and room[i] and j not in taken:
            room[i] -= 1
            taken.add(j)
            total += score
    return len(taken), total
