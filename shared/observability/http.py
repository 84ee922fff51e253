"""A service's small HTTP side: live, ready, metrics, status and figures. No personal data."""

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shared.observability.status import figures_of, parked_of, problems_of, status_of

if TYPE_CHECKING:
    from shared.runtime import App


class HttpServer:
    """Serves the state of one instance."""

    def __init__(self, app: "App[Any]") -> None:
        self._app = app
        routes = {
            "/live": self._live,
            "/ready": self._ready,
            "/metrics": self._metrics,
            "/status": self._status,
            "/figures": self._figures,
            "/parked": self._parked,
        }
        site = Starlette(routes=[Route(path, endpoint) for path, endpoint in routes.items()])
        self._server = uvicorn.Server(
            uvicorn.Config(
                site,
                host=app.settings.http_host,
                port=app.settings.http_port,
                log_config=None,
                access_log=False,
                lifespan="off",
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens, once started."""
        for server in self._server.servers:
            host, port = server.sockets[0].getsockname()[:2]
            return f"http://{host}:{port}"
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

    async def _live(self, _: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, _: Request) -> Response:
        problems = await problems_of(self._app)
        return JSONResponse({"problems": problems}, status_code=503 if problems else 200)

    async def _metrics(self, _: Request) -> Response:
        return Response(self._app.metrics.text(), media_type="text/plain; version=0.0.4")

    async def _status(self, _: Request) -> Response:
        return JSONResponse(await status_of(self._app))

    async def _parked(self, _: Request) -> Response:
        return JSONResponse(await parked_of(self._app))

    async def _figures(self, _: Request) -> Response:
        return JSONResponse(await figures_of(self._app))
