"""A question to its Plan, with no language model.

In: a question, the plans of the turns before, the lexicon. Out: a Plan. The order is that of certainty: what must be refused,
what asks for words, then what asks for numbers; within numbers the outermost operation first. Each step is one small
function that takes the Context and returns a part, or None to pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.drafts import Draft, drafts, whole_budgets
from assistant.guards import after_linking, before_linking
from assistant.lexicon import Lexicon
from assistant.link import Reading, link
from assistant.plan import (
    Calculate, Check, Clarify, Combine, Condition, Define, Expression, Part, Passage, Plan, Reduce, Refuse, Select,
)  # fmt: skip
from index.amounts import YUAN
from index.kinds import BY_NAME
from assistant.projects import ProjectFinder, content_runs
from assistant.residue import restricting
from assistant.followup import complete, is_elliptical

ENOUGH, HALF = 0.6, 0.45
MONEY_ASKED = re.compile(r"花(?!园)|多少钱|多少万|预算|经费|费用|几块钱")
SPOKEN_PROJECT = {"项目预算", "项目经费", "项目资金"}  # the column, or the money of one project
CHANGE, GROWTH = "比上年增减", "比上年增长率"
ASKING = {"what", "share", "ratio", "count", "list", "which", "largest", "smallest", "define", "reason", "mean", "duty",
          "difference", "target", "owner", "sum", "yesno"}  # fmt: skip


@dataclass
class Context:
    """Everything that the steps look at."""

    reading: Reading
    drafts: list[Draft]
    lexicon: Lexicon
    projects: list[str]
    conditions: list[Condition]

    @property
    def first(self) -> Draft:
        return self.drafts[0] if self.drafts else Draft()

    @property
    def unit(self) -> str | None:
        """The unit of money asked for."""
        money = [m for m in self.reading.of("money")]
        return money[-1].values("money")[0] if money else None

    @property
    def decimals(self) -> int | None:
        wanted = self.reading.quantities("decimals")
        return int(wanted[0].value) if wanted and self.unit else None

    def has(self, *cues: str) -> bool:
        return self.reading.has(*cues)

    def noun(self, *nouns: str) -> bool:
        return any(value in nouns for m in self.reading.of("noun") for value in m.values("noun"))


class Planner:
    """Plans questions over one state of the store."""

    def __init__(self, lexicon: Lexicon, finder: ProjectFinder, longest: int = 2000) -> None:
        self._lexicon, self._finder, self._longest = lexicon, finder, longest

    def plan(self, question: str, previous: Sequence[Plan] = ()) -> Plan:
        """The plan of a question in the conversation of the plans before it."""
        refused = before_linking(question, self._lexicon, self._longest)
        if refused:
            return Plan(parts=[refused])
        return self._several(question, previous) or self._one(question, previous)

    def _one(self, question: str, previous: Sequence[Plan]) -> Plan:
        """The plan of one question."""
        reading = link(question, self._lexicon)
        context = self._context(reading)
        context.projects = self._spoken_of(context, previous) or context.projects
        taken = [f"“{m.text}”按“{m.typo}”理解" for m in reading.typos() if m.typo]
        if _asks_classified(context):
            return Plan(parts=[Refuse(reason="not_public", detail=context.projects[0])])
        refusal = after_linking(reading, self._lexicon, context.projects)
        if refusal:
            intended = self._numbers(context) if refusal.reason == "other_year" else None
            if isinstance(intended, Calculate):
                refusal.intended = intended
            return Plan(parts=[refusal], taken=taken)
        if previous and is_elliptical(context):
            followed = complete(context, previous)
            if followed:
                return Plan(parts=[followed], confidence=0.9, taken=taken)
        part = self._words(context) or self._unexplained(context) or self._numbers(context)
        part = part or self._fallback(context)
        return Plan(parts=[part], confidence=_confidence(reading), taken=taken)

    def _several(self, question: str, previous: Sequence[Plan]) -> Plan | None:
        """The plan of several questions in one, each in the light of those before it; None when it is one question."""
        pieces = self._questions(question)
        if len(pieces) < 2:
            return None
        plans: list[Plan] = []
        for piece in pieces:
            plan = self._one(piece, [*previous, *plans])
            if not isinstance(plan.parts[0], Calculate | Define | Passage | Refuse):
                return None
            if plans and _same_project_words(plans[-1], plan):
                return None
            plans.append(plan)
        return Plan(
            parts=[part for plan in plans for part in plan.parts], confidence=min(plan.confidence for plan in plans),
            taken=[text for plan in plans for text in plan.taken],
        )  # fmt: skip

    def _questions(self, question: str) -> list[str]:
        """Pieces between punctuation that each ask something; a piece that asks nothing goes with the one after it."""
        pieces: list[str] = []
        waiting, seen = "", set[str]()
        for piece in re.split(r"(?<=[，,；;？?。！!])", question):
            waiting += piece
            reading = link(piece, self._lexicon)
            asked = {value for m in reading.mentions for value in m.values("cue")} & ASKING
            if not pieces or "share" in asked:
                asked.discard("sum")
            listing = re.search(r"哪些|哪几|列|分别|有啥|什么|都有", piece)
            if "list" in asked and not listing:
                asked.discard("list")
            if "count" in asked and not re.search(r"有|共|多少|总数|[个项家]$", piece.rstrip("，,；;？?。")):
                asked.discard("count")
            stands = bool(drafts(reading, self._lexicon)) or reading.of("noun") or reading.unknown()
            detail = not stands and asked <= {"what", "list"}
            if asked and not (detail and pieces) and (stands or not pieces or not asked <= seen):
                pieces.append(waiting)
                waiting, seen = "", asked
            elif asked:
                pieces[-1] += waiting
                waiting = ""
        if waiting and pieces:
            pieces[-1] += waiting
        return pieces

    def _context(self, reading: Reading) -> Context:
        found = whole_budgets(drafts(reading, self._lexicon), reading)
        if MONEY_ASKED.search(reading.text):
            for draft in found:  # 公车花多少: not how many there are
                draft.labels = [n for n in draft.labels if n not in self._lexicon.counted]
        else:
            for draft in found:
                counted = [n for n in draft.labels if n in self._lexicon.counted]
                asks_count = reading.has("count") or re.search(r"多少(?:辆|台|平)|几(?:辆|台)|数量|辆|台|平方米|面积", reading.text)
                if counted and len(counted) < len(draft.labels):
                    draft.labels = counted if asks_count else [n for n in draft.labels if n not in counted]
        named = [name for draft in found for name in draft.projects]
        projects = named or self._searched(reading, found)
        conditions = [
            Condition(operator=q.operator, amount=q.value, unit=q.unit)
            for q in reading.quantities("amount") if q.operator
        ]  # fmt: skip
        return Context(reading, found, self._lexicon, projects, conditions)

    def _searched(self, reading: Reading, found: list[Draft]) -> list[str]:
        """Projects found by topic, where the labels of tables leave more of the question unexplained."""
        asks_which = reading.has("which", "list") and any("project" in m.values("noun") for m in reading.of("noun"))
        owners = {u for d in found for u in d.units}
        matches = self._counted(reading) or self._finder.best(reading, HALF if asks_which else ENOUGH)
        if owners and not reading.has("yesno"):
            matches = [m for m in matches if self._lexicon.project_units.get(m) in owners or any(u in m for u in owners)]
        unexplained = bool(reading.unknown()) or any(
            m.quantity is not None and m.quantity.kind == "code" and m.quantity.text not in self._lexicon.words
            for m in reading.mentions
        )
        about_projects = any("project" in m.values("noun") for m in reading.of("noun")) or any(
            m.text in SPOKEN_PROJECT for m in reading.of("column")
        )
        has_label = any(draft.labels or draft.codes for draft in found)
        topical = bool(reading.of("weak"))
        if about_projects and asks_which and not reading.quantities("rank") and not reading.has("largest", "smallest"):
            return self._finder.about(reading) or matches
        if not matches or (has_label and not unexplained and not topical):
            return []
        if unexplained or about_projects or self._finder.says_much(reading, matches):
            return matches
        return matches if not any(d.named or d.columns or d.level for d in found) else []

    def _spoken_of(self, context: Context, previous: Sequence[Plan]) -> list[str]:
        """The project of the turn before, where a question about a target fits it as well as another."""
        if not previous or not context.has("target") or any(d.projects for d in context.drafts):
            return []
        last = previous[-1].parts[-1]
        before = last.subject if isinstance(last, Passage) else []
        if isinstance(last, Calculate) and isinstance(last.expression, Reduce) and last.expression.of.universe == "projects":
            before = last.expression.of.labels
        fitting = {m.name for m in self._finder.find(context.reading) if m.score >= HALF}
        return before if len(before) == 1 and before[0] in fitting else []

    def _counted(self, reading: Reading) -> list[str]:
        """两个项目: as many as the asker counts, where so many match half."""
        counts = [int(q.value) for q in reading.quantities("count") if "个" in q.text]
        matches = [m for m in self._finder.find(reading) if m.score >= HALF]
        return [m.name for m in matches[: counts[0]]] if counts and 1 < counts[0] == len(matches) else []

    # --- words ---------------------------------------------------------------------------------------------------
    def _words(self, context: Context) -> Part | None:
        return next((part for step in WORD_STEPS if (part := step(context)) is not None), None)

    # --- numbers -------------------------------------------------------------------------------------------------
    def _numbers(self, context: Context) -> Part | None:
        return next((part for step in NUMBER_STEPS if (part := step(context)) is not None), None)

    def _unexplained(self, context: Context) -> Part | None:
        """Words that the documents do not hold: no number may be given past them."""
        if context.projects:
            return None
        if any(n in self._lexicon.indicators for d in context.drafts for n in d.labels):
            return None
        absent = [name for draft in context.drafts for name in draft.absent]
        others = [draft for draft in context.drafts if draft.named and not draft.absent]
        if absent and not others:
            return Refuse(reason="not_found", detail=absent[0], suggestions=self._near(context))
        for code in context.reading.quantities("code"):
            if code.text not in self._lexicon.words:
                return Refuse(reason="not_found", detail=code.text)
        restricting_words = restricting(context.reading)
        if restricting_words:
            return Refuse(reason="not_found", detail="".join(restricting_words), suggestions=self._near(context))
        return None

    def _near(self, context: Context) -> list[str]:
        return [f"{match.name}预算多少" for match in self._finder.find(context.reading)[:3]]

    def _fallback(self, context: Context) -> Part:
        said = [run for run, weak in content_runs(context.reading) if len(run) >= 2]
        if said and not any(d.labels or d.columns or d.total for d in context.drafts):
            return Refuse(reason="not_found", detail="".join(said), suggestions=self._near(context))
        return Clarify(text="请说明想查哪一项", choices=self.examples()[:4])

    def examples(self) -> list[str]:
        """Questions that the indexed documents answer, for the page and for questions back."""
        choices = ["总预算是多少", "基本支出和项目支出各是多少", "“三公”经费是多少", "金额最大的三个项目是哪些"]
        return choices if self._lexicon.documents else []


def _asks_classified(context: Context) -> bool:
    """What a classified project (涉密) consists of; its printed amount may be asked."""
    classified = len(context.projects) == 1 and "涉密" in context.projects[0]
    content = re.search(r"具体|内容|哪些|什么|品牌|型号|清单|明细|详细|目标", context.reading.text)
    return bool(classified and content and not AMOUNT_WORDS.search(context.reading.text))


def _same_project_words(before: Plan, plan: Plan) -> bool:
    """A second piece that only asks for the target or owner of the first one's project: one question."""
    first, second = before.parts[-1], plan.parts[0]
    return (
        isinstance(first, Calculate) and isinstance(second, Passage) and second.about in ("target", "owner")
        and isinstance(first.expression, Reduce) and first.expression.of.universe == "projects"
    )  # fmt: skip


