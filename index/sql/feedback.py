"""What askers think of answers: thumbs and remarks.

In: what was asked, what was answered with its plan, whether it was good, and a remark. Out: the same, in the order it came, and
lines to make questions for the evaluation of. Nothing is kept of who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, Table, delete, insert, select
from sqlalchemy.engine import Connection

from index.sql.schema import Words, metadata

KEPT = 10_000  # the newest; anyone may write, so without a bound anyone could fill the disk
feedback = Table(
    "feedback", metadata,
    Column("id", Integer, primary_key=True),
    Column("given_at", Words, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("question", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("remark", Words, nullable=False),
    Column("plan", JSON),
)  # fmt: skip


@dataclass(frozen=True)
class Feedback:
    """One opinion. `plan` is the answer's, None where the asker's program did not send it."""

    question: str
    answer: str
    good: bool
    remark: str = ""
    plan: dict[str, Any] | None = None
    id: int = 0  # given by the store
    given_at: str = ""


def add(connection: Connection, given: Feedback) -> int:
    """Write one; the oldest beyond those kept go. Returns its id."""
    texts = {name: getattr(given, name) for name in ("question", "answer", "remark")}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    row = insert(feedback).values(**texts, good=given.good, plan=given.plan, given_at=now).returning(feedback.c.id)
    identifier: int = connection.execute(row).scalar_one()
    connection.execute(delete(feedback).where(feedback.c.id <= identifier - KEPT))
    return identifier


def all_given(connection: Connection) -> list[Feedback]:
    """All of them, the oldest first."""
    return [Feedback(**row) for row in connection.execute(select(feedback).order_by(feedback.c.id)).mappings()]


def candidates(given: list[Feedback]) -> Iterator[dict[str, Any]]:
    """Lines for `eval/questions`: whoever turns one into a question gives it its class and its gold."""
    for entry in given:
        yield {
            "id": f"feedback-{entry.id}", "class": "candidate", "question": entry.question, "remark": entry.remark,
            "good": entry.good, "answer": entry.answer,
        }  # fmt: skip
