"""Logs for machines (JSON) or people (console), on stderr. Never a figure, a secret or a token."""

import logging
import sys
from typing import Literal

import structlog

Log = structlog.stdlib.BoundLogger


def configure(style: Literal["json", "console"], level: str) -> None:
    """Set up logging for this process; libraries speak from warning upwards."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def of(service: str) -> Log:
    """The log of one service."""
    log: Log = structlog.get_logger(service=service)
    return log
