"""Mentions to operands.

In: a Reading. Out: drafts, each the slots of one select (label, column, unit, table, …) in the order of the question. A new
draft begins at a conjunction or comparison, or when a slot is taken already. What one draft leaves open another may lend.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cn2an

from assistant.lexicon import Lexicon, Sense
from assistant.link import Mention, Reading
from assistant.plan import Classification, Select
from index.kinds import BY_NAME

SEPARATORS = {"and", "also", "than", "same", "share", "ratio", "difference", "except"}
SCOPES = {"基本支出", "项目支出"}
LOOSE = 0.88  # within a named table a label may be said without its last word
REPHRASING = ("也就是", "也就是说", "就是说", "即", "换言之", "换句话说")
SLOT_KINDS = ("label", "absent", "column", "unit", "table", "total", "project", "headquarters", "code", "level", "noun")


@dataclass
class Draft:
    """The slots of one operand, and where in the question it stood; `inside` when 里/中 follows it."""

    start: int = 0
    end: int = 0
    labels: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    under: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    total: str | None = None
    level: int | None = None
    classification: Classification | None = None
    numbering: str | None = None
    inside: bool = False
    whole: bool = False
    all_units: bool = False

    @property
    def named(self) -> bool:
        """Whether it names rows of its own, not merely a column or a level."""
        return bool(
            self.labels or self.codes or self.projects or self.units or self.total or self.numbering or self.absent
        )

    @property
    def empty(self) -> bool:
        return not (self.named or self.columns or self.tables)

    def select(self, **changes: object) -> Select:
        """As a Select of a plan."""
        side = None if self.labels or self.codes or self.projects or self.units else self.total
        fields: dict = {
            "universe": "projects" if self.projects else "items", "labels": self.projects or self.labels,
            "codes": self.codes, "numbering": self.numbering if not (self.labels or self.codes) else None, "under": self.under,
            "level": self.level if not (self.labels or self.codes) else None,
            "classification": self.classification, "tables": self.tables, "columns": self.columns, "units": self.units,
            "total": side,
        }  # fmt: skip
        if side and self.columns and not self.tables:
            fields["total"] = None
        return Select(**{**fields, **changes})


def drafts(reading: Reading, lexicon: Lexicon) -> list[Draft]:
    """The operands of a question in its order; drafts that hold nothing are left out."""
    found: list[Draft] = [Draft()]
    spoken_short = any(m.text == "基本" and m.is_a("column") for m in reading.mentions)
    has_label = any(m.is_a("label", "code", "project") and not m.is_a("column") for m in reading.mentions)
    has_column = any(m.is_a("column") for m in reading.mentions)
    before: Mention | None = None
    for mention in reading.mentions:
        current = found[-1]
        cues = {s.value for s in mention.senses if s.kind == "cue"}
        if "：" in reading.breaks.get(mention.start, "") and current.labels:
            found[-1] = current = Draft(tables=current.tables)  # 社保：甲、乙、丙 — what follows the colon is meant
        only_number = current.numbering is not None and not (current.labels or current.codes or current.units)
        listed = (not only_number and "、" in reading.breaks.get(mention.start, "")) or "，" in reading.breaks.get(
            mention.start, ""
        )
        if mention.text in REPHRASING and _names_item_after(mention, reading):
            current = Draft(units=current.units, tables=current.tables)
            found[:] = [current]  # what follows is what is meant
        separates = bool(cues & SEPARATORS) and not mention.is_a(*SLOT_KINDS)
        if (separates or listed) and not current.empty:
            start = mention.end if separates else mention.start
            found.append(Draft(start=start, end=start))
            current = found[-1]
        if "inside" in cues and not current.empty:
            current.inside, current.whole = True, bool(current.labels) and before is not None and before.is_a("label")
        ordinal = mention.quantity and mention.quantity.kind == "rank" and mention.quantity.text == "第"
        if ordinal and mention.text.endswith("项") and current.tables:
            assert mention.quantity is not None
            current.numbering = cn2an.an2cn(int(mention.quantity.value))
        elif mention.quantity and mention.quantity.kind in ("code", "numbering"):
            _fill(found, mention, "quantity", has_label, lexicon)
        elif mention.is_a(*SLOT_KINDS):
            said = set(mention.values("column")) & set(current.columns)
            beside = any(m.is_a("column") and not m.is_a("label", "cue") for m in reading.mentions)
            slot = _slot_of(
                mention, has_label or beside or bool(said), _facets_say(mention, found) or bool(current.units)
            )
            if slot == "column" and mention.is_a("label") and _is_row_like_the_one_before(mention, found, reading):
                slot = "label"
            if slot == "label" and mention.is_a("total") and has_column:
                slot = "total"  # 政府性基金的支出预算: of that column, not the figure that prose gives for all
            if slot == "noun" and mention.text == "项目" and (spoken_short or _in_brackets(mention, reading)):
                mention.senses = [Sense("column", "项目支出")]
                slot = "column"
            _fill(found, mention, slot, has_label, lexicon)
        before = mention
    return [draft for draft in found if not draft.empty or draft.level or draft.classification]


def _is_row_like_the_one_before(mention: Mention, found: list[Draft], reading: Reading) -> bool:
    """津贴补贴和一般公共预算: after a row that has no column, a word that is row and column is a row too."""
    after = next((m for m in reading.mentions if m.start == mention.end), None)
    if after is not None and after.is_a("column", "label"):
        return False  # 占一般公共预算基本支出
    return len(found) > 1 and found[-1].empty and bool(found[-2].labels) and not found[-2].columns


def _in_brackets(mention: Mention, reading: Reading) -> bool:
    """办公费（项目）: the whole of a bracket."""
    return "（" in reading.breaks.get(mention.start, "") and "）" in reading.breaks.get(mention.end, "")


def _names_item_after(mention: Mention, reading: Reading) -> bool:
    return any(m.is_a("label", "code", "project", "column") for m in reading.mentions if m.start >= mention.end)


def whole_budgets(found: list[Draft], reading: Reading) -> list[Draft]:
    """基本加项目 said of units means their whole budget: the two columns restrict nothing then."""
    scopes = {c for d in found for c in d.columns if c in SCOPES}
    many = sum(len(d.units) for d in found) > 1 or any("unit" in m.values("noun") for m in reading.of("noun"))
    combined = reading.has("sum", "share", "largest", "smallest", "descending", "ascending", "mean")
    one = any(d.units for d in found) and combined
    if scopes != SCOPES or not (one or (many and (combined or reading.has("each")))):
        return found
    for draft in found:
        draft.columns = [c for c in draft.columns if c not in SCOPES]
    return [d for d in found if not d.empty or d.level or d.classification]


def _facets_say(mention: Mention, found: list[Draft]) -> bool:
    """Whether a table already named is itself of that money: 表9政府性基金预算支出."""
    facets = {f for d in found for t in d.tables for f in BY_NAME[t].facets}
    return bool(facets & set(mention.values("column")))


def _slot_of(mention: Mention, has_label: bool, other_row: bool) -> str:
    """Which of its meanings a mention has: a word that is both row and column is the column where another row is named."""
    if mention.is_a("project"):
        return "project"
    if mention.is_a("label") and mention.is_a("column"):
        return "column" if has_label or other_row else "label"
    return next(kind for kind in SLOT_KINDS if mention.is_a(kind))


def _fill(found: list[Draft], mention: Mention, slot: str, has_label: bool, lexicon: Lexicon) -> None:
    current = found[-1]
    if slot == "quantity":
        assert mention.quantity is not None
        if mention.quantity.kind == "numbering":
            current.numbering = mention.quantity.text
            return
        values = [mention.quantity.text]
        slot = "code"
    elif slot == "headquarters":
        values = [name for name in lexicon.units if any(name == info.department for info in lexicon.documents)]
        slot = "unit"
    elif slot == "label" and any(d.tables for d in found):
        values = [s.value for s in mention.senses if s.kind == "label" and s.score >= LOOSE]
    else:
        values = mention.values(slot)
    attribute = {"label": "labels", "absent": "absent", "code": "codes", "column": "columns", "unit": "units",
                 "table": "tables", "project": "projects"}.get(slot)  # fmt: skip
    if attribute is None:
        _fill_other(current, mention, slot, lexicon)
        return
    taken = getattr(current, attribute)
    if slot == "label" and set(values) & set(taken) and mention.start == current.end:
        current.end = mention.end  # 吃饭接待: one thing said in two words
    elif slot == "label" and taken and _is_part(values, taken, lexicon):
        current.under, current.labels, current.words = taken, values, [mention.text]
    elif slot == "code" and set(current.labels) & {n for code in values for n in lexicon.code_names.get(code, ())}:
        pass  # 工资福利支出（301）: the label says it already
    elif slot == "code" and current.labels:
        current.codes = values
        current.labels = []
    elif slot == "label" and current.codes:
        pass  # 2010301 行政运行: the code says it already
    elif not taken or slot == "table" or (slot == "column" and not _exclude_each_other(values, taken)):
        setattr(current, attribute, [*taken, *(v for v in values if v not in taken)])
        current.words.append(mention.text)
    else:
        found.append(Draft(start=mention.start, end=mention.end, words=[mention.text]))
        current = found[-1]
        setattr(current, attribute, values)
    if current.start == 0 and len(current.words) == 1:
        current.start = mention.start
    current.end = mention.end


def _exclude_each_other(values: list[str], taken: list[str]) -> bool:
    """Two columns of one kind cannot hold for one cell; a scope and a fund can (一般公共预算基本支出)."""
    return (values[0] in SCOPES) == (taken[-1] in SCOPES) and values[0] not in taken


def _is_part(values: list[str], taken: list[str], lexicon: Lexicon) -> bool:
    """Whether a label stands below the one before it in some table: 工资福利支出里的奖金."""
    return any((whole, part) in lexicon.parts for whole in taken for part in values)


def _fill_other(current: Draft, mention: Mention, slot: str, lexicon: Lexicon) -> None:
    if slot == "total":
        total = mention.values("total")[0]
        current.total = next(t.side for t in lexicon.vocabulary.totals if t.name == total)
        current.words.append(mention.text)
    elif slot == "level":
        current.level = int(mention.values("level")[0])
    elif slot == "noun":
        noun = mention.values("noun")[0]
        if noun in ("functional", "economic"):
            current.classification = noun  # type: ignore[assignment]
    current.end = mention.end
