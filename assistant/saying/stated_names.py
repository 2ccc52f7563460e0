"""Whether what a statement names is what its sources say: whose figures they are, each row and column, and each set.

In: a statement, and the kind of each document. Out: nothing, or UnverifiedError. A name must be put together from what the cited source
itself says; a set's words must hold for each member.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from assistant.evidence import Value
from assistant.lookup.form_rows import is_of_form
from assistant.lookup.values import meets, value_of
from assistant.plan import Select
from assistant.saying.labels import change_text, class_of, set_text, sought_text
from assistant.saying.text import Named, Statement
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS
from index.parsing.rows import plain_label

JOINTS = {*"的、，：（）《》与()/,:", "合计", "数量", "平均", "占比", "文中"}


class UnverifiedError(Exception):
    """A claim of an answer that its sources do not bear out."""


def check_names(statement: Statement, kinds: Mapping[str, str]) -> None:
    """Raises UnverifiedError where a statement names what its sources do not. `kinds`: a document to 预算, 决算 or 绩效."""
    for slot, named in statement.names():
        if slot == "scope":
            _check_scope(named, statement.values())
        elif slot == "set":
            _check_set(named, statement)
        else:
            _check_name(named, kinds)


def plain(text: str) -> str:
    """A text without spaces and quotation marks, its characters of one width."""
    return re.sub(r"[\s“”\"‘’'*]", "", unicodedata.normalize("NFKC", text))


def row_names(fact: Fact) -> set[str]:
    """The names by which a row may be stated; a total row by its column or table scope too."""
    names = {plain(fact.label), plain(plain_label(fact.label))}
    if fact.role == "total":
        names |= {plain(name) for name in (fact.column_name, *fact.facets) if name and name not in ("收入", "支出")}
    return names


def _check_scope(named: Named, values: Iterable[Value]) -> None:
    """The years and departments that are said are those of every number; 等 says that there are more of them."""
    facts = [fact for value in values for fact in value.facts]
    budgets = {f"{fact.year}年{fact.department}" for fact in facts}
    said = re.fullmatch("(.+?)(等?)：", named.words)
    names = said[1].split("、") if said else []
    all_said = len(names) == len(set(names)) and (
        set(names) == budgets or bool(said and said[2] and set(names) < budgets)
    )
    if facts and named.words and not all_said:
        raise UnverifiedError(f"年份或部门与出处不符：{named.words}")


def _check_name(named: Named, kinds: Mapping[str, str]) -> None:
    """A name is put together from what its sources say, and names the row that its number stands in."""
    own = {plain(word) for source in named.sources for word in _words_of(source, kinds)}
    if named.select is not None:
        own.add(plain(set_text(named.select)))
        _check_members(named.select, named.sources)
    if named.value is not None and named.value.computed:
        own.add(plain(named.value.label))
    if not _made_of(plain(named.words), own | JOINTS):
        raise UnverifiedError(f"名称不是出处所写：{named.words}")
    first = named.sources[0] if named.sources else None
    if named.value is None or named.select is not None or not isinstance(first, Fact):
        return
    names = row_names(first)
    if named.value.computed:
        names |= {plain(first.budget_unit or first.department), plain(named.value.label)}
    if not any(name in plain(named.words) for name in names):
        raise UnverifiedError(f"没有指明是哪一行：{first.label}")
    row, column = plain(named.words).removeprefix(plain(plain_label(first.label))), plain(first.column_name)
    if column not in row and any(
        plain(f) in row for s in named.sources if isinstance(s, Fact) for f in s.facets
    ):  # the whole table in place of the column
        raise UnverifiedError(f"没有指明是哪一栏：{first.column_name}")


def _words_of(source: Fact | Chunk, kinds: Mapping[str, str]) -> set[str]:
    """What a source says that may be part of a name."""
    if isinstance(source, Chunk):
        return {source.heading, source.subject}
    leaf = source.column[-1] if source.column else ""
    words = {
        source.label, plain_label(source.label), source.name, source.column_name, *source.facets, source.budget_unit or "",
        f"{source.year}年{source.department}", source.table_title, source.side or "", source.code or "",
        class_of(source), kinds.get(source.document, ""),
    }  # fmt: skip
    if source.table_kind in FORM_KINDS:
        words |= {source.path[0], plain_label(re.sub(r"[（(].*?[)）]$", "", leaf)), source.text}
    if source.source == "figure" and source.value is not None and source.column_name:
        words |= {change_text(source)}
    return words


def _made_of(text: str, words: Iterable[str]) -> bool:
    """Whether a text is these words one after another."""
    known = {word for word in words if word}
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in known if text.startswith(word, start)}
    return len(text) in reached


# --- sets ----------------------------------------------------------------------------------------------------------
def _check_set(named: Named, statement: Statement) -> None:
    """What a set is called is what was looked up, and holds for each of its members."""
    select = named.select
    if select is None or named.words not in (set_text(select), sought_text(select)):
        raise UnverifiedError(f"范围与所查不符：{named.words}")
    _check_members(select, named.sources)
    bounds = [c for c in select.where if not (c.than or c.than_mean or c.of_share)]
    members = statement.items() if "items" in statement.slots else statement.among
    if not all(meets(value_of(v.facts[0]) if v.is_rounded else v, bounds) for v in members):
        raise UnverifiedError(f"不合所说的条件：{named.words}")


def _check_members(select: Select, members: Iterable[Fact | Chunk]) -> None:
    """The units, the row above and the columns of a Select are those of each fact."""
    for fact in members:
        if not isinstance(fact, Fact) or is_of_form(select):
            continue
        units = {plain_label(fact.budget_unit or ""), *map(plain_label, fact.path), fact.department}
        columns = {fact.column_name, *fact.facets, *map(plain_label, fact.column)}
        if (
            (select.units and not units & {plain_label(unit) for unit in select.units})
            or (select.under and not {plain_label(part) for part in select.under} & set(map(plain_label, fact.path)))
            or not set(select.columns) <= columns
        ):
            raise UnverifiedError(f"不在所说的范围里：{fact.label}")