def _confidence(reading: Reading) -> float:
    score = 1.0 - 0.1 * len(reading.typos())
    score -= sum(0.05 * len(m.text) for m in reading.unknown())
    return max(0.1, round(score, 2))


AMOUNT_WORDS = re.compile(r"多少|几何|几多|几钱|几万|几块|金额|的钱|花.{0,3}钱|预算数|花费|数额|多大")


# --- what asks for words -------------------------------------------------------------------------------------------
def _asks_amount(context: Context) -> bool:
    return bool(AMOUNT_WORDS.search(context.reading.text)) or bool(context.conditions)


def _definition(context: Context) -> Part | None:
    terms = context.reading.of("term")
    composed = re.search(r"包括|包含|组成|由哪", context.reading.text) and not context.noun("project", "unit")
    composed = composed and not context.reading.of("unit") and not context.has("subordinates")
    if terms and composed and not _asks_amount(context) and not context.has("each"):
        return Define(terms=terms[0].values("term"))
    asks = context.has("define") or (not _asks_amount(context) and any("是什么" in m.text for m in context.reading.mentions))
    picks = context.has("largest", "smallest", "which", "count") or context.reading.quantities("rank")
    if not asks or _asks_amount(context) or picks or context.has("reason"):
        return None
    if terms:
        return Define(terms=list(dict.fromkeys(m.values("term")[0] for m in terms)))
    if (context.has("define") or composed) and context.first.labels and not context.projects:
        return Passage(about="explain", query=context.reading.question, subject=[*context.first.labels, *context.first.words])
    if context.has("define") and context.first.named and not context.projects:
        return Passage(about="search", query=context.reading.question, subject=context.first.words)
    return None


