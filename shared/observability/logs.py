"""Log lines as JSON, one a line, without personal data: a redactor looks at every value."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_EMAIL = re.compile(r"[^@\s\"'<>=,;]+@[^@\s\"'<>=,;]+\.[A-Za-z]{2,}")
_CREDENTIALS = re.compile(r"(\w+://[^:/@\s]*):[^@/\s]+@")
_PERSONAL = frozenset(
    {"name", "email", "phone", "contact", "address", "recipient", "body", "values", "password"}
)
HIDDEN = "[redacted]"


def set_up(service: str, *, instance: str, level: str = "INFO") -> None:
    """Write structured lines to standard error; other libraries' lines take the same way."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
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
    if isinstance(value, str):
        return _EMAIL.sub(HIDDEN, _CREDENTIALS.sub(rf"\1:{HIDDEN}@", value))
    if isinstance(value, dict):
        return {key: HIDDEN if key in _PERSONAL else _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


class _ToStructlog(logging.Handler):
    """Hands the standard library's log records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(record.name)
        logger.log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)
