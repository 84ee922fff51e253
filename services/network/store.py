"""Everything that the service keeps: the stores of its sub-domains, in one unit of work."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.storage import Index, UnitOfWork

from .meetings.store import MeetingsStore
from .programmes.store import ProgrammesStore
from .register.store import RegisterStore
from .trainings.store import TrainingsStore


class NetworkStore:
    """One folder of the service, one store."""

    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {
        **RegisterStore.COLLECTIONS,
        **TrainingsStore.COLLECTIONS,
        **MeetingsStore.COLLECTIONS,
        **ProgrammesStore.COLLECTIONS,
    }

    def __init__(self, unit: UnitOfWork) -> None:
        self.register = RegisterStore(unit)
        self.trainings = TrainingsStore(unit)
        self.meetings = MeetingsStore(unit)
        self.programmes = ProgrammesStore(unit)