def _duties(context: Context) -> Part | None:
    if not context.has("duty") or context.projects or _asks_amount(context):
        return None
    units = [u for d in context.drafts for u in d.units]
    return Passage(about="duty", subject=units, query=context.reading.question)


def _organisation(context: Context) -> Part | None:
    if _asks_amount(context) or context.has("largest", "smallest"):
        return None
    if context.has("structure"):
        return Passage(about="structure", query=context.reading.question)
    labelled = any(d.labels for d in context.drafts)
    if context.has("subordinates") and not labelled and not any(d.columns for d in context.drafts):
        return Passage(about="subordinates", query=context.reading.question)
    if context.has("subordinates") and labelled:
        return Passage(about="note", subject=context.first.labels, query=context.reading.question)
    return None


def _reasons(context: Context) -> Part | None:
    if not context.has("reason"):
        return None
    subject = [*context.projects, *(n for d in context.drafts for n in (*d.units, *d.labels, *d.words))]
    if context.projects or (any(d.units for d in context.drafts) and not context.has("change")):
        return Passage(about="target", subject=_target_projects(context) or subject, query=context.reading.question)
    subject += [m.text for m in context.reading.of("total")]
    return Passage(about="reason", subject=list(dict.fromkeys(subject)), query=context.reading.question)


def _target_projects(context: Context) -> list[str]:
    """A unit with a topic: the projects whose names hold both (数据事务中心 + 买车)."""
    if context.projects:
        return context.projects
    units = [u for d in context.drafts for u in d.units]
    labels = [label for d in context.drafts for label in d.labels]
    return [p for p in context.lexicon.projects for u in units for label in labels
            if u in p and any(label[i : i + 4] in p for i in range(max(1, len(label) - 3)))]  # fmt: skip


def _targets(context: Context) -> Part | None:
    if not context.projects or context.has("without"):
        return None
    owner_only = context.has("owner") and not _asks_amount(context)
    if owner_only:
        return Passage(about="owner", subject=context.projects, query=context.reading.question)
    amount = _asks_amount(context) and not _asks_indicator(context)
    if context.has("target") and not amount:
        return Passage(about="target", subject=context.projects, query=context.reading.question)
    return None


def _asks_indicator(context: Context) -> bool:
    """A number inside a target is asked for: 正常运行率要达到多少."""
    text = context.reading.text
    at = max((text.find(w) for w in ("绩效目标", "目标", "指标", "要求")), default=-1)
    return at >= 0 and any(w in text[at:] for w in ("达到多少", "要多少", "率", "百分之", "是多少")) and "目标" in text


