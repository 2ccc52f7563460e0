"""Identities between documents: what one says of the year before, of its budget, or of its other file's tables.

In: a store. Out: the identities within each document, and after them those between it and the documents that it speaks
of. Last year's figures as this year's document gives them may have been adjusted since, so a difference there is told as
that, and is no misprint yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import product

from index.amounts import convert, is_money
from index.checks.audit import (
    Finding,
    audit_document,
    identities,
    money_cells,
    named_like,
    prose_against,
    title_of,
)
from index.checks.identity import Identity, IdentityCell, figure_cell, table_cells
from index.editions import budget_key
from index.facts import Fact, column_name, document_facts
from index.model import Document, Table
from index.parsing.kinds import BY_NAME, is_final
from index.parsing.prose import AMOUNT, CHANGE, NUMBER, Figure, figures
from index.sql.store import DocumentInfo, Store

BEFORE, OWN_BUDGET = "上年衔接", "预决算衔接"
MAY_DIFFER = "（两份文件所列可能因调整或口径变化而不同）"
LAST = r"(?:上年|去年|上一年|{last}年)度?"
FINAL = re.compile(r"决算|执行|完成|实际")
NO_STAGE = re.compile(r"增|减|比|较|差|率|结转|结余|余额|调整")
FIRST_BUDGET = re.compile(r"^年初预算数?$")
SCOPE = re.compile(r"基本支出|项目支出|一般公共预算|财政拨款|政府性基金|国有资本经营")
OF_COSTS = {"一般公共预算", "财政拨款"}  # which prose on the “三公” costs says or leaves out
COMPARED = re.compile(
    r"(?:比|较|与)(?P<year>上年度?|去年|上一年度?|20\d\d年度?)(?P<stage>[^，。；比较与]{0,12}?)(?:相比|，)*"
    r"(?:增|减|下降|上升|降低|提高|压|持平|一致|相同|无变化)"
)
ITEM = re.compile(r"[（(]项[)）](?:支出)?$")
Stage = tuple[int, bool]  # a year, and whether it is its final accounts that are spoken of


def audit_store(store: Store, department: str | None = None) -> Iterator[Identity]:
    """All identities of the documents that are answered from, or of those of one department."""
    parsed = lru_cache(maxsize=8)(store.parsed)  # memory stays flat over a thousand documents
    infos = [info for info in store.documents() if department in (None, info.department)]
    of_department: dict[str, list[DocumentInfo]] = {}
    for info in infos:
        of_department.setdefault(info.department, []).append(info)
    for info in infos:
        near = [other for other in of_department[info.department] if other.id != info.id]
        document = parsed(info.id)
        yield from audit_document(document, info.id)
        beside = [other for other in near if budget_key(other) == budget_key(info)]
        spoken_of: dict[Stage, list[tuple[str, Document]]] = {}
        for other in near:
            stage = other.year, is_final(other.kind)
            if _of_same_kind(other, info) and stage in _stages(info):
                spoken_of.setdefault(stage, []).append((other.id, parsed(other.id)))
        yield from audit_between(document, info.id, {i.id: parsed(i.id) for i in beside}, spoken_of)


def audit_between(document: Document, document_id: str, beside: Mapping[str, Document],
                  spoken_of: Mapping[Stage, list[tuple[str, Document]]]) -> list[Identity]:  # fmt: skip
    """Identities of a document with the other files of its budget, and with the documents of which it repeats figures."""
    findings = [
        (rule, title, left, _of(right, other))
        for other, tables in beside.items()
        for rule, title, left, right in prose_against(document, tables)
    ]
    for stage, others in spoken_of.items():
        for other, before in others:
            findings += _columns_repeat(document, stage, before, other)
            findings += _changes_lead_back(document, stage, before, other)
    return [_told(identity) for identity in identities(findings, document_id)]


def _told(identity: Identity) -> Identity:
    """A difference between two years' files is told as what it may be."""
    differs = identity.verdict == "不一致" and identity.rule in (BEFORE, OWN_BUDGET)
    return replace(identity, title=identity.title + MAY_DIFFER) if differs else identity


def _of(cells: tuple[IdentityCell, ...], document: str) -> tuple[IdentityCell, ...]:
    return tuple(replace(cell, document=document) for cell in cells)


# --- prose against tables ----------------------------------------------------------------------------------------
def contradictions(budget: Mapping[str, Document]) -> list[Identity]:
    """Where the prose of a budget's files states another amount than their tables for money of the same scope, by more than
    rounding."""
    found = []
    for (prose_id, prose), (tables_id, tables) in product(budget.items(), repeat=2):
        told = figures(prose.sections)
        findings = (
            (rule, title, left, right if tables_id == prose_id else _of(right, tables_id))
            for rule, title, left, right in prose_against(prose, tables)
            if _scopes_fit(told[left[0].row], tables.tables[right[0].table], right[0])
        )
        found += [identity for identity in identities(findings, prose_id) if identity.verdict == "不一致"]
    return found


def _scopes_fit(figure: Figure, table: Table, cell: IdentityCell) -> bool:
    """Whether a figure and a cell are of the same money: all of it, or that of one fund or purpose that both name."""
    kind, row = BY_NAME[table.kind], table.rows[cell.row]
    lead = figure.sentence[: next((match.start() for match in NUMBER.finditer(figure.sentence)), 0)]
    told = set(SCOPE.findall(" ".join([*figure.path[-1:], lead, figure.whole, figure.label])))
    shown = set(SCOPE.findall(" ".join([*kind.facets, *table.columns[cell.column], *row.path])))
    return told == shown or (kind.name == "three_public" and told <= OF_COSTS)


