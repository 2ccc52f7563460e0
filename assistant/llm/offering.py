"""The names that a language model may use for one question: found by linking, without an amount among them.

In: the question and the state of the store that it is asked of. Out: names by kind, which go into the prompt, and outside which
no plan of a model is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.texts.retrieve import HybridRetriever
from assistant.view import View
from assistant.words.fixed_words import LONGEST_WORD
from assistant.words.lexicon import Lexicon
from assistant.words.normal import bare
from index.parsing.kinds import BY_NAME, FORM_KINDS
from index.parsing.rows import plain_label

MOST = 40  # names of a kind
ROOM = 1800  # characters for rows, and as many for projects: all of one budget, the likeliest of many
DEPTH = 60  # passages and rows looked at
LONGEST_LINK = 16  # characters of a word in the question that is looked up


@dataclass(frozen=True)
class Offered:
    """Names of the documents, each as it must be written. `tables` are kinds, by the title that the documents give them."""

    labels: tuple[str, ...]
    projects: tuple[str, ...]
    units: tuple[str, ...]
    columns: tuple[str, ...]
    tables: dict[str, str]
    terms: tuple[str, ...]
    years: tuple[int, ...]
    departments: tuple[str, ...]

    def slots(self) -> dict[str, str]:
        """As the prompt has them."""
        return {
            "labels": "、".join(dict.fromkeys((*self.labels, *self.terms))), "projects": "、".join(self.projects),
            "units": "、".join(self.units), "columns": "、".join(self.columns),
            "tables": "、".join(f"{kind}（{title}）" for kind, title in self.tables.items()),
            "years": "、".join(map(str, self.years)), "departments": "、".join(self.departments),
        }  # fmt: skip


def offered(question: str, lexicon: Lexicon, retriever: HybridRetriever, view: View) -> Offered:
    """What is linked to a question: words of it that mean a name, then rows and projects that are near it."""
    linked = list(_linked(question, lexicon))
    near = [chunk for chunk, _ in retriever.search(question, DEPTH)]
    rows = [plain_label(c.subject) for c in near if c.kind == "row"]
    every = view.labels()
    known = [row for row in every if row["source"] == "cell"]
    projects = {bare(name): name for name in lexicon.projects}
    columns = sorted({row["column_name"] for row in known if row["column_name"]})
    facets = {facet for row in known if row["table_kind"] in BY_NAME for facet in BY_NAME[row["table_kind"]].facets}
    tables = {row["table_kind"]: row["table_title"] for row in known if row["table_kind"] not in FORM_KINDS}
    told = [row for row in every if row["source"] == "figure"]
    items = [
        row["name"] for row in (*known, *told) if row["role"] in ("item", "total") and lexicon.is_label(row["name"])
    ]
    found = (projects.get(bare(plain_label(chunk.subject)), "") for chunk in near)
    return Offered(
        labels=_fitting(items, [*(v for kind, v in linked if kind == "label"), *filter(lexicon.is_label, rows)]),
        projects=_fitting(lexicon.projects, [*(v for kind, v in linked if kind == "project"), *filter(None, found)]),
        units=_first(sorted(lexicon.units)),
        columns=_first([*sorted(facets - {"收入", "支出"}), *columns]),
        tables=dict(list(tables.items())[:MOST]),
        terms=_first([c.subject for c in near if c.kind == "definition"]),
        years=tuple(lexicon.years()),
        departments=_first(sorted({info.department for info in lexicon.documents})),
    )  # fmt: skip


def _linked(question: str, lexicon: Lexicon) -> Iterable[tuple[str, str]]:
    """Kind and name of what the words of a question may mean, the longest words first."""
    text = bare(question)
    for length in range(min(LONGEST_LINK, LONGEST_WORD, len(text)), 1, -1):
        for start in range(len(text) - length + 1):
            yield from ((s.kind, s.value) for s in lexicon.senses(text[start : start + length]))


def _fitting(every: Sequence[str], likely: Iterable[str]) -> tuple[str, ...]:
    """All names where there is room for them, in the order of the documents, so that servers find the same beginning again;
    else the likely ones first."""
    names, room = dict.fromkeys([*likely, *every]), ROOM
    found: list[str] = []
    for name in names:
        room -= len(name) + 1
        if room < 0:
            return tuple(found)
        found.append(name)
    return tuple(dict.fromkeys([*every, *names]))


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MOST]
