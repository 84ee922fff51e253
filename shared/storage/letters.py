"""One batch's view of the parked messages about which somebody decides."""

from dataclasses import replace

from shared.storage.driver import Collection, Session
from shared.storage.errors import ConcurrentChange
from shared.storage.records import ParkedMessage, document_of, parked_of


class LetterBook:
    """The parked messages that a batch loads and changes; each only if nobody else changed it."""

    def __init__(self, collection: Collection, session: Session | None) -> None:
        self._collection = collection
        self._session = session
        self._loaded: dict[str, ParkedMessage | None] = {}
        self._pending: dict[str, ParkedMessage] = {}
        self._accepted: dict[str, ParkedMessage] = {}

    async def get(self, letter_id: str) -> ParkedMessage | None:
        """The parked message with this id, with what the batch decided so far."""
        for layer in (self._pending, self._accepted):
            if letter_id in layer:
                return layer[letter_id]
        if letter_id not in self._loaded:
            found = await self._collection.find_one({"letter_id": letter_id}, session=self._session)
            self._loaded[letter_id] = parked_of(found) if found else None
        return self._loaded[letter_id]

    def save(self, letter: ParkedMessage) -> None:
        """Keep its new state if the decision about it is kept."""
        self._pending[letter.letter_id] = letter

    def accept(self) -> None:
        self._accepted.update(self._pending)
        self._pending.clear()

    def discard(self) -> None:
        self._pending.clear()

    async def flush(self) -> None:
        """Write what was decided into the transaction; raises `ConcurrentChange`."""
        for letter in self._accepted.values():
            known = {"_id": letter.id, "version": letter.version}
            new = replace(letter, version=letter.version + 1)
            result = await self._collection.replace_one(
                known, document_of(new), session=self._session
            )
            if not result.matched_count:
                raise ConcurrentChange(f"{letter.letter_id} was decided by somebody else")
            self._loaded[letter.letter_id] = new
        self._accepted.clear()
