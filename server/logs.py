"""Logs: one JSON object per line on standard output, holding only what is on the list below.

A field that is not listed, or text that does not look like a name, is dropped before it is written. So
neither a body nor a cookie nor a query nor a child's name gets out by a careless call. Audit is another
thing and lives in the database. Source: promises.md P21.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

FIELDS = frozenset(
    {
        *(
            "event",
            "level",
            "timestamp",
            "request_id",
            "logger",
            "process",
            "version",
            "dialect",
            "host",
            "port",
        ),
        *("route", "method", "status", "code", "ms", "lag_ms", "step", "reason", "error", "where", "trace"),
        *("kind", "channel", "state", "attempt", "permanent", "seats", "sockets"),
        *("count", "total", "sent", "failed", "skipped"),
    }
)
_WORD = re.compile(r"[A-Za-z0-9_.:/{}<>+ -]{0,120}")
_EVENT = re.compile(r"[a-z][a-z0-9_.]{1,60}")
# Digits in a row could be somebody's number; ids and counts have their own fields.
_NUMBER = re.compile(r"\d{5,}")
_FREE_OF_DIGITS = frozenset({"timestamp", "request_id", "trace", "where"})


def _allowed(name: str, value: object) -> object:
    """The value as it may be written; `"?"` for text that is more than a name."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if name == "trace" and isinstance(value, list):
        return [line for line in value if isinstance(line, str)]
    text = str(value)
    if not _WORD.fullmatch(text):
        return "?"
    if name not in _FREE_OF_DIGITS and _NUMBER.search(text):
        return "?"
    return text


def frames(error: BaseException) -> list[str]:
    """Where an error came from: `module.py:line function`, outermost first; never its message."""
    found = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in found]


def _error(value: object) -> BaseException | None:
    """The exception behind structlog's `exc_info`, whatever form it has."""
    if value is True:
        return sys.exc_info()[1]
    if isinstance(value, BaseException):
        return value
    if isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException):
        return value[1]
    return None


def allow_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> Mapping[str, Any]:
    """A structlog processor: only listed fields, only harmless values."""
    error = _error(event.pop("exc_info", None))
    if error is not None:
        event["error"] = type(error).__name__
        event["trace"] = frames(error)
    kept = {name: _allowed(name, value) for name, value in event.items() if name in FIELDS}
    if not _EVENT.fullmatch(str(event.get("event", ""))):
        kept["event"] = "unnamed"
    return kept


class _LibraryHandler(logging.Handler):
    """Turns records of other libraries into our lines: who, how serious, where; never their text."""

    def emit(self, record: logging.LogRecord) -> None:
        info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None] | None
        info = record.exc_info
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        get_logger().log(
            level,
            "library",
            logger=record.name,
            where=f"{record.module}:{record.lineno}",
            exc_info=info or None,
        )


def configure(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Sets up logging for the process; call once at start. Access lines are ours, not uvicorn's."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stdout),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_LibraryHandler()]
    root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], name != "uvicorn.access"


def get_logger() -> FilteringBoundLogger:
    """The process's logger: `get_logger().info("push_sent", status=201)`."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def bind(**values: object) -> None:
    """Adds fields to every later line of this request, socket or task."""
    structlog.contextvars.bind_contextvars(**values)
