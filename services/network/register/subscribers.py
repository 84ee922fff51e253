"""What staff enter about actors."""

from shared.contracts.desk import RegisterActor
from shared.contracts.ids import actor_id
from shared.messaging import Facts, Message, Subscriptions

from ..store import NetworkStore
from . import handlers

subscriptions = Subscriptions[NetworkStore]()


@subscriptions.to(
    RegisterActor,
    expects=lambda message, store: store.register.actors.expect(actor_id(message.data.reference)),
)
async def register_actor(message: Message[RegisterActor], store: NetworkStore) -> Facts:
    """An institution joins the network."""
    return await handlers.register(store, message.data)
