"""A small HTTP server beside a service's consumers: each path answers with what a function says."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Answer = Callable[[Request], Awaitable[Response]]


class HttpServer:
    """Serves the state of one instance."""

    def __init__(
        self,
        host: str,
        port: int,
        answers: Mapping[str, Answer],
        *,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        """With a certificate it speaks TLS only; the key may be in the same file."""
        site = Starlette(routes=[Route(path, each) for path, each in answers.items()])
        self._server = uvicorn.Server(
            uvicorn.Config(
                site,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
                ssl_certfile=certificate,
                ssl_keyfile=key,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens, once started."""
        for server in self._server.servers:
            host, port = server.sockets[0].getsockname()[:2]
            scheme = "https" if self._server.config.is_ssl else "http"
            return f"{scheme}://{host}:{port}"
        return ""

    async def start(self) -> None:
        """Return when it listens; raises `OSError` when the port is taken."""
        config = self._server.config
        config.load()
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup()
        if not self._server.servers:
            taken = f"port {config.port} is taken"
            raise OSError(taken)
        self._task = asyncio.create_task(self._server.main_loop())

    async def stop(self) -> None:
        """Close the port."""
        if self._task:
            self._server.should_exit = True
            await self._task
            await self._server.shutdown()
