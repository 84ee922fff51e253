"""What happens on the timeline: partners publish, staff enter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from shared.contracts.desk import Command
from willkommen.timeline.decisions import Decisions, Offers


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner system; `id` is its user at the broker, `publishes` what it may send."""

    id: str
    name: str
    language: Literal["de", "en"]
    publishes: tuple[Literal["referral", "recruit"], ...]


@dataclass(frozen=True, slots=True)
class Publish:
    """A partner publishes a message, `times` times over; `note` says why, if it is a bad one."""

    at: datetime
    partner: str
    type: str
    message_id: str | None
    routing_key: str
    body: bytes
    times: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Enter:
    """A member of staff enters something."""

    at: datetime
    command: Command


Action: TypeAlias = Publish | Enter


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything in a folder; the actions in the order of time."""

    partners: tuple[Partner, ...]
    actions: tuple[Action, ...]
    decisions: Decisions
    offers: Offers

    def published(self) -> list[Publish]:
        return [action for action in self.actions if isinstance(action, Publish)]

    def entered(self) -> list[Enter]:
        return [action for action in self.actions if isinstance(action, Enter)]
