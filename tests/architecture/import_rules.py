"""Who may import what. Each rule yields a sentence for each line that breaks it."""

import sys
from collections.abc import Iterator

from tests.architecture.sources import OURS, Import, Source

DRIVERS = ("motor", "pymongo", "bson", "gridfs")
BROKERS = ("aio_pika", "aiormq", "faststream", "pamqp")
DRIVER_FILE = "shared/storage/driver.py"
BROKER_PLACES = ("shared/messaging/", "shared/setup.py", "shared/runtime.py")
WORDS_OF_THE_HEART = (
    "shared.messaging.Facts",
    "shared.messaging.Message",
    "shared.messaging.Poison",
    "shared.messaging.RetryLater",
    "shared.messaging.failures",
    "shared.messaging.message",
)
"""What a domain may know of messaging: names for what comes in and what goes out."""

Violations = Iterator[str]


def _broken(source: Source, each: Import, sentence: str) -> str:
    return f"{source.path}:{each.line} imports {each.name}: {sentence}"


def services_stand_alone(source: Source) -> Violations:
    """Services never import each other; inside one, imports are relative."""
    own = f"services.{source.service}"
    for each in source.imports:
        if not each.within("services"):
            continue
        if not each.within(own):
            yield _broken(source, each, "services never import each other")
        elif not each.relative:
            yield _broken(source, each, "inside a service imports are relative")


def services_know_only_what_is_shared(source: Source) -> Violations:
    """Of the project a service imports itself and `shared`."""
    for each in source.imports:
        if each.within(*(OURS - {"services", "shared"})):
            yield _broken(source, each, "a service knows only `shared`")


def shared_knows_no_service(source: Source) -> Violations:
    """What is shared depends on nothing else of the project."""
    for each in source.imports:
        if each.within(*(OURS - {"shared"})):
            yield _broken(source, each, "`shared` depends on nothing else")


def only_storage_knows_the_database(source: Source) -> Violations:
    """The database driver is imported in `shared/storage` alone."""
    for each in source.imports:
        if each.within(*DRIVERS) and not source.path.startswith("shared/storage/"):
            yield _broken(source, each, "only shared/storage imports the database driver")


def motor_is_in_one_file(source: Source) -> Violations:
    """Motor has a successor: one file changes when it goes."""
    for each in source.imports:
        if each.within("motor") and source.path != DRIVER_FILE:
            yield _broken(source, each, f"only {DRIVER_FILE} imports motor")


def only_messaging_knows_the_broker(source: Source) -> Violations:
    """The broker's libraries are imported in `shared/messaging` and where it is set up."""
    for each in source.imports:
        if each.within(*BROKERS) and not source.path.startswith(BROKER_PLACES):
            yield _broken(source, each, "only shared/messaging talks to the broker")


def the_domain_is_pure(source: Source) -> Violations:
    """A domain knows neither storage nor the messaging heart nor clocks."""
    for each in source.imports:
        allowed = each.within(*WORDS_OF_THE_HEART) or each.name == "shared.clock.LOCAL_ZONE"
        world = ("shared.storage", "shared.messaging", "shared.clock", "shared.observability")
        if each.within(*world, "shared.runtime", "asyncio", *DRIVERS, *BROKERS) and not allowed:
            yield _broken(source, each, "a domain decides; it does not touch the world")


def contracts_depend_on_nothing(source: Source) -> Violations:
    """Contracts may be copied into another system: standard library and pydantic only."""
    for each in source.imports:
        outside = each.name.partition(".")[0] not in {*sys.stdlib_module_names, "pydantic"}
        if outside and not each.within("shared.contracts"):
            yield _broken(source, each, "contracts use the standard library and pydantic")
