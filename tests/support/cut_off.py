"""A system whose broker and database are reached through proxies, so that it can be cut off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.support.proxy import Proxy
from tests.support.system import System

IMPATIENT = "socketTimeoutMS=1000"


@asynccontextmanager
async def behind_proxies(system: System) -> AsyncIterator[tuple[System, Proxy, Proxy]]:
    """The system as it looks through a proxy before the broker and one before the database."""
    access = system.access
    async with (
        Proxy.before(access.amqp_url) as broker,
        Proxy.before(access.mongodb_url) as database,
    ):
        amqp_url = broker.through(access.amqp_url)
        mongodb_url = f"{database.through(access.mongodb_url)}&{IMPATIENT}"
        there = replace(access, amqp_url=amqp_url, mongodb_url=mongodb_url)
        yield replace(system, access=there), broker, database