def _words_about(context: Context) -> bool:
    """Whether something about a project is asked in words: 干嘛的, 给谁用, 怎么做."""
    searched = context.noun("project") and context.has("list", "which")
    return not searched and (context.has("define", "duty", "list", "which", "owner", "target") or bool(
        re.search(r"谁|怎么|什么|啥|哪|如何|何", context.reading.text)))  # fmt: skip


def _owner_claim(context: Context) -> Part | None:
    """卫星遥感是行政服务中心负责的吧: whether a project belongs to a unit."""
    units = [u for d in context.drafts for u in d.units if not any(u in p for p in context.projects)]
    if len(context.projects) != 1 or not units or not _yes_no(context) or _asks_amount(context):
        return None
    return Passage(about="owner", subject=context.projects, claim=units, query=context.reading.question)


def _about_project(context: Context) -> Part | None:
    """Anything else asked in words about a project: its target says it."""
    if not context.projects or len(context.projects) > 2 or _asks_amount(context):
        return None
    asked = _words_about(context) and not context.has("largest", "smallest", "share", "count")
    return Passage(about="target", subject=context.projects, query=context.reading.question) if asked else None


def _assets(context: Context) -> Part | None:
    """哪些固定资产, 买什么: a list that only prose holds."""
    figures = [n for d in context.drafts for n in d.labels if n in context.lexicon.figures]
    if context.has("list") and figures and not _asks_amount(context) and not context.noun("project"):
        return Passage(about="search", subject=figures, query=context.reading.question)
    return None


WORD_STEPS: list[Callable[[Context], Part | None]] = [
    _definition, _owner_claim, _targets, _reasons, _organisation, _duties, _about_project, _assets,
]  # fmt: skip


# --- what asks for numbers -----------------------------------------------------------------------------------------
def _value(select: Select) -> Reduce:
    return Reduce(how="value", of=select)


def _calculate(context: Context, expression: Expression | Check) -> Calculate:
    return Calculate(
        expression=expression, unit=context.unit, decimals=context.decimals, with_target=context.has("target") and bool(context.projects),
        with_owner=context.has("owner") and bool(context.projects), names_only=_which_projects(context),
    )  # fmt: skip


def _indicator(context: Context) -> Part | None:
    """A figure inside a performance target: 正常运行率要求达到多少."""
    indicators = context.lexicon.indicators
    labels = [n for d in context.drafts for n in d.labels if n in indicators]
    if context.projects:
        labels = [n for n in labels if indicators[n] & set(context.projects)]
    if not labels or not (_asks_amount(context) or context.has("count")):
        return None
    return _calculate(context, _value(Select(labels=labels, under=context.projects)))


def _which_projects(context: Context) -> bool:
    """哪个项目提到…: the project is asked for, not its amount."""
    return bool(context.projects) and context.has("which", "list") and context.noun("project") and not (
        AMOUNT_WORDS.search(context.reading.text) or context.has("largest", "smallest", "count", "sum", "mean")
    )


def _operands(context: Context) -> list[Draft]:
    """The drafts that can be operands, each completed by what its neighbours say."""
    if context.projects and not any(d.projects for d in context.drafts):
        rest = [d for d in context.drafts if (d.columns or d.total) and not d.labels]
        units = [u for d in context.drafts for u in d.units if not any(u in name for name in context.projects)]
        return [Draft(projects=context.projects, words=context.projects, units=units), *rest]
    return [d for d in context.drafts if d.named or d.columns]


def _shared(operands: list[Draft]) -> list[Draft]:
    """Lend slots between operands: 交易中心的基本支出比服务中心多; 办公费基本支出和项目支出."""
    first = operands[0]
    for draft in operands[1:]:
        if not draft.named and draft.columns and first.named:
            draft.labels, draft.codes, draft.units, draft.projects = first.labels, first.codes, first.units, first.projects
        if draft.units and not draft.columns and not draft.labels:
            draft.columns, draft.labels = first.columns, first.labels
        if draft.labels and not draft.columns and first.columns and first.labels:
            draft.columns = first.columns
        if draft.labels and not draft.units and first.units and first.labels:
            draft.units = first.units
        if draft.labels and not draft.tables and first.tables:
            draft.tables = first.tables
    last = operands[-1]
    for draft in operands[:-1]:
        if draft.units and not draft.columns and not draft.labels and last.units and (last.columns or last.labels):
            draft.columns, draft.labels = last.columns, last.labels
        if not draft.named and draft.columns and last.labels and last.columns:
            draft.labels = last.labels
        if draft.labels and not draft.columns and not draft.units and last.columns and last.labels:
            draft.columns = last.columns
    return operands


