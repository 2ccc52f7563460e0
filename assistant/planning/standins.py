"""A question with its long names put short for the reader network.

In: a question and the stretches of it that are sure names. Out: the question with a plain name of the same kind in the place of each
that is long or reads like several things (甲、乙及丙项目), and the way back for the spans of what is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.reader.form import Form, Span, map_spans, said_once

LONG = 14
LIKE_SEVERAL = re.compile(r"[、，,和及与（）()/+“”\"]")
SHORT = {
    "project": ("体检项目", "绿化项目", "消防项目"),
    "unit": ("信息中心", "培训中心", "档案馆"),
    "row": ("印刷费", "会议费", "培训费"),
    "table": ("支出总体情况表", "收入总体情况表", "收支总体情况表"),
}


class ShortQuestion:
    """The question as the network reads it, and how its forms go back to the question as typed."""

    def __init__(
        self, question: str, known: Sequence[tuple[int, int]], kind_of: Callable[[str], str | None], every: bool = False
    ) -> None:
        """`every` puts names short that are short already: another look at the same question."""
        self._every = every
        self.text = ""
        self._origins: list[tuple[int, int]] = []
        self._names = {kind: [n for n in names if n not in question] for kind, names in SHORT.items()}
        at = 0
        for start, end in sorted(known, key=lambda span: (span[0], -span[1])):
            name = self._short(question[start:end], kind_of)
            if name is not None and start >= at:
                self._as_typed(question, at, start)
                self.text += name
                self._origins += [(start, end)] * len(name)
                at = end
        self._as_typed(question, at, len(question))

    def form(self, form: Form) -> Form:
        """A form of the short question as one of the question as typed; a name that was cut up is one name again."""
        return said_once(map_spans(form, lambda s: Span(self._origins[s.start][0], self._origins[s.end - 1][1])))

    def _short(self, name: str, kind_of: Callable[[str], str | None]) -> str | None:
        if not self._every and len(name) < LONG and not LIKE_SEVERAL.search(name):
            return None
        names = self._names.get(kind_of(name) or "")
        return names.pop(0) if names else None

    def _as_typed(self, question: str, start: int, end: int) -> None:
        self.text += question[start:end]
        self._origins += [(i, i + 1) for i in range(start, end)]
