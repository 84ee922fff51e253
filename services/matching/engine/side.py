"""One side of the market: people in columns of arrays, each at a position of its own.

Positions are reused; a person's id never changes its meaning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from .model import Household, Sponsor

Ints = npt.NDArray[np.int32]
Spoken = tuple[tuple[int, int], ...]
Person = TypeVar("Person", Sponsor, Household)


class Side(Generic[Person]):
    """One side of the market: records by position, their traits, languages and lots.

    `levels` [languages, size] has by code what `spoken` has by person as pairs of code and level.
    """

    def __init__(self, traits: int, size: int) -> None:
        """Make room for `size` people and a sixteenth more."""
        self.size = size + size // 16 + 8
        self.people: list[Person | None] = [None] * self.size
        self.names = [""] * self.size
        self.spoken: list[Spoken] = [()] * self.size
        self.position: dict[str, int] = {}
        self.unused = list(range(self.size - 1, -1, -1))
        self.traits = np.ones((traits, self.size), np.int32)
        self.levels = np.zeros((0, self.size), np.uint8)
        self.lots = np.zeros(self.size, np.uint64)
        self.excluded: dict[str, set[str]] = defaultdict(set)

    def __iter__(self) -> Iterator[tuple[int, Person]]:
        """Positions and records of everybody present."""
        return ((k, who) for k, who in enumerate(self.people) if who is not None)

    def at(self, position: int) -> Person:
        """The record at a taken position; KeyError at a free one."""
        who = self.people[position]
        if who is None:
            raise KeyError(position)
        return who

    def enter(self, who: Person) -> int:
        """Give a person a position, growing the arrays by an eighth when all are taken."""
        if not self.unused:
            more = self.size // 8 + 8
            self.unused = list(range(self.size + more - 1, self.size - 1, -1))
            self.people += [None] * more
            self.names += [""] * more
            self.spoken += [()] * more
            self.size += more
            self.traits = np.pad(self.traits, ((0, 0), (0, more)), constant_values=1)
            self.levels = np.pad(self.levels, ((0, 0), (0, more)))
            self.lots = np.pad(self.lots, (0, more))
        k = self.position[who.id] = self.unused.pop()
        self.names[k] = who.id
        self.lots[k] = int.from_bytes(blake2b(who.id.encode(), digest_size=8).digest()) | 1
        return k

    def positions(self, ids: Iterable[str]) -> list[int]:
        """Positions of those of the ids that are present."""
        return [self.position[who] for who in ids if who in self.position]

    def leave(self, who: str) -> None:
        """Free a person's position; its name stays until somebody else takes it."""
        k = self.position.pop(who)
        self.people[k] = None
        self.unused.append(k)

    def name(self, position: int) -> str | None:
        """Id of who is or was last at a position, None for no position (-1)."""
        return self.names[position] if position >= 0 else None