def _share(context: Context) -> Part | None:
    if not context.has("share") or _is_change(context):
        return None
    operands = _operands(context)
    cue = context.reading.cue("share")
    assert cue is not None
    part_set = _set_before(context, cue.start)
    if part_set is not None:
        after = [d for d in operands if d.start >= cue.end]
        whole_of_set = _value(after[0].select()) if after else default_whole(Draft(projects=["*"]))
        return _calculate(context, Combine(how="share", operands=[Reduce(how="sum", of=part_set), whole_of_set]))
    if not any(d.end <= cue.start for d in operands) and context.noun("project") and not context.projects:
        operands = [Draft(columns=["项目支出"], words=["项目"]), *operands]
    if not operands:
        return None
    dropped = [m for m in context.reading.mentions if m.end <= cue.start and (m.is_a("label", "weak") or not m.known)]
    if dropped and not any(d.start < cue.start for d in operands):
        return None  # what the share is of was named, but not understood
    if len(operands) >= 2:
        whole = next((d for d in operands[:-1] if d.inside and d.end <= cue.start), None)
        if whole is not None and all(d.end <= cue.start or d is whole for d in operands):
            part = next(d for d in operands if d is not whole)
        else:
            part, whole = operands[0], operands[-1]
        parts = [d for d in operands if d is not whole]
        for draft in parts:
            _lend_whole(draft, whole)
        left: Expression = _value(part.select())
        if len(parts) > 1 and context.has("each", "list"):
            shares = [Combine(how="share", operands=[_value(d.select()), _value(_whole_select(whole, d))]) for d in parts]
            return _calculate(context, Combine(how="list", operands=list(shares)))
        if len(parts) > 1:
            left = Combine(how="sum", operands=[_value(d.select()) for d in parts])
        return _calculate(context, Combine(how="share", operands=[left, _value(_whole_select(whole, part))]))
    if len(operands) == 1 and operands[0].under:
        draft = operands[0]
        whole_select = draft.select(labels=draft.under, under=[])
        return _calculate(context, Combine(how="share", operands=[_value(draft.select()), _value(whole_select)]))
    return _calculate(context, Combine(how="share", operands=[_value(operands[0].select()), default_whole(operands[0])]))


def _set_before(context: Context, end: int) -> Select | None:
    """A described set as the part of a share: 前三个项目, 超过一百万的项目."""
    tops = [q for q in context.reading.quantities("rank") if q.text in ("前", "后") and q.end <= end]
    bounded = bool(context.conditions) and not _yes_no(context)
    if not tops and not bounded and not context.has("largest", "smallest"):
        return None
    universe = _universe(context)
    if universe is None:
        return None
    if tops:
        universe.top = int(tops[0].value) * (1 if tops[0].text == "前" else -1)
    elif context.has("largest", "smallest"):
        universe.top = 1 if context.has("largest") else -1
    return universe


def _lend_whole(part: Draft, whole: Draft) -> None:
    """The part of a whole is in the whole's column and unit: 行政运行占基本支出."""
    if part.labels and whole.columns and not whole.labels and not part.columns:
        part.columns = whole.columns
    if part.labels and whole.units and not part.units:
        part.units = whole.units
    if part.columns and not part.named and whole.units:
        part.units = whole.units


def _whole_select(whole: Draft, part: Draft) -> Select:
    if whole.labels and part.columns and not whole.columns and not part.projects:
        return whole.select(columns=part.columns)
    return whole.select()


def default_whole(part: Draft) -> Reduce:
    """What a share is of when nothing is said: all project expenditure for a project, else the total of the column."""
    if part.projects:
        return _value(Select(columns=["项目支出"]))
    if part.units and part.columns:
        return _value(Select(columns=part.columns))
    if part.labels and part.columns:
        return _value(Select(columns=part.columns))
    return _value(Select(total="支出"))


def _ratio(context: Context) -> Part | None:
    operands = _operands(context)
    if not context.has("ratio") or len(operands) < 2:
        return None
    first, second = _shared(operands)[:2]
    return _calculate(context, Combine(how="ratio", operands=[_value(first.select()), _value(second.select())]))


def _difference(context: Context) -> Part | None:
    operands = _operands(context)
    compares = context.has("difference") or (context.has("than") and context.has("more", "less") and not _yes_no(context))
    if not compares or len(operands) < 2 or _is_change(context):
        return None
    shared = _shared(operands)
    if len(shared) > 2 and context.has("sum"):
        than = context.reading.cue("than")
        cut = sum(d.end <= than.start for d in shared) if than else 1
        sides = [_side(shared[: cut or 1]), _side(shared[cut or 1 :])]
        return _calculate(context, Combine(how="difference", operands=sides))
    first, second = _compared(context, shared)
    return _calculate(context, Combine(how="difference", operands=[_value(first.select()), _value(second.select())]))


def _side(drafts: list[Draft]) -> Expression:
    """One side of a comparison: a value, or the sum of several."""
    values: list[Expression] = [_value(d.select()) for d in drafts]
    return values[0] if len(values) == 1 else Combine(how="sum", operands=values)


def _compared(context: Context, operands: list[Draft]) -> tuple[Draft, Draft]:
    """What is compared with what: the thing after 比 is the measure, wherever the other stands."""
    first, second = operands[0], operands[1]
    than = context.reading.cue("than")
    if than is not None and than.end <= first.start and not any(d.end <= than.start for d in operands):
        return second, first
    return first, second


def _except(context: Context) -> Part | None:
    """What is left of a whole without some of its parts: 工资福利支出里除了奖金."""
    cue = context.reading.cue("except")
    operands = _operands(context)
    if cue is None or not operands or any(m.is_a("noun") and m.start >= cue.end for m in context.reading.of("noun")[:1]):
        return None
    if len(operands) == 1:
        whole_total = default_whole(operands[0]) if operands[0].projects else _value(Select(total="支出"))
        return _calculate(context, Combine(how="difference", operands=[whole_total, _value(operands[0].select())]))
    before = [d for d in operands if d.end <= cue.start]
    after = [d for d in operands if d.start >= cue.end]
    whole, parts = (before[0], after) if before else (after[-1], after[:-1])
    if not parts:
        return None
    removed: Expression = _value(parts[0].select())
    if len(parts) > 1:
        removed = Combine(how="sum", operands=[_value(d.select()) for d in parts])
    return _calculate(context, Combine(how="difference", operands=[_value(whole.select()), removed]))


