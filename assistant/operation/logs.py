"""What the service writes to its log. In: settings. Out: lines of text, or of JSON, on stderr, each with the id of its request.

No personal data unless a setting wants it: what an asker wrote is logged with %r and nothing else is, so that it can be left
out here, in one place. Addresses of clients are logged nowhere.
"""

from __future__ import annotations

import logging
import re
import sys
from contextvars import ContextVar

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from index.settings import Settings

NOISY = ("httpx", "chromadb", "sentence_transformers", "urllib3", "bm25s")
OURS = "assistant"
PLACE = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?([a-zA-Z%])")
request_id: ContextVar[str] = ContextVar("request_id", default="")


def configure(settings: Settings) -> None:
    """Set up logging once for a process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines() if settings.log_format == "text" else _objects())
    handler.addFilter(_of_the_request)
    if not settings.log_questions:
        handler.addFilter(_without_words)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    """`INFO assistant.web.service.desk: …`, with the id of the request at its end."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the standard library's name
        said, asked = super().formatMessage(record), getattr(record, "request_id", "")
        return f"{said} [{asked}]" if asked else said


def _objects() -> logging.Formatter:
    renamed = {"levelname": "level", "name": "logger", "exc_info": "exception"}
    return JsonFormatter(
        ["levelname", "name", "message"], rename_fields=renamed, timestamp="time", json_ensure_ascii=False,
        reserved_attrs=[*RESERVED_ATTRS, "color_message"],
    )  # fmt: skip


def _of_the_request(record: logging.LogRecord) -> bool:
    if asked := request_id.get():
        record.request_id = asked
    return True


def _without_words(record: logging.LogRecord) -> bool:
    """Always true. A filter and no formatter, so that it holds whatever the format."""
    if record.name.split(".")[0] == OURS and isinstance(record.args, tuple):
        places = [place for place in PLACE.findall(str(record.msg)) if place != "%"]
        record.args = tuple(
            f"{len(value)} characters" if place == "r" and isinstance(value, str) else value
            for place, value in zip(places, record.args, strict=True)
        )
    return True
