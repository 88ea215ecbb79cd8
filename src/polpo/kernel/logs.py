"""The own log of a server or an agent: one line an event on standard error, with plain tracebacks.

Tracebacks never show the values of variables: they could be secrets.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

_MOST_LINES = 2000
_NAMED = frozenset({"event", "level", "timestamp"})


@dataclass(frozen=True)
class RecentLine:
    """`number` counts the lines since the start; `detail` is what was said besides, a fact a line, and tracebacks."""

    number: int
    at: datetime
    level: str
    text: str
    detail: str


class RecentLines:
    """The last lines of the log, for people who do not see the server's standard error."""

    def __init__(self, most: int = _MOST_LINES) -> None:
        self._lines: deque[RecentLine] = deque(maxlen=most)
        self._count = 0

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """As a processor of structlog: keeps the line and passes it on."""
        self._count += 1
        facts = [f"{name}: {value}" for name, value in event.items() if name not in _NAMED]
        at, level = datetime.fromisoformat(str(event["timestamp"])), str(event["level"])
        self._lines.append(RecentLine(self._count, at, level, str(event["event"]), "\n".join(facts)))
        return event

    def newest_first(self) -> list[RecentLine]:
        return list(self._lines)[::-1]


#: Of this process, as the logging itself is.
recent_lines = RecentLines()


def configure_logs(level: str = "info") -> None:
    number = getattr(logging, level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            recent_lines,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
