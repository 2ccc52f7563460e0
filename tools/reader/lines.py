"""Training lines: `question<TAB>form`, `>` before a question that is asked after another.

In: files under tools/reader/phrasings/. Out: Line objects; a fixed tenth is held out to measure by.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.reader.form import Form, FormError, Span, map_spans
from assistant.reader.notation import read_form

PHRASINGS = Path(__file__).parent / "phrasings"
HELD_OUT = 10  # one line in so many


@dataclass(frozen=True)
class Line:
    question: str
    form: Form
    follows: bool
    source: str = ""


def read_lines(files: Iterable[Path]) -> list[Line]:
    """All lines of all files. Raises FormError, naming file and line."""
    found = []
    for file in files:
        for number, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not text.strip() or text.startswith("#"):
                continue
            question, form = text.split("\t")
            follows = question.startswith(">")
            question = question.removeprefix(">").strip()
            found.append(Line(question, read_form(form, question), follows, f"{file.stem}:{number}"))
    return found


def is_held_out(line: Line) -> bool:
    return int(hashlib.sha256(line.question.encode()).hexdigest(), 16) % HELD_OUT == 0


def rewrite(line: Line, changes: list[tuple[int, int, str]]) -> Line | None:
    """The line with stretches [start, end) of its question replaced; None where a span begins or ends inside one."""
    changes = sorted(changes)
    question, at = "", 0
    for start, end, new in changes:
        if start < at:
            return None
        question += line.question[at:start] + new
        at = end
    question += line.question[at:]
    inside = False

    def moved(position: int, is_end: bool) -> int:
        nonlocal inside
        shift = 0
        for start, end, new in changes:
            if start < position < end:
                inside = True
            if position >= end and (end > start or not is_end or position > end):
                shift += len(new) - (end - start)
        return position + shift

    form = map_spans(line.form, lambda s: Span(moved(s.start, False), moved(s.end, True)))
    return None if inside else replace(line, question=question, form=form)


def main(paths: list[str]) -> int:
    """Print what cannot be read, a line each; 1 where there is anything."""
    bad = 0
    for path in paths:
        for number, text in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
            if not text.strip() or text.startswith("#"):
                continue
            try:
                question, form = text.split("\t")
                read_form(form, question.removeprefix(">").strip())
            except (FormError, ValueError) as error:
                bad += 1
                print(f"{path}:{number}: {error}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
