"""Who imports what keeps to the rules, and each rule finds those who do not."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture import import_rules as rules
from tests.architecture.sources import Source, sources

Rule = Callable[[Source], Iterator[str]]
PURE = re.compile(r"services/[^/]+/(\w+/)?(domain(\.py|/)|engine/)")


def domain_sources() -> list[Source]:
    return [source for source in sources("services/") if PURE.match(source.path)]


def found(rule: Rule, among: tuple[Source, ...] | list[Source]) -> list[str]:
    assert among, "there is nothing to look at"
    return [sentence for source in among for sentence in rule(source)]


@pytest.mark.parametrize(
    ("rule", "folders"),
    [
        (rules.services_stand_alone, ["services/"]),
        (rules.services_know_only_what_is_shared, ["services/"]),
        (rules.shared_knows_no_service, ["shared/"]),
        (rules.only_storage_knows_the_database, ["services/", "shared/", "willkommen/"]),
        (rules.motor_is_in_one_file, []),
        (rules.only_messaging_knows_the_broker, ["services/", "shared/"]),
        (rules.contracts_depend_on_nothing, ["shared/contracts/"]),
    ],
)
def test_the_rule_holds(rule: Rule, folders: list[str]) -> None:
    assert found(rule, sources(*folders)) == []


def test_domains_are_pure() -> None:
    assert found(rules.the_domain_is_pure, domain_sources()) == []


def test_every_service_has_a_domain_that_is_looked_at() -> None:
    services = {source.service for source in sources("services/")} - {""}
    assert {source.service for source in domain_sources()} == services


HOME = "services/matching/handlers/referrals.py"


@pytest.mark.parametrize(
    ("rule", "path", "line"),
    [
        (rules.services_stand_alone, HOME, "from services.network.store import NetworkStore"),
        (rules.services_stand_alone, HOME, "import services.network"),
        (rules.services_stand_alone, HOME, "from ...network import store"),
        (rules.services_stand_alone, HOME, "from services.matching.store import MatchingStore"),
        (rules.services_stand_alone, HOME, "def late():\n    from services import network"),
        (rules.services_know_only_what_is_shared, HOME, "from willkommen.system import SERVICES"),
        (rules.services_know_only_what_is_shared, HOME, "import local.servers"),
        (rules.shared_knows_no_service, "shared/runtime.py", "from services import matching"),
        (rules.only_storage_knows_the_database, HOME, "from pymongo import ASCENDING"),
        (rules.only_storage_knows_the_database, "shared/runtime.py", "import bson"),
        (rules.motor_is_in_one_file, "shared/storage/unit.py", "import motor.motor_asyncio"),
        (rules.only_messaging_knows_the_broker, HOME, "from faststream.rabbit import RabbitBroker"),
        (rules.only_messaging_knows_the_broker, "shared/clock.py", "import aio_pika"),
        (rules.the_domain_is_pure, HOME, "from shared.storage import Repository"),
        (rules.the_domain_is_pure, HOME, "from shared.messaging.relay import Relay"),
        (rules.the_domain_is_pure, HOME, "from shared.clock import SystemClock"),
        (rules.the_domain_is_pure, HOME, "import asyncio"),
        (rules.contracts_depend_on_nothing, "shared/contracts/desk.py", "import structlog"),
        (rules.contracts_depend_on_nothing, "shared/contracts/desk.py", "import shared.clock"),
    ],
)  # fmt: skip
def test_who_breaks_the_rule_is_found(rule: Rule, path: str, line: str) -> None:
    sentences = found(rule, [Source(path, line)])
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{path}:")


@pytest.mark.parametrize(
    ("rule", "path", "line"),
    [
        (rules.services_stand_alone, HOME, "from ..store import MatchingStore"),
        (rules.services_know_only_what_is_shared, HOME, "from shared.messaging import Facts"),
        (rules.only_storage_knows_the_database, "shared/storage/unit.py", "import pymongo"),
        (rules.motor_is_in_one_file, rules.DRIVER_FILE, "import motor.motor_asyncio"),
        (rules.only_messaging_knows_the_broker, "shared/messaging/broker.py", "import aio_pika"),
        (rules.the_domain_is_pure, HOME, "from shared.messaging import Facts, Poison"),
        (rules.the_domain_is_pure, HOME, "from shared.clock import LOCAL_ZONE"),
        (rules.contracts_depend_on_nothing, "shared/contracts/a.py", "from enum import StrEnum"),
        (rules.contracts_depend_on_nothing, "shared/contracts/a.py", "import pydantic"),
    ],
)  # fmt: skip
def test_who_keeps_the_rule_is_left_in_peace(rule: Rule, path: str, line: str) -> None:
    assert found(rule, [Source(path, line)]) == []
