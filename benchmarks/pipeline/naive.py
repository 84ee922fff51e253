"""(a) The naive recipe: one transaction per message, then publish, then acknowledge."""

from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage
from pymongo.write_concern import WriteConcern

from benchmarks.pipeline.domain import SERVICE, Cost, entered
from shared.contracts.base import Exchange
from shared.contracts.desk import RecordCost
from shared.contracts.network import CostRecorded
from shared.storage.driver import Session, connect

PREFETCH = 30
"""As fast as this recipe gets: more in flight brings only more conflicts."""


class Naive:
    """What the tutorials show, with the same guarantees for the database and the broker."""

    def __init__(self, amqp_url: str, mongodb_url: str, database: str) -> None:
        self._client = connect(mongodb_url, name=SERVICE)
        self._database = self._client[database]
        self.broker = RabbitBroker(amqp_url, logger=None, default_channel=Channel())
        self.done = 0
        self._events = RabbitExchange(Exchange.EVENTS.value, declare=False)
        subscriber = self.broker.subscriber(
            RabbitQueue(SERVICE, queue_type=QueueType.QUORUM, declare=False),
            channel=Channel(prefetch_count=PREFETCH),
        )
        subscriber(self.handle)

    async def start(self) -> None:
        await self.broker.start()

    async def stop(self) -> None:
        await self.broker.stop()
        self._client.close()

    async def handle(self, data: RecordCost, message: RabbitMessage) -> None:
        """One message from start to end."""

        async def work(session: Session) -> CostRecorded:
            await self._database["inbox"].insert_one({"_id": message.message_id}, session=session)
            found = await self._database["costs"].find_one({"_id": data.reference}, session=session)
            known = Cost(data.reference, found["amount_eur"], found["entries"]) if found else None
            cost, fact = entered(known, data)
            document = {"amount_eur": cost.amount_eur, "entries": cost.entries}
            await self._database["costs"].replace_one(
                {"_id": cost.id}, document, upsert=True, session=session
            )
            return fact

        async with await self._client.start_session() as session:
            fact: CostRecorded = await session.with_transaction(
                work, write_concern=WriteConcern("majority", j=True)
            )
        await self.broker.publish(
            fact, exchange=self._events, routing_key=fact.wire.type, persist=True
        )
        self.done += 1