# --- which documents are spoken of -------------------------------------------------------------------------------
def _stages(document: Document | DocumentInfo) -> set[Stage]:
    """What a document may repeat figures of: last year's budget and accounts; accounts also those of their own budget."""
    year = document.year
    return {(year - 1, False), (year - 1, True)} | ({(year, False)} if is_final(document.kind) else set())


def _of_same_kind(one: DocumentInfo, other: DocumentInfo) -> bool:
    """Whether both are of one office, its units with it or without; forms of performance are of neither."""
    keys = [(key[0], re.sub(r"[预决]算$", "", key[2]), key[3]) for key in map(budget_key, (one, other))]
    return keys[0] == keys[1] and keys[0][1] in ("部门", "单位")


# --- columns of another year -------------------------------------------------------------------------------------
def _stage_of(column: Iterable[str], document: Document) -> Stage | None:
    """Whose figures a column repeats; None where they are the document's own, or changes, or cannot be told."""
    last = re.compile(LAST.format(last=document.year - 1))
    said = [part for part in column if last.match(part) or FIRST_BUDGET.match(part)]
    if len(said) != 1 or any(NO_STAGE.search(part) for part in column):
        return None
    if FIRST_BUDGET.match(said[0]):
        return (document.year, False) if is_final(document.kind) else None
    rest = last.sub("", said[0])
    if not re.fullmatch(r"(?:年初)?(?:预算|决算|预计执行|执行|完成|实际)?数?", rest):
        return None
    return document.year - 1, bool(FINAL.search(rest)) or (not rest and is_final(document.kind))


def _columns_repeat(document: Document, stage: Stage, before: Document, other: str) -> Iterator[Finding]:
    """A cell in a column of last year, or of the first budget, against the cell of that row in the document itself."""
    known: dict[tuple, list[Fact]] = {}
    for fact in document_facts(before, other):
        if fact.source == "cell" and fact.value is not None and is_money(fact.unit):
            known.setdefault(_row_key(fact, fact.column_name), []).append(fact)
    rule = OWN_BUDGET if stage[0] == document.year else BEFORE
    for fact in document_facts(document, ""):
        if fact.source != "cell" or fact.value is None or not is_money(fact.unit):
            continue
        if _stage_of(fact.column, document) == stage:
            rest = [part for part in fact.column if _stage_of([part], document) is None]
            same = known.get(_row_key(fact, column_name(rest, fact.table_title)), [])
            if len({_yuan(f) for f in same}) == 1:
                spots = [(f.table_index, f.row_index, f.column_index) for f in (fact, same[0])]
                names = [title_of(d.tables[t], r, c) for d, (t, r, c) in zip((document, before), spots, strict=True)]
                left, right = (
                    table_cells(d.tables[t], t, [r], [c])
                    for d, (t, r, c) in zip((document, before), spots, strict=True)
                )
                yield rule, f"{names[0]} 与{before.year}年文件{names[1]}", left, _of(right, other)


def _row_key(fact: Fact, column: str) -> tuple:
    return fact.table_kind, fact.name, fact.code, fact.side, fact.budget_unit, fact.role, column


def _yuan(fact: Fact) -> object:
    assert fact.value is not None and fact.unit is not None
    return convert(fact.value, fact.unit, "元")


# --- changes told in prose ---------------------------------------------------------------------------------------
def _changes_lead_back(document: Document, stage: Stage, before: Document, other: str) -> Iterator[Finding]:
    """This year's amount of prose is last year's and the change that the same sentence tells."""
    cells = money_cells(before)
    told = figures(document.sections, document.department)
    for index, change in enumerate(told):
        if change.measure != CHANGE or not is_money(change.unit) or _stage_of_change(change, document) != stage:
            continue
        amounts = [i for i, f in enumerate(told[:index]) if _is_amount_of(f, change)]
        if len(amounts) != 1:
            continue
        now = told[amounts[0]]
        then = now.value - convert(change.value, change.unit, now.unit)
        label = ITEM.sub("", now.label)
        spot = named_like(before, now.model_copy(update={"value": then, "label": label}), cells)
        if spot:
            table = before.tables[spot[0]]
            left = (figure_cell(now, amounts[0]),)
            right = (*_of(table_cells(table, spot[0], [spot[1]], [spot[2]]), other), figure_cell(change, index))
            title = f"文中“{change.label}”与{before.year}年文件{title_of(table, *spot[1:])}加文中所说的增减"
            yield BEFORE, title, left, right


def _is_amount_of(figure: Figure, change: Figure) -> bool:
    same = figure.label == change.label and figure.sentence == change.sentence and figure.path == change.path
    return same and figure.measure == AMOUNT and is_money(figure.unit)


def _stage_of_change(change: Figure, document: Document) -> Stage | None:
    """What a change is told against: last year's budget or accounts, as the words between 比 and 增加 say."""
    until = change.sentence.find(change.text) + (0 if change.value else len(change.text))
    found = list(COMPARED.finditer(change.sentence[:until]))
    if not found or change.sentence.count(change.text) != 1:
        return None
    year, stage = found[-1]["year"], found[-1]["stage"]
    if NO_STAGE.search(stage) or (year[:2] == "20" and int(year[:4]) != document.year - 1):
        return None
    said = bool(FINAL.search(stage)) or ("预算" not in stage and is_final(document.kind))
    return document.year - 1, said
