"""The broker lets every user do what the table says, and refuses everything else."""

from collections.abc import AsyncIterator, Iterable

import pytest

from shared.contracts.base import Exchange, catalogue
from tests.integration.rights.attempts import (
    ALLOWED,
    MAKING_NEW,
    REFUSED,
    Trier,
    changing_exchanges,
    changing_queues,
    publish,
    reading,
)
from tests.integration.rights.table import (
    EXCHANGES,
    FACTS,
    FOREIGN_EXCHANGES,
    PARTNERS,
    QUEUES,
    READS,
    SERVICES,
    STRANGE_KEYS,
    USERS,
    may_write,
)
from tests.support.system import System

VERBS = ("submitted", "withdrawn", "reported", "corrected")
IMPERSONATED = "ChannelPreconditionFailed"


@pytest.fixture
async def trier(system: System, request: pytest.FixtureRequest) -> AsyncIterator[Trier]:
    """The user that the test is about."""
    user: str = request.getfixturevalue("user")
    trying = Trier(system.access.amqp(user))
    yield trying
    await trying.close()


def keys(exchange: str) -> Iterable[str]:
    """All that make sense on an exchange, and some that do not."""
    yield from STRANGE_KEYS.get(exchange, ())
    match exchange:
        case "intake":
            yield from (
                f"{kind}.{partner}.{verb}"
                for kind in ("referral", "recruit")
                for partner in PARTNERS
                for verb in VERBS
            )
        case "commands" | "events":
            yield from (
                kind for kind, each in catalogue.items() if each.wire.exchange.value == exchange
            )
        case "retry" | "retry.return":
            yield from (f"{step}.{each}" for step in ("1s", "10m") for each in SERVICES)
        case _:
            yield from (*USERS, "anything")


def test_the_table_names_every_user_exchange_queue_and_fact(system: System) -> None:
    assert set(system.topology.users) == set(USERS)
    assert set(system.topology.queues) == QUEUES
    assert {each.value for each in Exchange if each is not Exchange.LOCAL} == set(EXCHANGES)
    facts = {
        kind.split(".")[1]
        for kind, each in catalogue.items()
        if each.wire.exchange is Exchange.EVENTS
    }
    assert facts == frozenset().union(*FACTS.values())


@pytest.mark.parametrize("user", USERS)
async def test_every_user_writes_what_is_theirs_and_nothing_else(trier: Trier, user: str) -> None:
    wrong = [
        (exchange, key, outcome)
        for exchange in (*EXCHANGES, *FOREIGN_EXCHANGES)
        for key in (keys(exchange) if exchange else sorted(QUEUES))
        if (outcome := await trier.outcome(publish(exchange, key)))
        != (ALLOWED if may_write(user, exchange, key) else REFUSED)
    ]
    assert wrong == []


@pytest.mark.parametrize("user", USERS)
async def test_every_user_reads_and_empties_only_their_own_queues(
    system: System, trier: Trier, user: str
) -> None:
    wrong = [
        (queue, what, outcome)
        for queue, kind in system.topology.queues.items()
        for what, attempt in reading(queue).items()
        if not (kind == "stream" and what != "consume" and queue in READS[user])  # senseless
        if (outcome := await trier.outcome(attempt))
        != (ALLOWED if queue in READS[user] else REFUSED)
    ]
    assert wrong == []


@pytest.mark.parametrize("user", USERS)
async def test_nobody_may_configure_anything(trier: Trier, user: str) -> None:  # noqa: ARG001
    attempts = {
        **{f"new: {what}": attempt for what, attempt in MAKING_NEW.items()},
        **{f"{q}: {what}": attempt for q in QUEUES for what, attempt in changing_queues(q).items()},
        **{
            f"{exchange}: {what}": attempt
            for exchange in EXCHANGES
            for what, attempt in changing_exchanges(exchange).items()
        },
    }
    outcomes = {what: await trier.outcome(attempt) for what, attempt in attempts.items()}
    assert {what: each for what, each in outcomes.items() if each != REFUSED} == {}


@pytest.mark.parametrize("user", [each for each in USERS if each != "listener"])
async def test_nobody_writes_in_the_name_of_another(trier: Trier, user: str) -> None:
    exchange, key = own_address(user)
    outcomes = {
        name: await trier.outcome(publish(exchange, key, user_id=name))
        for name in (*USERS, "admin", "nobody")
    }
    assert outcomes.pop(user) == ALLOWED
    assert set(outcomes.values()) == {IMPERSONATED}


def own_address(user: str) -> tuple[str, str]:
    """An address that the user may write to."""
    return next(
        (exchange, key)
        for exchange in EXCHANGES
        for key in keys(exchange)
        if may_write(user, exchange, key)
    )
