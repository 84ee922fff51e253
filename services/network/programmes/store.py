"""What is kept of the programmes: plans and costs, some dozens of each."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.storage import Index, Repository, UnitOfWork

from .domain import Cost, Plan


class ProgrammesStore:
    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {"plans": (), "costs": ()}

    def __init__(self, unit: UnitOfWork) -> None:
        self.plans = Repository(unit, "plans", Plan)
        self.costs = Repository(unit, "costs", Cost)
