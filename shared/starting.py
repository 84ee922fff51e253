"""Why a service cannot start, in one sentence that says what to look at, without credentials."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

MOST_LETTERS = 300

_UNTRUSTED = re.compile(r"certificate verify failed: (.+?)\.? \(_ssl")
_MEANINGS = {
    re.compile(r"certificate required|handshake failure", re.IGNORECASE): (
        "it wants a certificate of the service: is TLS_CLIENT_FILE set and the right one?"
    ),
    re.compile(r"wrong version number|record layer failure", re.IGNORECASE): (
        "it does not speak TLS at this port"
    ),
    re.compile(r"OperationFailure \(code 18\)"): (
        "it does not know this user, or the password is wrong"
    ),
    re.compile(r"Connection\.OpenOk"): (
        "it does not let this user in: no right here, or too many connections; see its log"
    ),
}
"""What the libraries' words mean, in the order in which they are looked for."""
_DETAILS = re.compile(r"(, full error: |, Timeout: | \(configured timeouts: ).*", re.DOTALL)


class CannotStart(Exception):
    """Broker, database or a setting do not allow it; nothing was taken from the queue."""


@asynccontextmanager
async def reaching(what: str, url: str, seconds: float) -> AsyncIterator[None]:
    """Raise `CannotStart` with an explanation for whatever goes wrong inside, or takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except Exception as error:
        raise CannotStart(f"{what} at {place(url)}: {explanation(error)}") from error


def place(url: str) -> str:
    """Host and port of an address, without who logs in there."""
    return urlsplit(url).netloc.rpartition("@")[2]


def explanation(error: BaseException) -> str:
    """What is wrong, and for TLS what to do about it."""
    text = " / ".join(f"{each}" for each in _chain(error))
    if found := _UNTRUSTED.search(text):
        return f"its certificate is not accepted: {found[1]}; {_advice(found[1])}"
    for pattern, meaning in _MEANINGS.items():
        if pattern.search(text):
            return meaning
    if isinstance(error, TimeoutError) and not f"{error}":
        return "it did not answer in time"
    said = _DETAILS.sub("", f"{error}").strip()[:MOST_LETTERS]
    return said or f"it closed the connection ({type(error).__name__})"


def _advice(problem: str) -> str:
    if "mismatch" in problem:
        return "the address must name one of the hosts in it"
    return "is TLS_CA_FILE the authority that signed it?"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it; the client library of the broker makes circles of them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
