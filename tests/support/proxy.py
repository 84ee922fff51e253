"""A TCP proxy that stands between a service and a server and breaks their connections: cuts them,
refuses, delays, or lets bytes vanish while the sockets stay open, as a dead firewall does.
"""

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from local.state import free_ports

HOST = "127.0.0.1"
CHUNK_BYTES = 64 * 1024
RESET = struct.pack("ii", 1, 0)  # to linger for no time: the other end gets RST instead of FIN


class Way(Enum):
    """The two directions of a connection, as the service sees them."""

    TO_SERVER = "to the server"
    FROM_SERVER = "from the server"


BOTH = tuple(Way)


@dataclass
class Fuse:
    """Burns down with the bytes that pass in one direction, over all connections together."""

    way: Way
    left: int
    burnt: asyncio.Event = field(default_factory=asyncio.Event)

    def cover(self, way: Way, data: bytes) -> bytes:
        """The part of the data that still passes."""
        if way is not self.way:
            return data
        passed, self.left = data[: self.left], max(0, self.left - len(data))
        if not self.left:
            self.burnt.set()
        return passed


class Connection:
    """One connection of a client and the connection to the server that belongs to it."""

    def __init__(
        self, client: asyncio.StreamWriter, server: asyncio.StreamWriter, deaf: set[Way]
    ) -> None:
        self._target = {Way.FROM_SERVER: client, Way.TO_SERVER: server}
        self.deaf = set(deaf)
        """Directions in which bytes were lost: nothing can ever pass there again."""

    async def pass_on(self, way: Way, data: bytes) -> None:
        self._target[way].write(data)
        await self._target[way].drain()

    def end(self, way: Way) -> None:
        """Tell the receiver of this direction that nothing more will come."""
        self._target[way].close()

    def break_off(self, way: Way) -> None:
        """Let what was passed on arrive with FIN behind it; the sender gets RST."""
        for each, writer in self._target.items():
            if each is way:
                writer.close()
            else:
                _reset(writer)

    def cut(self, *, politely: bool = False) -> None:
        """End it for both: with FIN after what was sent, or with RST."""
        for writer in self._target.values():
            if politely:
                writer.close()
            else:
                _reset(writer)


class Proxy:
    """Listens on a port of its own for one server; whole until it is told to break something."""

    def __init__(self, server_host: str, server_port: int) -> None:
        self._server_address = (server_host, server_port)
        self.port = free_ports(1)[0]
        self._listener: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._seconds = dict.fromkeys(Way, 0.0)
        self._swallowed: set[Way] = set()
        self._fuse: Fuse | None = None

    @classmethod
    def before(cls, url: str) -> Self:
        """A proxy for the server at this address."""
        parts = urlsplit(url)
        if not parts.hostname or not parts.port:
            raise ValueError("the address must name a host and a port")
        return cls(parts.hostname, parts.port)

    def through(self, url: str) -> str:
        """The same address, through the proxy."""
        parts = urlsplit(url)
        login, at, _ = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{login}{at}{HOST}:{self.port}").geturl()

    @property
    def connections(self) -> int:
        """How many connections are open at both ends."""
        return len(self._connections)

    async def __aenter__(self) -> Self:
        await self.heal()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.refuse()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, *, politely: bool = False) -> None:
        """End all connections at once."""
        for connection in self._connections:
            connection.cut(politely=politely)

    def refuse(self) -> None:
        """Listen no more; connections that are there stay."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def delay(self, seconds: float, *ways: Way) -> None:
        """Hold up everything for so long on its way."""
        for way in ways or BOTH:
            self._seconds[way] = seconds

    def swallow(self, *ways: Way) -> None:
        """Let bytes vanish: connections are half-open, new ones are dead from the beginning."""
        self._swallowed.update(ways or BOTH)

    async def cut_after(self, number: int, way: Way) -> None:
        """Reset the connection that carries the last of so many bytes; returns when it did."""
        fuse = self._fuse = Fuse(way, number)
        try:
            await fuse.burnt.wait()
        finally:
            self._fuse = None

    async def heal(self) -> None:
        """Break nothing more; a connection that lost bytes stays as dead as it is."""
        self._seconds = dict.fromkeys(Way, 0.0)
        self._swallowed.clear()
        self._fuse = None
        if self._listener is None:
            self._listener = await asyncio.start_server(self._accept, HOST, self.port)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, server = await asyncio.open_connection(*self._server_address)
        except (OSError, asyncio.CancelledError):
            return _reset(writer)
        connection = Connection(writer, server, self._swallowed)
        self._connections.add(connection)
        try:
            await asyncio.gather(
                self._carry(connection, Way.TO_SERVER, reader),
                self._carry(connection, Way.FROM_SERVER, from_server),
            )
        finally:
            connection.cut()
            self._connections.discard(connection)
        return None

    async def _carry(self, connection: Connection, way: Way, source: asyncio.StreamReader) -> None:
        """Carry one direction to its end; the end itself vanishes too where bytes do."""
        try:
            while data := await source.read(CHUNK_BYTES):
                await asyncio.sleep(self._seconds[way])
                if self._vanish(connection, way):
                    continue
                await self._pass_on(connection, way, data)
        except OSError:
            pass  # the sender has reset it, or the receiver does not take it any more
        if not self._vanish(connection, way):
            connection.end(way)

    def _vanish(self, connection: Connection, way: Way) -> bool:
        if way in self._swallowed:
            connection.deaf.add(way)
        return way in connection.deaf

    async def _pass_on(self, connection: Connection, way: Way, data: bytes) -> None:
        fuse = self._fuse
        passed = fuse.cover(way, data) if fuse else data
        await connection.pass_on(way, passed)
        if fuse and fuse.burnt.is_set():
            self._fuse = None
            connection.break_off(way)


def _reset(writer: asyncio.StreamWriter) -> None:
    connected: socket.socket | None = writer.get_extra_info("socket")
    if connected is not None and not writer.is_closing():
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