def _wants_sum(context: Context) -> bool:
    totals = (m.text for m in context.reading.of("total"))
    return context.has("sum") or any(word in text for text in totals for word in ("合计", "总", "一共"))


def _sum(context: Context) -> Part | None:
    operands = _operands(context)
    if not _wants_sum(context) or context.has("each", "list"):
        return None
    rows = [d for d in operands if d.named and not (d.total and not (d.labels or d.units or d.codes))]
    columns = [d for d in operands if not d.named and d.columns]
    spread = {c for d in operands for c in d.columns} >= {"基本支出", "项目支出"}
    if spread and len(rows) >= 2 and all(d.labels for d in rows):
        cells = [d.select(columns=[scope], tables=[]) for d in rows for scope in ("基本支出", "项目支出")]
        return _calculate(context, Combine(how="sum", operands=[_value(s) for s in cells]))
    if len(rows) == 1 and len(columns) >= 1 and rows[0].columns:
        rows += columns
    if len(rows) < 2 and len(columns) >= 2 and not rows:
        rows = columns
    if len(rows) < 2:
        return _sum_over_tables(context, operands)
    rows = _shared(rows)
    return _calculate(context, Combine(how="sum", operands=[_value(d.select()) for d in rows]))


def _sum_over_tables(context: Context, operands: list[Draft]) -> Part | None:
    """One item over the basic and the project table: 委托业务费两张表加总."""
    if len(operands) == 1 and operands[0].labels and not operands[0].columns and not operands[0].units:
        both = {"基本支出", "项目支出"} <= {f for n in operands[0].labels for f in context.lexicon.label_facets[n]}
        if both and context.has("sum") and any(w in context.reading.text for w in ("加起来", "合起来", "加总", "相加", "两张", "两个表", "两表", "之和")):
            scopes = [_value(operands[0].select(columns=[scope], classification=None)) for scope in ("基本支出", "项目支出")]
            return _calculate(context, Combine(how="sum", operands=list(scopes)))
    return None


# --- sets: rank, count, list, mean ---------------------------------------------------------------------------------
def _universe(context: Context) -> Select | None:
    """The set that is ranked, counted or listed, or None when no set is named."""
    draft = context.first
    units = [u for d in context.drafts for u in d.units]
    columns = list(dict.fromkeys(c for d in context.drafts for c in d.columns))
    tables = [t for d in context.drafts for t in d.tables]
    level = next((d.level for d in context.drafts if d.level), None)
    classification = next((d.classification for d in context.drafts if d.classification), None)
    labels = [label for d in context.drafts for label in d.labels]
    where = context.conditions
    project_table = "project_list" in tables
    if context.projects and not context.reading.quantities("rank"):
        return Select(universe="projects", labels=context.projects, units=units, where=where)
    if classification is None and level is None and context.noun("project") and not labels:
        return Select(universe="projects", units=units, where=where)
    compares_units = context.has("owner") and (columns or context.has("largest", "smallest")) and not labels
    if (context.noun("unit") and not units) or compares_units:
        return Select(universe="units", columns=columns, where=where)
    of_parts = draft.inside or context.noun("subject") or context.has("each", "list")
    if labels and len(context.drafts) == 1 and of_parts and _has_parts(labels, context.lexicon):
        return Select(under=labels, columns=columns, tables=tables, where=where)
    if classification is None and (columns or tables) and not (set(tables) & {"project_list"}):
        classification = _classification_of(columns, tables, level)
    if classification or level:
        classification = classification or "functional"
        default_level = 2 if classification == "economic" else 1
        return Select(classification=classification, level=level or default_level, columns=columns,
                      tables=[t for t in tables if t != "project_list"], where=where)  # fmt: skip
    if project_table or (context.noun("project") and not labels):
        return Select(universe="projects", units=units, where=where)
    if len(units) > 1:
        return Select(universe="units", units=units, columns=columns, where=where)
    return None


def _has_parts(labels: list[str], lexicon: Lexicon) -> bool:
    return any(whole in labels for whole, _ in lexicon.parts)


def _classification_of(columns: list[str], tables: list[str], level: int | None) -> str | None:
    if tables:
        rows = BY_NAME[tables[0]].rows
        return rows if rows in ("functional", "economic", "three_public") else None
    if level == 3:
        return "functional"
    if {"基本支出", "项目支出"} & set(columns):
        return "economic"
    return None


def _rank(context: Context) -> Part | None:
    ranks = context.reading.quantities("rank")
    ordered = context.has("largest", "smallest", "descending", "ascending") or bool(ranks)
    if not ordered:
        return None
    universe = _universe(context)
    if universe is None:
        return None
    text = context.reading.text
    if any(d.numbering for d in context.drafts):
        return None
    descending = not (context.has("smallest", "ascending") or any(q.text == "后" for q in ranks) or "倒数" in text)
    n: int | None = None
    position: int | None = None
    for quantity in ranks:
        if quantity.text == "第":
            position = int(quantity.value)
        else:
            n = int(quantity.value)
    if n and (context.has("mean") or _wants_sum(context)):
        universe.top = n if descending else -n
        return _calculate(context, Reduce(how="mean" if context.has("mean") else "sum", of=universe))
    cue = context.reading.cue("largest", "smallest")
    counted = [q for q in context.reading.quantities("count") if cue and q.start >= cue.end and q.start - cue.end <= 2]
    if n is None and position is None and counted:
        n = int(counted[0].value)
    if n is None and position is None and context.has("largest", "smallest"):
        position = 1
    if universe.universe == "items" and universe.classification and not universe.under and context.has("descending"):
        universe.where = universe.where or [Condition(operator="gt", amount=Decimal(0))]
    return _calculate(context, Reduce(how="rank", of=universe, descending=descending, n=n, position=position))


