"""Loads an actor, lets the domain decide, saves."""

from shared.contracts.desk import RegisterActor
from shared.messaging import Facts

from ..store import NetworkStore
from .domain import actor_of, join


async def register(store: NetworkStore, command: RegisterActor) -> Facts:
    """An institution joins the network, once per reference."""
    actor = actor_of(command)
    actors = store.register.actors
    decision = join(await actors.get(actor.id), actor)
    if decision.keep:
        actors.save(decision.keep)
    return decision.facts
