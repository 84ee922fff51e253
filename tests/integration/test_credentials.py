"""However a service fails, what it writes holds no password."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from local.servers import Servers
from tests.support.books import BOOKS, books
from tests.support.probes import eventually
from tests.support.processes import Process
from tests.support.system import System, prepared
from willkommen.processes import free_port

BOOKS_MODULE = "tests.support.books_process"
FAILING_MODULE = "tests.support.failing_process"
WRONG = "a/wrong+one&ü"


@pytest.fixture(scope="module")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """With random passwords that nobody else has."""
    folder = tmp_path_factory.mktemp("clock")
    async with prepared(servers, folder, [books()], own_users=True) as ready:
        yield ready


def passwords(environment: Mapping[str, str]) -> set[str]:
    """All that must not be seen, as they are and as they stand in an address."""
    found = {urlsplit(environment.get(name, "")).password for name in ("AMQP_URL", "MONGODB_URL")}
    return {form for each in found if each for form in (each, unquote(each))}


async def fails(
    environment: Mapping[str, str], logs: Path, name: str, module: str = BOOKS_MODULE
) -> str:
    """All that a service writes until it ends by itself."""
    process = Process(name, {**environment, "LOG_LEVEL": "DEBUG"}, logs, module=module)
    process.start()
    try:
        await eventually(f"{name} ends", process.has_died)
    finally:
        process.kill()
    assert process.exit_status == 1
    return process.log.read_text()


def changed(environment: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    return {**environment, name: environment[name].replace(old, new)}


def mistakes(system: System) -> dict[str, tuple[dict[str, str], str]]:
    """Settings that cannot work, each with a word of what the service must say."""
    good = system.environment(BOOKS)
    amqp, mongodb = (urlsplit(good[name]) for name in ("AMQP_URL", "MONGODB_URL"))
    nobody = str(free_port())
    return {
        "wrong broker password": (
            changed(good, "AMQP_URL", str(amqp.password), quote(WRONG, "")),
            "the broker at",
        ),
        "wrong database password": (
            changed(good, "MONGODB_URL", str(mongodb.password), quote(WRONG, "")),
            "password is wrong",
        ),
        "no broker there": (changed(good, "AMQP_URL", str(amqp.port), nobody), "the broker at"),
        "no database there": (
            changed(good, "MONGODB_URL", str(mongodb.port), nobody),
            "the database at",
        ),
        "no TLS there": (changed(good, "AMQP_URL", "amqp://", "amqps://"), "does not speak TLS"),
        "no such host": (
            changed(good, "AMQP_URL", "127.0.0.1", "nobody.invalid"),
            "the broker at nobody.invalid",
        ),
        "another virtual host": (
            {**good, "AMQP_URL": f"{good['AMQP_URL']}-other"},
            "not let this user in",
        ),
    }


async def test_settings_that_cannot_work_are_told_without_passwords(
    system: System, tmp_path: Path
) -> None:
    cases = mistakes(system)
    written = await asyncio.gather(
        *(fails(environment, tmp_path, name) for name, (environment, _) in cases.items())
    )
    for (name, (environment, word)), text in zip(cases.items(), written, strict=True):
        last = json.loads(text.strip().splitlines()[-1])
        assert last["event"] == "cannot start", name
        assert word in last["reason"], name
        assert "Traceback" not in text, name
        assert not [each for each in passwords(environment) if each in text], name


async def test_a_service_that_breaks_writes_no_password(system: System, tmp_path: Path) -> None:
    environment = system.environment(BOOKS)
    text = await fails(environment, tmp_path, "telling", FAILING_MODULE)
    assert "tell_and_break" in text
    assert text.count("[redacted]") > 5
    assert not [each for each in passwords(environment) if each in text]


async def test_a_service_whose_password_was_changed_goes_on_asking_without_telling(
    system: System, tmp_path: Path
) -> None:
    """The broker drops it; what it tries again with is refused."""
    environment = {**system.environment(BOOKS), "LOG_LEVEL": "DEBUG"}
    process = Process(BOOKS, environment, tmp_path, module=BOOKS_MODULE)
    user = f"{system.access.user_prefix}{BOOKS}"
    async with process.up():
        await system.manage("PUT", f"/api/users/{user}", json={"password": "new", "tags": ""})
        await drop_connections(system, user)

        async def refused() -> bool:
            return "ACCESS_REFUSED" in process.log.read_text()

        await eventually("the service is refused", refused)
    assert not [each for each in passwords(environment) if each in process.log.read_text()]


async def drop_connections(system: System, user: str) -> None:
    """Close all connections of a user, once the broker's management knows of them."""

    async def known() -> Sequence[str]:
        listed = await system.manage("GET", "/api/connections")
        return [each["name"] for each in listed if each.get("user") == user]

    for name in await eventually("connections are listed", known):
        await system.manage("DELETE", f"/api/connections/{quote(name, '')}")