def _which_is_more(context: Context) -> Part | None:
    """基本支出和项目支出哪个多: of named things the one with more."""
    operands = _operands(context)
    compared = context.has("more", "less", "largest", "smallest") and context.has("which", "owner")
    if not compared or len(operands) < 2:
        return None
    least = context.has("less", "smallest")
    selects = [_value(d.select()) for d in _shared(operands)]
    return _calculate(context, Combine(how="least" if least else "greatest", operands=list(selects)))


def _by_amount(context: Context) -> Part | None:
    """700万的那个项目是哪个: found by its printed amount."""
    amounts = [q for q in context.reading.quantities("amount") if q.operator is None and q.unit in YUAN]
    if not amounts or not context.has("which", "list", "what") or _yes_no(context):
        return None
    context.conditions = [Condition(operator="eq", amount=amounts[0].value, unit=amounts[0].unit)]
    universe = _universe(context)
    return _calculate(context, Reduce(how="list", of=universe)) if universe is not None else None


def _count_or_list(context: Context) -> Part | None:
    if context.has("without") and not context.projects:
        return _calculate(context, Reduce(how="list", of=Select(universe="projects", without_target=True)))
    several = len([d for d in _operands(context) if d.columns or d.named]) > 1
    if several and context.has("each") and not context.reading.of("noun", "level") and not context.conditions:
        return None
    universe = _universe(context)
    if universe is None or len(context.projects) == 1:
        return None
    text = context.reading.text
    if universe.universe == "projects" and universe.units and not _asks_amount(context) and not context.has("count", "mean"):
        return _calculate(context, Reduce(how="list", of=universe))
    if context.has("mean"):
        return _calculate(context, Reduce(how="mean", of=universe))
    if context.has("count") and not any(d.labels for d in context.drafts):
        return _calculate(context, Reduce(how="count", of=universe))
    if universe.universe == "projects" and _wants_sum(context) and (context.conditions or universe.labels):
        return _calculate(context, Reduce(how="sum", of=universe))
    named = context.has("list", "each") or context.conditions or "哪些" in text
    if any(d.labels or d.codes for d in context.drafts) and not universe.under and not context.conditions:
        return None
    if not named:
        return None
    if any(d.columns for d in context.drafts) and universe.universe == "projects" and not context.conditions:
        if not context.has("list"):
            return None
    if universe.universe == "items" and not universe.under and not universe.level and not context.conditions:
        return None
    return _calculate(context, Reduce(how="list", of=universe))


def _each(context: Context) -> Part | None:
    """Several named things at once: 基本支出和项目支出各是多少."""
    operands = _operands(context)
    if len(operands) < 2 or context.projects:
        return None
    operands = [d for d in operands if not d.whole] or operands
    operands = _shared(operands)
    selects = [d.select() for d in operands]
    return _calculate(context, Combine(how="list", operands=[_value(s) for s in selects]))


# --- statements ----------------------------------------------------------------------------------------------------
def _yes_no(context: Context) -> bool:
    if not context.has("yesno", "exists"):
        return False
    if context.reading.has("list", "which"):
        return False
    return not any(w in context.reading.text for w in ("多少", "几个", "几项", "百分之几", "几成", "几倍"))


def _statement(context: Context) -> Part | None:
    if not _yes_no(context):
        return None
    operands = _operands(context)
    claims = [q for q in context.reading.quantities("amount")]
    if _is_change(context):
        return _change_check(context)
    if context.reading.quantities("rank"):
        return None
    if operands and (context.has("half") or any(q.unit == "%" for q in claims)):
        whole = _value(operands[1].select()) if len(operands) > 1 else default_whole(operands[0])
        share = Combine(how="share", operands=[_value(operands[0].select()), whole])
        amount = next((q.value for q in claims if q.unit == "%"), Decimal(50))
        stated = next((q.operator for q in claims if q.unit == "%"), None)
        relation = stated or ("lt" if context.has("less") else "gt")
        return _calculate(context, Check(left=share, relation=relation,
                                         claim=Condition(operator="eq", amount=amount, unit="%")))  # fmt: skip
    if len(operands) >= 2 and context.has("than", "more", "less", "same"):
        first, second = _compared(context, _shared(operands))
        relation = "lt" if context.has("less") else ("eq" if context.has("same") else "gt")
        return _calculate(context, Check(left=_value(first.select()), relation=relation, right=_value(second.select())))
    if claims and operands:
        claim = claims[0]
        relation = claim.operator or "eq"
        return _calculate(
            context,
            Check(left=_value(operands[0].select()), relation=relation,
                  claim=Condition(operator="eq", amount=claim.value, unit=claim.unit)),  # fmt: skip
        )
    if context.has("exists") and context.noun("key_project"):
        return _calculate(context, Check(left=_value(Select(tables=["key_project_targets"], level=1)), relation="exists"))
    arranged = len(operands) == 1 and re.search(r"安排|列支|列了", context.reading.text)
    asks_existence = context.has("exists") or arranged or re.search(r"有.{1,20}[吗么嘛]", context.reading.text)
    if asks_existence and operands and not claims:
        return _calculate(context, Check(left=_value(operands[0].select()), relation="exists"))
    return None


