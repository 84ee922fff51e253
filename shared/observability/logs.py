"""Log lines as JSON, one a line, without personal data: a redactor looks at every value."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import date, timedelta
from pathlib import PurePath
from traceback import extract_tb
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog

_EMAIL = re.compile(r"[^@\s\"'<>=,;]{1,254}@[^@\s\"'<>=,;]{1,254}\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+\d[\d ()/-]{6,}\d")
_CREDENTIALS = re.compile(r"(\w{1,20}://[^:/@\s]*):[^@/\s]+@")
_SHOWS_OBJECTS = re.compile(r"[\n<(]")
_INPUT = re.compile(r"(input_value=).*?(, input_type=)", re.DOTALL)
"""What pydantic quotes of a value that it refuses."""

_PERSONAL = frozenset(
    {"name", "email", "phone", "contact", "address", "recipient", "body", "values", "password"}
)
_HARMLESS = (date, timedelta, UUID, PurePath)
"""Kinds of values whose text may stand in a line; of any other only the name of its class."""

HIDDEN = "[redacted]"

_passwords: set[str] = set()
"""Those that this process knows, as they are and as they stand in an address."""


def set_up(
    service: str, *, instance: str, level: str = "INFO", secrets: Iterable[str] = ()
) -> None:
    """Write structured lines to standard error; other libraries' lines take the same way.

    The passwords in `secrets`, which are addresses of servers, appear in none of them.
    """
    for address in secrets:
        quoted = urlsplit(address).password or ""
        _passwords.update({quoted, unquote(quoted)} - {""})
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, instance=instance)
    logging.basicConfig(handlers=[_ToStructlog()], level=logging.WARNING, force=True)


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide personal fields, addresses inside texts, and passwords inside addresses of servers."""
    return {key: HIDDEN if key in _PERSONAL else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {
            redact_text(str(key)): HIDDEN if key in _PERSONAL else _clean(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return redact_text(str(value)) if isinstance(value, _HARMLESS) else f"<{type(value).__name__}>"


def redact_text(text: str) -> str:
    """The text without addresses of people, numbers of telephones and passwords."""
    for password in _passwords:
        text = text.replace(password, HIDDEN)
    text = _INPUT.sub(rf"\1{HIDDEN}\2", text)
    text = _CREDENTIALS.sub(rf"\1:{HIDDEN}@", text)
    return _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, text))


_SPEAK_OF_THE_SYSTEM = ("shared.", "aiormq.")
"""Modules whose errors say nothing of what a message holds."""


def _without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its kinds and places: its own words may quote what a message holds."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if error is True:
        error = sys.exception()
    if isinstance(error, BaseException):
        event["exception"] = " <- ".join(_chain(error))
    return event


def _chain(error: BaseException | None) -> Iterator[str]:
    """The error and those that led to it, each with the way to where it was raised."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        steps = [
            f"{frame.name} ({frame.filename}:{frame.lineno})"
            for frame in extract_tb(error.__traceback__)
        ]
        yield f"{_kind(error)} at {' > '.join(steps) or 'no place'}"
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    name, module = type(error).__name__, f"{type(error).__module__}."
    if isinstance(error, OSError) or module.startswith(_SPEAK_OF_THE_SYSTEM):
        return f"{name}: {error}"
    return name


class _ToStructlog(logging.Handler):
    """Hands the standard library's log records to structlog, without the words of errors."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(record.name)
        if isinstance(record.args, tuple):
            record.args = tuple(
                _kind(each) if isinstance(each, BaseException) else each for each in record.args
            )
        text = record.getMessage()
        if record.name == "asyncio":  # the rest of the text shows tasks with their exceptions
            text = _SHOWS_OBJECTS.split(text)[0].strip()
        logger.log(record.levelno, text, exc_info=record.exc_info or None)
