"""One batch's view of the database: what it loaded, what it will write, in one transaction."""

from typing import Any

from shared.storage.database import Database
from shared.storage.driver import Collection, Session
from shared.storage.letters import LetterBook
from shared.storage.repository import Repository
from shared.storage.timers import TimerBook


class UnitOfWork:
    """Repositories and timers that share a session; made anew for every attempt at a commit."""

    def __init__(self, database: Database, session: Session | None, instance: str = "") -> None:
        self._database = database
        self.session = session
        self.instance = instance
        """The instance that decides, where its workers shall know their own work."""
        self._repositories: list[Repository[Any]] = []
        self.timers = TimerBook(self.collection("timers"), session)
        self.letters = LetterBook(self.collection("parked"), session)

    def collection(self, name: str) -> Collection:
        """The driver's collection; only for the storage package."""
        return self._database.driver[name]

    def track(self, repository: Repository[Any]) -> None:
        """Let a repository take part in loading and flushing."""
        self._repositories.append(repository)

    async def load_expected(self) -> None:
        """Load all that was announced, one query per collection."""
        for repository in self._repositories:
            await repository.load_expected()

    def accept(self) -> None:
        """Keep the changes of the message that just succeeded."""
        for repository in self._repositories:
            repository.accept()
        self.timers.accept()
        self.letters.accept()

    def discard(self) -> None:
        """Forget the changes of the message that just failed."""
        for repository in self._repositories:
            repository.discard()
        self.timers.discard()
        self.letters.discard()

    async def flush(self) -> None:
        """Write the accepted changes into the transaction."""
        for repository in self._repositories:
            await repository.flush()
        await self.timers.flush()
        await self.letters.flush()
