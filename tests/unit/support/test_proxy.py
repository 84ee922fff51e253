"""The proxy breaks connections exactly as it is told, and carries everything else unharmed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.probes import becomes, eventually
from tests.support.proxy import HOST, Proxy, Way

LONG = bytes(range(256)) * 4_096
SILENCE_SECONDS = 0.2


class Echo:
    """A server that sends back what it gets, and remembers it."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.clients = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients += 1
        try:
            while data := await reader.read(65_536):
                self.heard += data
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.clients -= 1
            writer.transport.abort()


class Caller:
    """One end of a connection through the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def hears(self, number: int) -> bytes:
        return await self._reader.readexactly(number)

    async def hears_the_end(self) -> bytes:
        """All that comes before the other side ends."""
        return await self._reader.read()

    async def hears_nothing(self) -> bool:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                await self._reader.read(1)
        except TimeoutError:
            return True
        return False

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, HOST, 0)
    async with Proxy(HOST, server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()

    async def gone() -> bool:
        return echo.clients == 0

    await eventually("all clients of the server to go", gone)


@asynccontextmanager
async def call(proxy: Proxy) -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    try:
        yield Caller(reader, writer)
    finally:
        writer.transport.abort()


async def test_an_address_through_the_proxy_differs_in_host_and_port_only() -> None:
    proxy = Proxy.before("amqp://name:p%40ss@broker.example:5672/host?heartbeat=1")
    there = proxy.through("amqp://name:p%40ss@broker.example:5672/host?heartbeat=1")
    assert there == f"amqp://name:p%40ss@127.0.0.1:{proxy.port}/host?heartbeat=1"
    assert proxy.through("mongodb://h:1/?x=y") == f"mongodb://127.0.0.1:{proxy.port}/?x=y"


async def test_a_whole_proxy_carries_everything_both_ways(proxy: Proxy) -> None:
    async with call(proxy) as caller:
        both = await asyncio.gather(caller.says(LONG), caller.hears(len(LONG)))
        assert both[1] == LONG


async def test_an_end_is_carried_too(proxy: Proxy, echo: Echo) -> None:
    async with call(proxy) as caller:
        await caller.says(b"hello")
        await caller.hears(5)
        assert (proxy.connections, echo.clients) == (1, 1)
        await caller.hang_up()

        async def left() -> tuple[int, int]:
            return proxy.connections, echo.clients

        await becomes("connections", (0, 0), left)


async def test_a_cut_resets_what_is_there_and_lets_new_connections_in(proxy: Proxy) -> None:
    async with call(proxy) as caller, call(proxy) as other:
        await caller.says(b"hello")
        await other.says(b"hello")
        await asyncio.gather(caller.hears(5), other.hears(5))
        proxy.cut()
        for each in (caller, other):
            with pytest.raises(ConnectionResetError):
                await each.hears_the_end()
    async with call(proxy) as caller:
        await caller.says(b"hello")
        assert await caller.hears(5) == b"hello"


async def test_a_polite_cut_is_an_end_like_any_other(proxy: Proxy) -> None:
    async with call(proxy) as caller:
        await caller.says(b"hello")
        await caller.hears(5)
        proxy.cut(politely=True)
        assert await caller.hears_the_end() == b""


async def test_a_proxy_that_refuses_keeps_what_is_there_and_takes_again_when_healed(
    proxy: Proxy,
) -> None:
    async with call(proxy) as caller:
        await caller.says(b"hello")
        await caller.hears(5)
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(HOST, proxy.port)
        await caller.says(b"still")
        assert await caller.hears(5) == b"still"
    await proxy.heal()
    async with call(proxy) as caller:
        await caller.says(b"hello")
        assert await caller.hears(5) == b"hello"


@pytest.mark.parametrize("way", Way)
async def test_a_delay_holds_up_one_direction_and_loses_nothing(
    proxy: Proxy, echo: Echo, way: Way
) -> None:
    proxy.delay(SILENCE_SECONDS * 2, way)
    async with call(proxy) as caller:
        await caller.says(b"hello")
        assert await caller.hears_nothing()
        assert bool(echo.heard) is (way is Way.FROM_SERVER)
    await proxy.heal()
    async with call(proxy) as caller:
        both = await asyncio.gather(caller.says(LONG), caller.hears(len(LONG)))
        assert both[1] == LONG


async def test_swallowed_bytes_vanish_while_the_connection_stays_and_is_dead_for_ever(
    proxy: Proxy, echo: Echo
) -> None:
    async with call(proxy) as caller:
        await caller.says(b"hello")
        await caller.hears(5)
        proxy.swallow()
        await caller.says(b"lost")
        assert await caller.hears_nothing()
        await proxy.heal()
        await caller.says(b"lost too")
        assert await caller.hears_nothing()
        assert (bytes(echo.heard), echo.clients) == (b"hello", 1)
        await caller.hang_up()
        async with call(proxy) as other:
            await other.says(b"fine")
            assert await other.hears(4) == b"fine"
        assert proxy.connections >= 1  # the server has not heard that the first one ended


async def test_one_direction_can_be_swallowed_alone(proxy: Proxy, echo: Echo) -> None:
    proxy.swallow(Way.FROM_SERVER)
    async with call(proxy) as caller:
        await caller.says(b"hello")

        async def heard() -> bytes:
            return bytes(echo.heard)

        await becomes("what the server heard", b"hello", heard)
        assert await caller.hears_nothing()


async def test_a_connection_taken_while_bytes_are_swallowed_is_never_answered(
    proxy: Proxy,
) -> None:
    proxy.swallow()
    async with call(proxy) as caller:
        assert await caller.hears_nothing()
        await proxy.heal()
        await caller.says(b"hello")
        assert await caller.hears_nothing()


async def test_the_server_gets_exactly_the_bytes_before_the_cut(proxy: Proxy, echo: Echo) -> None:
    async with call(proxy) as caller, asyncio.TaskGroup() as together:
        together.create_task(proxy.cut_after(100_001, Way.TO_SERVER))
        with pytest.raises(ConnectionResetError):
            await asyncio.gather(caller.says(LONG), caller.hears_the_end())

    async def heard() -> int:
        return len(echo.heard)

    await becomes("bytes that the server heard", 100_001, heard)
    assert bytes(echo.heard) == LONG[:100_001]


async def test_the_client_gets_exactly_the_bytes_before_the_cut(proxy: Proxy) -> None:
    async with call(proxy) as caller, asyncio.TaskGroup() as together:
        together.create_task(proxy.cut_after(7, Way.FROM_SERVER))
        await caller.says(b"hello")
        await caller.says(b"again")
        assert await caller.hears_the_end() == b"helloag"


async def test_bytes_are_counted_over_all_connections(proxy: Proxy) -> None:
    async with call(proxy) as caller, call(proxy) as other:
        async with asyncio.TaskGroup() as together:
            together.create_task(proxy.cut_after(8, Way.FROM_SERVER))
            await caller.says(b"hello")
            assert await caller.hears(5) == b"hello"
            await other.says(b"again")
            assert await other.hears_the_end() == b"aga"
        await caller.says(b"alive")
        assert await caller.hears(5) == b"alive"


async def test_a_server_that_is_not_there_shows_as_a_reset() -> None:
    async with Proxy(HOST, 1) as nowhere, call(nowhere) as caller:
        with pytest.raises(ConnectionResetError):
            await caller.hears_the_end()