# --- changes against the year before -------------------------------------------------------------------------------
def _is_change(context: Context) -> bool:
    if context.has("change", "derive"):
        return True
    return bool(context.reading.quantities("relative_year")) and context.has("same", "more", "less", "difference", "than")


def stem(label: str) -> str:
    """A label without the word for money at its end: 公务接待费支出 and 公务接待费 are one."""
    return re.sub(r"(?:支出|费用|经费|费)+$", "", label)


def figure_labels(draft: Draft, lexicon: Lexicon) -> list[str]:
    """The names under which prose speaks of what a draft means: 总支出 is 支出预算 there."""
    names = [label for label in draft.labels if label in lexicon.figures]
    if not names and draft.labels:
        stems = {stem(label) for label in draft.labels}
        names = [name for name in sorted(lexicon.figures) if stem(name) in stems]
    if not names and (draft.total or not draft.named):
        side = draft.total
        words = {word for t in lexicon.vocabulary.totals if side is None or t.side == side for word in t.words}
        names = [name for name in sorted(lexicon.figures) if name in words]
    return names


def _change(context: Context) -> Part | None:
    if not _is_change(context):
        return None
    draft = context.first
    labels = figure_labels(draft, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    if context.has("derive"):
        now = _value(Select(labels=labels))
        return _calculate(context, Combine(how="difference", operands=[now, _value(Select(labels=labels, measure=CHANGE))]))
    if context.has("growth") and re.search(r"多少钱|多少万|金额|多少元|增加额", context.reading.text):
        both = [_value(Select(labels=labels, measure=m)) for m in (CHANGE, GROWTH)]
        return _calculate(context, Combine(how="list", operands=list(both)))
    measure = GROWTH if _wants_growth(context) else CHANGE
    return _calculate(context, _value(Select(labels=labels, measure=measure)))


def _wants_growth(context: Context) -> bool:
    text = context.reading.text
    return context.has("growth") and not any(w in text for w in ("多少钱", "多少万", "金额", "多少元"))


def _change_check(context: Context) -> Part | None:
    labels = figure_labels(context.first, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    text = context.reading.text
    falls = any(w in text for w in ("减少", "下降", "降", "少了", "低", "压减", "变少", "减"))
    relation = "same" if context.has("same") else ("falls" if falls else "rises")
    return _calculate(context, Check(left=_value(Select(labels=labels, measure=CHANGE)), relation=relation))


# --- the plain value -----------------------------------------------------------------------------------------------
def _plain(context: Context) -> Part | None:
    operands = _operands(context)
    if context.has("share", "ratio", "mean", "largest", "smallest", "except", "derive", "half"):
        return None  # an operation that could not be carried out is not passed over
    if any(not (q.text == "第" and operands and operands[0].numbering) for q in context.reading.quantities("rank")):
        return None
    if _yes_no(context) and not context.has("exists"):
        return None
    if not operands:
        return _whole(context)
    claims = [q for q in context.reading.quantities("amount") if q.operator is None and q.unit in YUAN]
    if claims and len(operands) == 1 and not context.projects:
        claim = Condition(operator="eq", amount=claims[0].value, unit=claims[0].unit)
        return _calculate(context, Check(left=_value(operands[0].select()), relation="eq", claim=claim))
    loose = [m for m in context.reading.of("weak") if not m.is_a("label", "unit")]
    if loose and not any(d.labels or d.codes or d.columns or d.projects or d.total for d in operands):
        return None  # 甲中心的工作经费 is not the whole budget of 甲中心
    draft = operands[0]
    vague = [m for m in context.reading.of("unit") if len(m.values("unit")) > 1]
    if vague and draft.units and not draft.columns and not draft.labels:
        choices = [f"{unit}的预算是多少" for unit in draft.units]
        return Clarify(text=f"“{vague[0].text}”可能指几个单位，请选择", choices=choices)
    if draft.tables and not draft.named and not draft.columns:
        return None
    if len(operands) == 1 and not draft.named and not draft.columns:
        return None
    return _calculate(context, _value(draft.select()))


def _whole(context: Context) -> Part | None:
    """Nothing named but the department itself, or projects as a whole: the total."""
    if context.reading.unknown() or not (_asks_amount(context) or context.has("sum")):
        return None
    if context.noun("project") and context.has("sum"):
        return _calculate(context, _value(Select(columns=["项目支出"])))
    if context.has("sum") and (context.reading.of("ourselves", "department") or context.noun("unit")):
        return _calculate(context, _value(Select(total="支出")))
    return None


def _table_total(context: Context) -> Part | None:
    """A table named alone: its total."""
    draft = context.first
    if draft.tables and not draft.named and not draft.columns:
        return _calculate(context, _value(draft.select()))
    return None


NUMBER_STEPS: list[Callable[[Context], Part | None]] = [
    _indicator, _statement, _change, _share, _ratio, _except, _difference, _which_is_more, _rank, _sum, _by_amount, _count_or_list,
    _each, _plain, _table_total,
]  # fmt: skip
