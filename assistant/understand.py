"""A question to its Plan, with no language model.

In: a question, the plans of the turns before, the lexicon. Out: a Plan. The order is that of certainty: what must be refused,
what leans on the turn before, what asks for words, what names something that is not there, what asks for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.context import AMOUNT_WORDS, Context
from assistant.coverage import words_said
from assistant.drafts import Draft, drafts, whole_budgets
from assistant.explained import unexplained
from assistant.followup import complete, is_elliptical
from assistant.guards import after_linking, before_linking
from assistant.lexicon import Lexicon
from assistant.link import Reading, link
from assistant.plan import Calculate, Clarify, Condition, Define, Part, Passage, Plan, Reduce, Refuse, selects_of
from assistant.projects import ProjectFinder, content_runs
from assistant.residue import restricting
from assistant.steps import NUMBER_STEPS, WORD_STEPS, first_part
from assistant.steps.plain import asks_in_words

ENOUGH, HALF = 0.6, 0.45
SEARCH = re.compile(
    r"(?:哪[个些几]|什么|哪一[个项]|几个).{0,6}项目|项目.{0,6}(?:有哪|是哪|叫什么|叫啥|哪几|哪些)|"
    r"(?:目标|名称|名字|项目名|绩效).{0,12}(?:提到|写|出现|谈到|带|引用|说|含|有|以).{0,20}项目|"
    r"(?:有关|相关|涉及|对应)的?.{0,4}项目|项目.{0,3}(?:有关|相关)|(?:项目名|名称|名字).{0,4}[“\"]"
)
MONEY_ASKED = re.compile(r"花(?!园)|多少钱|多少万|预算|经费|费用|几块钱")
ACQUIRED = re.compile(r"买|购|采|添|新增|租|拟")


SPOKEN_PROJECT = {"项目预算", "项目经费", "项目资金"}  # the column, or the money of one project


ASKING = {"what", "share", "ratio", "count", "list", "which", "largest", "smallest", "define", "reason", "mean", "duty",
          "difference", "target", "owner", "sum", "yesno"}  # fmt: skip


class Planner:
    """Plans questions over one state of the store."""

    def __init__(self, lexicon: Lexicon, finder: ProjectFinder, longest: int = 500) -> None:
        self._lexicon, self._finder, self._longest = lexicon, finder, longest

    def plan(self, question: str, previous: Sequence[Plan] = ()) -> Plan:
        """The plan of a question in the conversation of the plans before it."""
        refused = before_linking(question, self._lexicon, self._longest)
        if refused:
            return Plan(parts=[refused])
        plan = self._several(question, previous) or self._one(question, previous)
        passed_over = unexplained(link(question, self._lexicon), plan.parts, self._lexicon)
        passed_over += _unresolved(question, plan) if previous else []
        if passed_over:
            return Plan(parts=[self._ask_back(passed_over)], confidence=0.3, taken=plan.taken)
        return plan

    def _names_something(self, word: str) -> bool:
        return any(sense.kind in ("label", "column", "unit", "project") for sense in self._lexicon.senses(word))

    def _ask_back(self, words: list[str]) -> Clarify:
        """A question back that says what was not understood, with what can be asked about it."""
        choices = [f"{word}是多少" for word in dict.fromkeys(words) if self._names_something(word)][:3]
        text = f"没有完全理解“{'、'.join(dict.fromkeys(words))}”，请换一种问法，或选一个问题"
        return Clarify(text=text, choices=[*choices, *self.examples()][:4])

    def _one(self, question: str, previous: Sequence[Plan]) -> Plan:
        """The plan of one question."""
        reading = link(question, self._lexicon)
        context = self._context(reading)
        context.projects = self._spoken_of(context, previous) or context.projects
        taken = [f"“{m.text}”按“{m.typo}”理解" for m in reading.typos() if m.typo and not m.filler]
        if _asks_classified(context):
            return Plan(parts=[Refuse(reason="not_public", detail=context.projects[0])])
        refusal = after_linking(reading, self._lexicon, context.projects)
        if refusal:
            intended = first_part(NUMBER_STEPS, context) if refusal.reason == "other_year" else None
            if isinstance(intended, Calculate):
                refusal.intended = intended
            return Plan(parts=[refusal], taken=taken)
        if previous and is_elliptical(context):
            followed = complete(context, previous)
            if followed:
                return Plan(parts=[self._scoped(followed, context)], confidence=0.9, taken=taken)
        part = first_part(WORD_STEPS, context) or self._unexplained(context) or first_part(NUMBER_STEPS, context)
        part = part or self._fallback(context)
        return Plan(parts=[self._scoped(part, context)], confidence=_confidence(reading), taken=taken)

    def _scoped(self, part: Part, context: Context) -> Part:
        """The part restricted to the years and departments that the question names."""
        if isinstance(part, Passage) and not part.things:
            part.things, part.acts = words_said(context.reading, self._lexicon)
        if not isinstance(part, Calculate):
            return part
        years = [int(q.value) for q in context.reading.quantities("year")]
        years = [year for year in years if year in self._lexicon.years()]
        named = [value for m in context.reading.of("department") for value in m.values("department")]
        several = len({info.department for info in self._lexicon.documents}) > 1
        for select in selects_of(part.expression):
            select.years = select.years or years
            select.departments = select.departments or (named if several else [])
        return part

    def _several(self, question: str, previous: Sequence[Plan]) -> Plan | None:
        """The plan of several questions in one, each in the light of those before it; None when it is one question."""
        pieces = self._questions(question)
        if len(pieces) < 2 or link(question, self._lexicon).has("derive"):
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
            stated = bool(pieces) and link(pieces[-1], self._lexicon).has("yesno")
            detail = not stands and (
                asked <= {"what", "list", "yesno"} or stated
            )  # 对吗，占多少: the figure of the statement
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
        asked = "".join(m.text for m in reading.mentions if not m.is_a("project", "label"))
        if MONEY_ASKED.search(asked):
            for draft in found:  # 公车花多少: not how many there are
                draft.labels = [n for n in draft.labels if n not in self._lexicon.counted]
        else:
            for draft in found:
                counted = [n for n in draft.labels if n in self._lexicon.counted]
                asks_count = reading.has("count") or re.search(
                    r"多少(?:辆|台|平)|几(?:辆|台)|数量|辆|台|平方米|面积", reading.text
                )
                if counted and len(counted) < len(draft.labels):
                    draft.labels = counted if asks_count else [n for n in draft.labels if n not in counted]
        if ACQUIRED.search(asked):
            for draft in found:  # 新买几辆车: not how many there are already
                draft.labels = [n for n in draft.labels if n not in self._lexicon.counted or ACQUIRED.search(n)]
            found = [d for d in found if not d.empty or d.level or d.classification]
        named = [name for draft in found for name in draft.projects]
        by_words = self._finder.search(reading) if SEARCH.search(reading.question) and not _ranks(reading) else []
        projects = by_words or named or self._searched(reading, found)
        conditions = [
            Condition(operator=q.operator, amount=q.value, unit=q.unit)
            for q in reading.quantities("amount") if q.operator
        ]  # fmt: skip
        return Context(reading, found, self._lexicon, projects, conditions, bool(by_words))

    def _searched(self, reading: Reading, found: list[Draft]) -> list[str]:
        """Projects found by topic, where the labels of tables leave more of the question unexplained."""
        asks_which = reading.has("which", "list") and any("project" in m.values("noun") for m in reading.of("noun"))
        owners = {u for d in found for u in d.units}
        matches = self._counted(reading) or self._finder.best(reading, HALF if asks_which else ENOUGH)
        if owners and not reading.has("yesno"):
            matches = [
                m for m in matches if self._lexicon.project_units.get(m) in owners or any(u in m for u in owners)
            ]
        unexplained = bool(reading.unknown()) or any(
            m.quantity is not None and m.quantity.kind == "code" and m.quantity.text not in self._lexicon.words
            for m in reading.mentions
        )
        about_projects = any("project" in m.values("noun") for m in reading.of("noun")) or any(
            m.text in SPOKEN_PROJECT for m in reading.of("column")
        )
        has_label = any(draft.labels or draft.codes for draft in found)
        topical = bool(reading.of("weak"))
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
        if (
            isinstance(last, Calculate)
            and isinstance(last.expression, Reduce)
            and last.expression.of.universe == "projects"
        ):
            before = last.expression.of.labels
        fitting = {m.name for m in self._finder.find(context.reading) if m.score >= HALF}
        return before if len(before) == 1 and before[0] in fitting else []

    def _counted(self, reading: Reading) -> list[str]:
        """两个项目: as many as the asker counts, where so many match half."""
        counts = [int(q.value) for q in reading.quantities("count") if "个" in q.text]
        matches = [m for m in self._finder.find(reading) if m.score >= HALF]
        return [m.name for m in matches[: counts[0]]] if counts and 1 < counts[0] == len(matches) else []

    def _unexplained(self, context: Context) -> Part | None:
        """Words that the documents do not hold: no number may be given past them."""
        if context.projects:
            return None
        if any(n in self._lexicon.indicators for d in context.drafts for n in d.labels):
            return None
        absent = [name for draft in context.drafts for name in draft.absent]
        others = [draft for draft in context.drafts if draft.named and not draft.absent]
        alone = any(d.absent and not (d.labels or d.codes or d.total) for d in context.drafts)
        if absent and (not others or alone):
            return Refuse(reason="not_found", detail=absent[0], suggestions=self._near(context))
        for code in context.reading.quantities("code"):
            if code.text not in self._lexicon.words:
                return Refuse(reason="not_found", detail=code.text)
        facets = self._lexicon.vocabulary.facets
        restricting_words = [word for word in restricting(context.reading, self._lexicon) if word not in facets]
        if restricting_words and asks_in_words(context):
            return Passage(about="search", query=context.reading.question)
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


def _unresolved(question: str, plan: Plan) -> list[str]:
    """该单位, 这家: a unit pointed at that the plan does not name."""
    pointed = re.search(r"(?:这|那|该|此)个?(?:单位|中心|家(?!伙))", question)
    selects = [s for part in plan.parts if isinstance(part, Calculate) for s in selects_of(part.expression)]
    named = any(select.units or select.labels for select in selects)
    return [pointed[0]] if pointed and selects and not named else []


def _asks_classified(context: Context) -> bool:
    """What a classified project (涉密) consists of; its printed amount may be asked."""
    classified = len(context.projects) == 1 and "涉密" in context.projects[0]
    content = re.search(r"具体|内容|哪些|什么|品牌|型号|清单|明细|详细|目标", context.reading.text)
    return bool(classified and content and not AMOUNT_WORDS.search(context.reading.text))


def _ranks(reading: Reading) -> bool:
    return bool(reading.quantities("rank")) or reading.has("largest", "smallest", "descending", "ascending")


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
