"""JSON log lines without personal data: names of things that happened, ids of requests, never what people typed."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

PACKAGE = Path(__file__).parent


def set_up(level: str) -> None:
    """Everything logs through structlog to standard error, one JSON object a line, UTC."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_error,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _place_of_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    # The message of an exception may quote what somebody typed, so a line tells its type and where it was raised.
    found = event.pop("exc_info", None)
    if found:
        kind, _, trace = found if isinstance(found, tuple) else sys.exc_info()
        event["error"] = kind.__name__ if kind else None
        event["where"] = places(trace)
    return event


def places(trace: TracebackType | None) -> list[str]:
    """`file:line function` of the frames of a traceback that are ours, and of the innermost, which is last."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames[:-1] if Path(frame.filename).is_relative_to(PACKAGE)]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in ours + frames[-1:]]


def logger() -> Any:
    return structlog.get_logger()
