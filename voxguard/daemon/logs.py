"""How the daemon logs: structlog for us and for the libraries, to stderr."""

import logging
import os
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LogFormat = Literal["auto", "json", "console"]

LIBRARIES = ("hikari", "lightbulb", "asyncpg", "uvicorn", "aiohttp", "watchfiles", "linkd")
"""Who else speaks: only what is wrong with them is worth a line."""


def configure_logging(level: str, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Send every line to the stream, by default stderr, as JSON or for people.

    `auto` asks whether it is a terminal.
    """
    stream = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _drop_empty,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(as_json=as_json, colors=_wants_colors(stream)),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _wants_colors(stream: TextIO) -> bool:
    """Whether lines may be coloured; https://no-color.org and the terminal have a say in it."""
    is_dumb = os.environ.get("TERM") in {"dumb", "unknown"}
    return stream.isatty() and not is_dumb and not os.environ.get("NO_COLOR")


def _rendering(*, as_json: bool, colors: bool) -> list[Processor]:
    if as_json:
        return [
            # Local variables may hold the token.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback
        )
    ]


def _drop_empty(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out what says nothing, such as the channel of somebody who has left."""
    return {key: value for key, value in event.items() if value is not None}
