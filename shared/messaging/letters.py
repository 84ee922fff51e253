"""Decides what was decided about dead letters: in the heart, one after the other like any message.

A replay hands the parked message to its handler inside the same transaction. It does not travel
again, so the inbox keeps remembering it, and a late redelivery finds it there.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.base import Contract
from shared.contracts.dead_letters import (
    DeadLetterDiscarded,
    DeadLetterDisclosed,
    DeadLetterRefused,
    DeadLetterReplayed,
    Decision,
    DiscardDeadLetter,
    DiscloseDeadLetter,
    ReplayDeadLetter,
    WhyRefused,
)
from shared.messaging.failures import kind_and_reasons
from shared.messaging.harmless import summary_of
from shared.messaging.items import Item, item_of_letter
from shared.messaging.message import Message
from shared.storage import DriverError, StorageError, UnitOfWork
from shared.storage.records import LetterState, OutboxEntry, ParkedMessage

UNROUTABLE = "unroutable"
"""The kind of those that could not be published; they are replayed by publishing them."""
TICKET_LIFE = timedelta(minutes=5)
TICKET_NAME_LENGTH = 8

Handle = Callable[[Item], Awaitable[Sequence[Contract]]]

_CLOSED = {
    LetterState.REPLAYED: WhyRefused.REPLAYED_ALREADY,
    LetterState.DISCARDED: WhyRefused.DISCARDED_ALREADY,
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What follows from a parked message that was brought back."""

    item: Item
    facts: Sequence[Contract] = ()
    entries: Sequence[OutboxEntry] = ()


class Letters:
    """The dead letters of one service in one attempt at a batch; `handle` asks a handler."""

    def __init__(
        self,
        service: str,
        unit: UnitOfWork,
        contracts: Mapping[str, type[Contract]],
        handle: Handle,
        now: datetime,
    ) -> None:
        self._service = service
        self._unit = unit
        self._contracts = contracts
        self._handle = handle
        self._now = now
        self._replayed: list[Replayed] = []

    @staticmethod
    def replays(item: Item) -> bool:
        """Whether the item is such a decision: if it cannot be written, the letter is to blame."""
        return item.message is not None and isinstance(item.message.data, ReplayDeadLetter)

    def take(self) -> list[Replayed]:
        """What was brought back since the last call."""
        taken, self._replayed = self._replayed, []
        return taken

    async def decide(self, message: Message[Any], _: object) -> Sequence[Contract]:
        """Carry out a decision; the answer says what came of it. Others' letters are left alone."""
        decision: Decision = message.data
        if decision.service != self._service:
            return []
        letter = await self._unit.letters.get(decision.dead_letter_id)
        why = WhyRefused.UNKNOWN if letter is None else _CLOSED.get(letter.state)
        told = {"service": self._service, "dead_letter_id": decision.dead_letter_id}
        if letter is None or why:
            return [DeadLetterRefused(**told, reason=why or WhyRefused.UNKNOWN)]
        match decision:
            case ReplayDeadLetter():
                why = await self._replay(letter, decision)
                answer = DeadLetterReplayed
                return [DeadLetterRefused(**told, reason=why) if why else answer(**told)]
            case DiscardDeadLetter():
                self._close(letter, LetterState.DISCARDED, decision)
                return [DeadLetterDiscarded(**told)]
            case DiscloseDeadLetter():
                self._disclose(letter, decision)
                return [DeadLetterDisclosed(**told)]
        raise TypeError(f"{message.type} is no decision about a dead letter")

    async def _replay(self, letter: ParkedMessage, decision: Decision) -> WhyRefused | None:
        """Bring it back; returns why not, if not."""
        if letter.kind == UNROUTABLE:
            entry = entry_of_letter(letter)
            self._replayed.append(Replayed(Item(letter.id), entries=[entry]))
        else:
            item = item_of_letter(letter, self._contracts, self._now)
            if why := await self._obstacle(item):
                return why
            try:
                facts = await self._handle(item)
            except (StorageError, DriverError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the letter waits on
                self._unit.discard()
                self._failed_again(letter, decision, error)
                return WhyRefused.FAILED_AGAIN
            self._replayed.append(Replayed(item, facts))
        self._close(letter, LetterState.REPLAYED, decision)
        return None

    async def _obstacle(self, item: Item) -> WhyRefused | None:
        """A timer that was set anew will fire by itself; a decision is to be taken anew."""
        if item.timer and await self._unit.timers.stands(item.timer.id):
            return WhyRefused.TIMER_SET_ANEW
        if item.message and isinstance(item.message.data, Decision):
            return WhyRefused.IS_A_DECISION
        return None

    def _close(self, letter: ParkedMessage, state: LetterState, decision: Decision) -> None:
        """The record stays; what may be personal goes."""
        entry = self._entry(state.value, decision)
        self._unit.letters.save(
            replace(
                letter,
                state=state,
                reason=letter.summary,
                message_id="",
                headers={},
                body=b"",
                tickets=(),
                record=[*letter.record, entry],
            )
        )

    def _failed_again(self, letter: ParkedMessage, decision: Decision, error: Exception) -> None:
        kind, reasons = kind_and_reasons(error)
        reason = "; ".join(reasons)[:2_000]
        self._unit.letters.save(
            replace(
                letter,
                kind=kind,
                reason=reason,
                summary=summary_of(kind, reason),
                attempts=letter.attempts + 1,
                record=[*letter.record, self._entry("failed again", decision)],
            )
        )

    def _disclose(self, letter: ParkedMessage, decision: DiscloseDeadLetter) -> None:
        wall = datetime.now(UTC)  # tickets run in wall-clock time, not in the domain's
        ticket = {"hash": decision.ticket_hash, "until": wall + TICKET_LIFE}
        good = [each for each in letter.tickets if each["until"] > wall]
        entry = self._entry("disclosed", decision) | {"ticket": ticket_name(decision.ticket_hash)}
        self._unit.letters.save(
            replace(letter, tickets=[*good, ticket], record=[*letter.record, entry])
        )

    def _entry(self, what: str, decision: Decision) -> dict[str, Any]:
        """Who, when and why, for the record."""
        return {
            "what": what,
            "staff_id": decision.staff_id,
            "note": decision.note,
            "at": self._now,
        }


def ticket_name(ticket_hash: str) -> str:
    """By what the record tells one ticket from another."""
    return ticket_hash[:TICKET_NAME_LENGTH]


OUTBOX_PREFIX = "outbox/"


def entry_of_letter(letter: ParkedMessage) -> OutboxEntry:
    """What could not be published, to be published again under its own id."""
    return OutboxEntry(
        id=letter.id.removeprefix(OUTBOX_PREFIX),
        message_id=letter.message_id,
        exchange=letter.exchange,
        routing_key=letter.routing_key,
        headers=letter.headers,
        body=letter.body,
        content_type=letter.content_type,
    )
