"""Why an answer is as it is, in words: where was looked, for what, and what was done with it.

In: a part of a plan, the evidence found for it and the text written from it; or what kept it from being answered. Out: one sentence
by the wordings of `prompts/explanations.yaml`. Tables and names are those of the sources that the text cites, so an explanation never
tells of another answer than the one it stands under.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cn2an

from assistant.evidence import Evidence, Value
from assistant.lookup.statements import is_place
from assistant.lookup.values import UNIT_SCOPES
from assistant.plan import (
    Calculate,
    Check,
    Clarify,
    Combine,
    Define,
    Expression,
    Passage,
    Placed,
    Reduce,
    Refuse,
    Select,
    selects_of,
)
from assistant.saying.labels import NOUNS, OPERATORS, bound_text, fact_label, operand_labels, plain_item, set_text
from assistant.saying.restate import restated, thing_text
from assistant.saying.text import AnswerText
from assistant.words.vocabulary import load_vocabulary
from index.chunks import Chunk
from index.facts import Fact
from index.sql.store import DocumentInfo

MOST_LISTED = 30  # documents and departments that are listed in one line
MOST_NAMED = 8  # things that are named one by one
Source = Fact | Chunk


def explained(name: str, **slots: str) -> str:
    """A wording of the explanations as a sentence."""
    return _said(name, **slots) + _said("end")


def explain_calculation(part: Calculate, evidence: Evidence, text: AnswerText) -> str:
    """What was looked up and computed for an answer in numbers."""
    where = _where(text.cited)
    expression = part.expression
    said = _check(expression, evidence, where) if isinstance(expression, Check) else _done(expression, evidence, where)
    printed = {source.unit for source in text.cited if isinstance(source, Fact)}
    if part.unit is not None and part.unit not in printed and any(s.value.unit == part.unit for s in text.numbers):
        said += _said("converted", unit=part.unit)
    if any("≈" in span.value.derivation for span in text.numbers):
        said += _said("rounded")
    return said + _said("end")


def explain_passage(part: Define | Passage, text: AnswerText, withheld: bool = False) -> str:
    """Where the words were found that an answer quotes."""
    about = "define" if isinstance(part, Define) else part.about
    said = _said(f"text_{about}", where=_where(text.cited), subject=_subject(part, text))
    return explained("not_public_text", passage=said) if withheld else said + _said("end")


def explain_nothing(
    part: Define | Passage | Calculate | Refuse, missing: Refuse, documents: Sequence[DocumentInfo]
) -> str:
    """What was looked for, and why it is not answered."""
    nowhere = _said("where_unknown")
    asked = restated(part) if isinstance(part, Calculate) else None
    if asked and missing.reason == "not_found" and missing.detail:
        return explained("missing", where=nowhere, asked=asked, detail=missing.detail)
    name: str = missing.reason
    if name == "not_found" and not missing.detail:
        name = "not_found_bare"
    return (_said("asked", asked=asked) if asked else "") + explained(
        name, where=nowhere, detail=missing.detail,
        years="、".join(str(year) for year in sorted({d.year for d in documents})),
        departments=some([d.department for d in documents]),
    )  # fmt: skip


def some(names: Sequence[str]) -> str:
    """Names in a list, each once; of very many the first, and how many there are."""
    once = list(dict.fromkeys(names))
    return "、".join(once[:MOST_LISTED]) + (f"等{len(once)}个" if len(once) > MOST_LISTED else "")


def explain_question_back(part: Clarify) -> str:
    """What was unclear."""
    return explained("unclear", text=part.text, choices=_said("and").join(part.choices))


# --- where and what ------------------------------------------------------------------------------------------------
def _said(name: str, **slots: str) -> str:
    return load_vocabulary().explanations[name].format(**slots)


def _where(sources: Iterable[Source]) -> str:
    """The tables and sections that are cited, with whose they are where they are of several budgets."""
    sources = list(sources)
    budgets = {s.document: f"{s.year}年{s.department}" for s in sources if isinstance(s, Fact)}
    tables: dict[str, dict[str, None]] = {}
    for source in sources:
        title = source.heading if isinstance(source, Chunk) else source.table_title
        budget = f"{source.year}年{source.department}" if isinstance(source, Fact) else budgets.get(source.document, "")
        tables.setdefault(budget, {})[_said("table", title=title) if title else _said("prose")] = None
    if not tables:
        return _said("where_unknown")
    several = len(tables) > 1
    named = [
        _said("where_of", budget=budget, tables="、".join(titles)) if several and budget else "、".join(titles)
        for budget, titles in tables.items()
    ]
    return _said("where", tables="、".join(named))


def _thing(fact: Fact) -> str:
    """A cell by its unit of organisation or project, its row and its column."""
    owner = fact.path[0] if fact.table_kind == "target" else fact.budget_unit if fact.role == "item" else None
    column = fact.column_name or (next((s for s in fact.facets if s in UNIT_SCOPES), "") if fact.role == "unit" else "")
    row = fact_label(fact) if fact.role == "total" and not column else plain_item(fact)
    name = f"thing{'_owner' if owner else ''}{'_column' if column else ''}"
    return _said(name, owner=_inner(owner or ""), row=_inner(row), column=_inner(column))


def _inner(name: str) -> str:
    """A name to stand in quotation marks."""
    return name.replace("“", "‘").replace("”", "’")


def _things(values: Iterable[Value]) -> str:
    names = list(dict.fromkeys(_thing(fact) for v in values for fact in (v.facts if v.computed else v.facts[:1])))
    return "、".join(names[:MOST_LISTED]) + ("等" if len(names) > MOST_NAMED else "")


def _operands(combine: Combine, values: Sequence[Value]) -> str:
    """Operands by the names under which the answer states them, single cells by row and column."""
    names = []
    for label, value in zip(operand_labels(list(values), combine), values, strict=True):
        own = combine.operands[value.operand] if value.operand is not None else None
        told = thing_text(own) if isinstance(own, Combine) and label == value.label else label
        names.append(_said("thing", row=_inner(told)) if value.computed or not value.facts else _thing(value.facts[0]))
    return "、".join(dict.fromkeys(names))


def _set(select: Select) -> str:
    """A set by its condition; one of rows or projects that are named, by their names."""
    if not select.labels:
        name = set_text(select)
    else:
        bounds, labels = "、".join(map(bound_text, select.where)), "、".join(select.labels[:MOST_NAMED])
        name = "的".join(filter(None, ("、".join(select.units), bounds, "、".join(select.columns), labels)))
    if select.without_target or select.with_target:
        name = _said("without_target" if select.without_target else "with_target", set=name)
    return _inner(name)


def _members(reduce: Reduce, count: int) -> str:
    """A set with the number of its members: 24个项目, “甲中心的项目”（共5个项目）."""
    name, noun = _set(reduce.of), NOUNS[reduce.of.universe]
    return _said("whole_set" if noun.endswith(name) else "part_set", set=name, count=str(count), noun=noun)


# --- what was done -------------------------------------------------------------------------------------------------
def _done(expression: Expression, evidence: Evidence, where: str) -> str:
    if isinstance(expression, Placed):
        return _said(
            "placed", where=where, things=_things(evidence.shown), set=_set(expression.among),
            count=str(evidence.total_count),
        )  # fmt: skip
    if isinstance(expression, Combine):
        names = {"sum": "added", "mean": "mean_of", "list": "value"}
        ordered = sorted((*evidence.values, *evidence.shown), key=lambda value: value.operand or 0)
        own = ordered if expression.how in ("list", "greatest", "least", "descending", "ascending") else evidence.shown
        return _said(names.get(expression.how, expression.how), where=where, things=_operands(expression, own))
    return _reduced(expression, evidence, where)


def _reduced(reduce: Reduce, evidence: Evidence, where: str) -> str:
    values = evidence.values
    if reduce.how == "value":
        if reduce.of.measure:
            return _said("value", where=where, things=_things(values))
        several = len(values) > 1 and len({v.facts[0].name for v in values if v.facts}) == 1
        name = "values" if several else "value_computed" if any(v.computed for v in values) else "value"
        return _said(name, where=where, things=_things(values))
    if reduce.how == "rank":
        return _ranked(reduce, evidence, where)
    if reduce.how == "count":
        return _said("count", where=where, set=_set(reduce.of))
    count = len(values) if reduce.how == "list" else len(evidence.shown)
    return _said(reduce.how, where=where, set=_members(reduce, count))


def _ranked(reduce: Reduce, evidence: Evidence, where: str) -> str:
    by = "、".join(reduce.of.columns) if reduce.of.universe == "projects" and reduce.of.columns else "金额"
    slots = {
        "where": where, "set": _members(reduce, len(evidence.among)), "by": by,
        "order": "从大到小" if reduce.descending else "从小到大",
    }  # fmt: skip
    if reduce.position:
        return _said("rank_position", place=f"第{cn2an.an2cn(reduce.position)}", **slots)
    if reduce.n:
        return _said("rank_top", top=f"前{reduce.n}{NOUNS[reduce.of.universe][:1]}", **slots)
    return _said("rank_all", **slots)


def _check(check: Check, evidence: Evidence, where: str) -> str:
    """A statement, and those that go with it, as what was held against what."""
    said = [
        _statement(one, found, where if index == 0 else "")
        for index, (one, found) in enumerate(zip((check, *check.also), (evidence, *evidence.also), strict=True))
    ]
    return _said("and").join(said)


def _statement(check: Check, evidence: Evidence, where: str) -> str:
    left, values = check.left, evidence.values
    if evidence.passages:
        return _said("check_note", where=where)
    if not values:
        return _said("check_none", where=where, set=_set(selects_of(left)[0]))
    things = _operands(left, evidence.shown or values) if isinstance(left, Combine) else _things(values)
    if isinstance(left, Reduce) and left.how != "value":
        things = _said("thing", row=_set(left.of))
    if check.relation in ("exists", "agree", "rises", "falls", "same"):
        bound = _said("check_bound", bound=bound_text(check.claim)) if check.claim is not None else ""
        return _said(f"check_{check.relation}", where=where, things=things) + bound
    if check.claim is not None:
        bound = bound_text(check.claim.model_copy(update={"operator": check.relation}))
        return _said("check_claim", where=where, things=things, bound=bound)
    if is_place(check.right):
        return _said("check_place", where=where, things=things)
    sides = Combine(how="list", operands=[side for side in (left, check.right) if side is not None])
    return _said("check_sides", where=where, things=_operands(sides, values), relation=OPERATORS[check.relation])


def _subject(part: Define | Passage, text: AnswerText) -> str:
    """What was looked for in the text: terms, names, or the things that a question speaks of."""
    if isinstance(part, Define):
        return "、".join(part.terms)
    named = [*part.subject] or [names[0] for names in part.things if names]
    if part.about in ("target", "owner") and not part.subject:
        named = [s.subject if isinstance(s, Chunk) else s.label for s in text.cited]
    if part.about == "form":
        named = [s.name for s in text.cited if isinstance(s, Fact)]
    if part.about == "search":
        named = [names[0] for names in (*part.things, *part.acts) if names] or named
    shown = list(dict.fromkeys(named))
    return "、".join(shown[:MOST_NAMED]) + ("等" if len(shown) > MOST_NAMED else "") or _said("department")
