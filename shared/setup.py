"""Prepares broker and database for a set of services and partners; run before services start."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx

from shared.messaging.topology import Topology
from shared.storage import Index
from shared.storage.bootstrap import drop, prepare
from shared.tls import Tls

_OUR_OPTIONS = {"authsource", "tlscafile", "tlscertificatekeyfile"}
"""What an address of the administrator's says that is different for every service."""


class SetupError(Exception):
    """Broker or database did not take the set-up; the message says what to do."""


@dataclass(frozen=True)
class Access:
    """How users of one virtual host and its databases get in. Passwords are random if not given.

    `prefix` goes before database names, `user_prefix` before broker users: these belong to a whole
    server, so it takes both for several systems to share one. `ca_file` is the authority behind the
    certificates of broker and database, if not one that the machine trusts.
    """

    amqp_url: str = field(repr=False)
    management_url: str = field(repr=False)
    mongodb_url: str = field(repr=False)
    vhost: str = "willkommen"
    prefix: str = ""
    user_prefix: str = ""
    ca_file: Path | None = None
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def password(self, user: str) -> str:
        """The user's password, made up at the first call."""
        return self.passwords.setdefault(user, secrets.token_urlsafe(24))

    def amqp(self, user: str) -> str:
        """Broker address for a user."""
        name, vhost = f"{self.user_prefix}{user}", f"/{quote(self.vhost, '')}"
        return _with_login(self.amqp_url, name, self.password(user), vhost)

    def database(self, service: str) -> str:
        """Name of a service's database."""
        return f"{self.prefix}{service}"

    def mongodb(self, service: str) -> str:
        """Database address for a service's own user, who is kept in the service's database."""
        name = self.database(service)
        admins = parse_qsl(urlsplit(self.mongodb_url).query)
        kept = [(option, value) for option, value in admins if option.lower() not in _OUR_OPTIONS]
        options = urlencode([*kept, ("authSource", name)])
        return _with_login(self.mongodb_url, name, self.password(service), f"/{name}", options)


async def prepare_broker(access: Access, topology: Topology) -> None:
    """Import exchanges, queues, users and rights over the management API, and look at the result.

    Raises `SetupError` when the broker refuses or something is missing afterwards.
    """
    passwords = {user: access.password(user) for user in topology.users}
    document = topology.definitions(access.vhost, passwords, access.user_prefix)
    async with _management(access) as client:
        answer = await client.post("/api/definitions", json=document)
        if answer.is_error:
            raise SetupError(
                f"the broker refused the set-up ({answer.status_code}): {answer.text[:500]}"
            )
        vhost = quote(access.vhost, "")
        found = (await client.get(f"/api/queues/{vhost}?disable_stats=true")).json()
        missing = topology.queues.keys() - {queue["name"] for queue in found}
        if missing:
            raise SetupError(f"the broker did not make these queues: {sorted(missing)}")
        await _dismiss(client, vhost, {f"{access.user_prefix}{user}" for user in topology.users})


async def _dismiss(client: httpx.AsyncClient, vhost: str, users: set[str]) -> None:
    """Take the rights from whoever is no longer in the table, and close their connections."""
    accounts = (await client.get("/api/users")).raise_for_status().json()
    ours = users | {each["name"] for each in accounts if each["tags"]}
    listed = (await client.get(f"/api/vhosts/{vhost}/permissions")).raise_for_status().json()
    for user in {each["user"] for each in listed} - ours:
        await _delete(client, f"/api/permissions/{vhost}/{quote(user, '')}")
        await _delete(client, f"/api/topic-permissions/{vhost}/{quote(user, '')}")
    connections = (await client.get(f"/api/vhosts/{vhost}/connections")).raise_for_status().json()
    for each in connections:
        if each.get("user") not in ours:
            await _delete(client, f"/api/connections/{quote(each['name'], '')}")


async def drop_all(access: Access, services: Sequence[str]) -> None:
    """Delete the virtual host and the services' databases with everything in them.

    Users go too if they have a prefix; without one they may be those of other systems as well.
    """
    async with _management(access) as client:
        await _stop_dead_lettering(client, access.vhost)
        await _delete(client, f"/api/vhosts/{quote(access.vhost, '')}")
        if access.user_prefix:
            for user in (await client.get("/api/users")).raise_for_status().json():
                if user["name"].startswith(access.user_prefix):
                    await _delete(client, f"/api/users/{quote(user['name'], '')}")
    for service in services:
        await drop(access.mongodb_url, access.database(service))


async def _stop_dead_lettering(client: httpx.AsyncClient, vhost: str) -> None:
    """Take the policies away before the queues go.

    In RabbitMQ 3.10 a queue that is deleted while its dead-letter worker starts takes the worker's
    supervisor with it, and no queue of any virtual host can be made until the broker restarts.
    """
    path = f"/api/policies/{quote(vhost, '')}"
    found = await client.get(path)
    for policy in found.json() if found.is_success else ():
        await client.delete(f"{path}/{quote(policy['name'], '')}")


async def _delete(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.delete(path)
    if answer.is_error and answer.status_code != httpx.codes.NOT_FOUND:
        raise SetupError(f"the broker did not delete its part: {answer.text[:500]}")


def _management(access: Access) -> httpx.AsyncClient:
    url = urlsplit(access.management_url)
    base = f"{url.scheme}://{url.hostname}:{url.port}"
    login = (url.username or "", url.password or "")
    return httpx.AsyncClient(
        base_url=base, auth=login, timeout=60, verify=Tls(access.ca_file).context()
    )


async def prepare_databases(
    access: Access, services: Mapping[str, Mapping[str, Sequence[Index]]]
) -> None:
    """Make each service's database with its collections, indexes and its confined user."""
    for service, collections in services.items():
        await prepare(
            access.mongodb_url, access.database(service), access.password(service), collections
        )


def _with_login(url: str, user: str, password: str, path: str, query: str = "") -> str:
    parts = urlsplit(url)
    place = f"{quote(user, '')}:{quote(password, '')}@{parts.hostname}:{parts.port}"
    return urlunsplit((parts.scheme, place, path, query, ""))
