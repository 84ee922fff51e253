"""What a service lets be read over HTTP beside its health: each path answers with JSON."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.clock import Clock
from shared.observability.http import Answer
from shared.questions import BadQuestionError

S = TypeVar("S")

Page = Callable[[S, Mapping[str, str], datetime], Awaitable[Any]]
"""From the store, what was asked (path and query) and the time to something JSON-able, or None."""


def answer_of(page: Page[S], read: Callable[[], S], clock: Clock) -> Answer:
    """Answer 404 for None and 400 for a bad question, each with a sentence."""

    async def answer(request: Request) -> Response:
        asked = {**request.query_params, **request.path_params}
        try:
            found = await page(read(), asked, clock.now())
        except BadQuestionError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        if found is None:
            return JSONResponse({"error": "there is no such thing"}, status_code=404)
        return JSONResponse(found)

    return answer
