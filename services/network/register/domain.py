"""An actor joins the network."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.base import Contract
from shared.contracts.desk import ActorCategory, RegisterActor
from shared.contracts.ids import actor_id
from shared.contracts.network import ActorRegistered
from shared.contracts.notifications import RequestMessage, Template
from shared.contracts.people import Contact

from ..decision import Decision, once


@dataclass(frozen=True)
class Place:
    """Where an actor is found; coordinates in degrees (WGS 84)."""

    street: str
    postal_code: str
    city: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Actor:
    """An institution in the network, known to the office by its reference."""

    id: str
    reference: str
    name: str
    category: ActorCategory
    contact: Contact
    place: Place
    website: str
    languages: tuple[str, ...]
    joined_on: date


def actor_of(command: RegisterActor) -> Actor:
    """The actor that a command describes."""
    return Actor(
        id=actor_id(command.reference),
        reference=command.reference,
        name=command.name,
        category=command.category,
        contact=command.contact,
        place=_place_of(command),
        website=command.website,
        languages=tuple(command.languages),
        joined_on=command.joined_on,
    )


def join(known: Actor | None, actor: Actor) -> Decision[Actor]:
    """The actor joins, unless its reference is taken already."""
    joined = ActorRegistered(actor_id=actor.id, category=actor.category, joined_on=actor.joined_on)
    return once(known, actor, [joined, *_welcome(actor)])


def _welcome(actor: Actor) -> list[Contract]:
    """A mail to the contact; none when there is no address."""
    if actor.contact.email is None:
        return []
    return [
        RequestMessage(
            about=actor.id,
            template=Template.ACTOR_WELCOME,
            name=actor.contact.name,
            email=actor.contact.email,
            language=actor.contact.language,
            values={"actor": actor.name},
        )
    ]


def _place_of(command: RegisterActor) -> Place:
    return Place(
        command.street,
        command.postal_code,
        command.city,
        command.latitude,
        command.longitude,
    )
