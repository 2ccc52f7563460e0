"""A question to its Plan, with no language model.

In: a question, the plans of the turns before, and the lookup. Out: a Plan. The reader network gives the likeliest forms of the
question; each is bound in the documents; the plan is that which is likeliest in both. Where two readings are about as likely,
or none is likely enough, the answer is a question back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from assistant.binding.binder import Binder
from assistant.binding.slots import SCOPES
from assistant.lookup.lookup import Lookup
from assistant.plan import (
    Calculate,
    Clarify,
    Combine,
    Define,
    Part,
    Passage,
    Placed,
    Plan,
    Reduce,
    Refuse,
    Say,
    selects_of,
)
from assistant.planning.asking import Across
from assistant.planning.before import MAY_LEAN, is_of_all
from assistant.planning.completion import against_budget
from assistant.planning.confidence import ASKED_BACK, Signs
from assistant.planning.doubts import CONTRADICTED_WORTH, OPINION, Doubts
from assistant.planning.errors import UnclearError
from assistant.planning.hints import WHENCE_PLAINLY, asks_only_whence, hints, says_both_scopes, without_asides
from assistant.planning.mending import taken_up, with_list
from assistant.planning.parts import planned
from assistant.planning.standins import ShortQuestion
from assistant.reader.form import Form, spans_of
from assistant.reader.network import Read
from assistant.reader.notation import write_form
from assistant.saying.restate import restated
from assistant.tracing import span
from assistant.turns import Turns
from assistant.words.completion_words import without_completion
from assistant.words.english import is_foreign
from assistant.words.lexicon import Lexicon
from assistant.words.meaning import Meaning
from assistant.words.naming import Namer
from assistant.words.normal import bare, in_order
from assistant.words.orders import is_command
from assistant.words.projects import ProjectFinder
from index.parsing.kinds import is_final

NOT_FOUND_WORTH, UNCLEAR_WORTH = 0.25, 0.15  # what a reading is worth that the documents do not bear out
MENDED_WORTH = 0.6  # of a reading that was given the names it passed over
DATA_ASKED = re.compile(r"多少|[几哪谁]|是不是|有没有|什么")  # 你觉得哪个项目最大 asks for no opinion
ADDRESSED = re.compile(r"^(?:[你您]们?|这个?(?:系统|程序|网站|机器人|助手))(?:这[里儿边])?的?")  # who is spoken to
LEAST_RATIO = Decimal("0.05")  # nobody asks how many times a thing is that is not a twentieth of the other
SURE_ALONE = 0.85  # a plan of the question without the department's name, which changes what its words mean
DECIDED = 0.6  # a plan so likely needs no others that come to the same
SURE = 0.15  # a reading less likely than this is asked back
MOST_CHOICES = 3
FAR_BELOW = 0.02  # of the best reading; what is rarer is no rival
LEANS = re.compile(r"\b(?:prev|again|pick|others|next|whole)\b")
SAYS_OF_WHAT = re.compile(r"花|项目|单位|部门|收入|支出|预算|经费|总(?!共)|钱.{0,4}[哪谁怎]")
LONGEST_REPLY = 30  # characters of a reply to a question back; what is longer is a question of its own


class QuestionReader(Protocol):
    """What reads a question: the shipped network, or a script in a test."""

    def read(self, question: str, follows: bool = False) -> Sequence[Read]:
        """The likeliest forms of a question, the likeliest first; `follows`: there are turns before it."""


@dataclass(frozen=True)
class _Candidate:
    """A reading carried through to a plan."""

    parts: tuple[Part, ...]
    worth: float
    taken: tuple[tuple[str, str], ...]
    form: str
    leans: bool = False  # on the turns before, though no word of the form says so


class Planner:
    """Plans questions over one state of the store."""

    def __init__(
        self,
        lexicon: Lexicon,
        finder: ProjectFinder,
        network: QuestionReader,
        meaning: Meaning | None = None,
    ) -> None:
        self._lexicon, self.finder, self._network = lexicon, finder, network
        self._namer = Namer(lexicon, meaning)
        final = all(is_final(info.kind) for info in lexicon.documents)
        self._doubts = Doubts(self._namer, lexicon.vocabulary.signs, final)

    def binder(self, question: str, lookup: Lookup, both_scopes: bool = False) -> Binder:
        """What binds the names of a question."""
        return Binder(self._lexicon, self._namer, self.finder, lookup, hints(question, both_scopes))

    def plan(self, question: str, previous: Sequence[Plan], lookup: Lookup, across: Across | None = None) -> Plan:
        """The plan of a question in the conversation of the plans before it; `across`: the budgets, where there are several."""
        found = self._plan(question, previous, lookup, across)
        rest = self._without_owner(question)
        if rest is None or not _is_nowhere(found):
            return found
        other = self._plan(rest, previous, lookup, across)
        refuses = all(isinstance(part, Refuse) for part in other.parts)
        return found if refuses or _is_nowhere(other) or other.confidence < SURE_ALONE else other

    def _without_owner(self, question: str) -> str | None:
        """The question without the department's name, where all is that department's; None where nothing else is said."""
        names = {info.department for info in self._lexicon.documents}
        name = min(names) if len(names) == 1 else ""
        rest = re.sub(rf"{re.escape(name)}的?", "", question) if name else question
        return rest if rest != question and re.search(r"\w", rest) else None

    def _plan(self, question: str, previous: Sequence[Plan], lookup: Lookup, across: Across | None = None) -> Plan:
        needs_no_reading = self._small_talk(question) if re.search(r"\w", question) else Refuse(reason="empty")
        if needs_no_reading is not None:
            return Plan(parts=[needs_no_reading])
        whose = None if previous else self._only_whose(question)
        if whose is not None:
            return whose
        both_scopes, question = says_both_scopes(question), without_asides(question)
        chosen = self._chosen(question, previous)
        if chosen is not None:
            return self._plan(chosen, previous[:-1], lookup, across)
        amount = without_completion(question)
        spent = against_budget(self._plan(amount, previous, lookup, across), lookup) if amount is not None else None
        if spent is not None:
            return spent
        binder = self.binder(question, lookup, both_scopes)
        turns = Turns(previous, lookup)
        if asks_only_whence(question) and across is None and (not previous or is_of_all(turns.subject())):
            question, turns = WHENCE_PLAINLY, Turns((), lookup)
        ranked = self._ranked(question, binder, turns, lookup, across)
        if not ranked:
            return Plan(parts=[self._ask_back("请说明想查哪一项", ())], confidence=0.0)
        return self._plan_of(ranked, previous, lookup, several=across is not None and across.own is None)

    def _plan_of(self, ranked: Sequence[_Candidate], previous: Sequence[Plan], lookup: Lookup, several: bool) -> Plan:
        """The likeliest reading as a plan, or a question back where it is not sure enough; `several`: budgets are asked about."""
        best = ranked[0]
        taken = [f"“{said}”按“{meant}”理解" for said, meant in dict(best.taken).items()]
        leans = bool(previous) and (best.leans or bool(LEANS.search(best.form)))
        signs = Signs.of(
            best.worth, _rival(ranked, lookup), taken=bool(taken), follows=leans, parts=len(best.parts),
            across=several, sets=any(map(_is_of_set, best.parts)),
        )  # fmt: skip
        asked_back = leans and isinstance(previous[-1].parts[0], Clarify)  # what leans on that is no surer than it
        confidence = min(signs.confidence, previous[-1].confidence) if asked_back else signs.confidence
        states_figures = any(isinstance(p, Calculate) for p in best.parts)
        unread = best.worth < SURE and not all(isinstance(p, Refuse | Clarify) for p in best.parts)
        if unread or (states_figures and confidence < ASKED_BACK):
            meant = self._which_may_be_meant(ranked)
            if unread or meant or asked_back:
                asked = self._ask_back("没有完全理解，您是不是想问", meant)
                asked.intended = next((p for p in best.parts if isinstance(p, Calculate | Passage | Define)), None)
                return Plan(parts=[asked], confidence=confidence, signs=signs.as_dict(), form=best.form)
        return Plan(parts=list(best.parts), confidence=confidence, signs=signs.as_dict(), taken=taken, form=best.form,
                    leans=leans)  # fmt: skip

    def _ranked(
        self, question: str, binder: Binder, turns: Turns, lookup: Lookup, across: Across | None
    ) -> list[_Candidate]:
        """The readings carried through, the likeliest first; where none is by far, with a second look at the question."""

        def carried(reads: Sequence[Read]) -> list[_Candidate]:
            told = (read for heard in reads for read in with_list(heard, question))
            found = [c for read in told for c in self._candidates(question, read, binder, turns, across)]
            return _merged(found, lambda part: part.model_dump_json())

        reads = self._heard(question, turns)
        candidates = carried(reads)
        if max((c.worth for c in candidates), default=0.0) < DECIDED:
            other = self._read(question, turns.any, every=True)
            if other and other != reads:
                candidates = carried([Read(r.form, r.probability / 2) for r in (*reads, *other)])
            candidates = _merged(candidates, lambda part: _told(part, lookup))
        return sorted(candidates, key=lambda c: -c.worth)

    def _heard(self, question: str, turns: Turns) -> list[Read]:
        """The forms of a question after the turns before; where none of its words leans on them, half as it is read alone."""
        reads = self._read(question, turns.any)
        if not turns.any or MAY_LEAN.search(question):
            return reads
        if turns.unanswered and not SAYS_OF_WHAT.search(question) and not self._namer.known(question):
            return reads  # 跟去年比变了多少, after a question that had no answer
        both: dict[Form, float] = defaultdict(float)
        for read in (*reads, *self._read(question, False)):
            both[read.form] += read.probability / 2
        return [Read(form, probability) for form, probability in both.items()]

    def _chosen(self, question: str, previous: Sequence[Plan]) -> str | None:
        """The one of the choices that were offered last which a short reply means: 第二个, 运维那个."""
        asked = previous[-1].parts[0] if previous and len(previous[-1].parts) == 1 else None
        if not isinstance(asked, Clarify):
            return None
        offered = [choice for choice in asked.choices if choice not in self.examples()]
        if not offered or question in offered or len(question) > LONGEST_REPLY:
            return None
        place = re.fullmatch(r"[选要我是指就]*第?([一二三四五1-5])(?:个|种|项)?[吧呢的。]*", question.strip())
        if place is not None:
            index = "一二三四五".find(place[1]) if place[1] in "一二三四五" else int(place[1]) - 1
            return offered[index] if index < len(offered) else None
        reads = self._read(question, True)[:1]
        if any(part.flags for read in reads for part in read.form.parts):
            return None  # 行政运行那个数改成元: what is offered is not said so
        words = [question[s.start : s.end] for read in reads for s in spans_of(read.form)]
        fitting = [choice for choice in offered if all(bare(w) in bare(choice) for w in words)]
        telling = any(self._namer.kinds(w) != {"noun"} for w in words)  # 属于项目的 chooses no project
        return fitting[0] if telling and len(fitting) == 1 < len(offered) else None

    def _read(self, question: str, follows: bool, every: bool = False) -> list[Read]:
        """The likeliest forms of a question, read with its long names put short, or every name."""
        titles = self._namer.titles(question)
        inside = {i for start, end in titles for i in range(start, end)}
        known = [span for span in self._namer.known(question) if not inside & set(range(*span))]
        short = ShortQuestion(question, [*titles, *known], self._kind, every)
        with span("read"):
            reads = self._network.read(short.text, follows=follows)
        return [Read(short.form(r.form), r.probability) for r in reads]

    def _small_talk(self, question: str) -> Say | Refuse | None:
        """What is no question at all: an order, a greeting, thanks, what the program can do."""
        vocabulary = self._lexicon.vocabulary
        if is_command(question, vocabulary.commands):
            return Refuse(reason="unsafe")
        if OPINION.search(question) and not DATA_ASKED.search(question):
            return Refuse(reason="out_of_scope")
        said = bare(question)
        forms = {said, ADDRESSED.sub("", said)}
        talk = next(
            (Say(wording=k) for k, words in vocabulary.small_talk.items() if forms & set(map(bare, words))), None
        )
        insulted = any(word in said for word in vocabulary.commands["insults"]) and not self._namer.known(question)
        if talk is None and insulted:
            return Refuse(reason="out_of_scope")
        if talk is None and is_foreign(question) and not self._namer.is_one_word(question):
            return Refuse(reason="out_of_scope")
        return talk

    def _only_whose(self, question: str) -> Plan | None:
        """A question back for one that only says whose budget, and not what of it: 甲市乙局, 2026年甲市乙局呢？"""
        said = re.sub(r"[\W呢的吧啊]+$", "", question)
        name = re.sub(r"^\W*(?:(?:19|20)\d\d年度?)?的?", "", said)
        kinds = {sense.kind for sense in self._lexicon.senses(bare(name))}  # a row of some table may be called so too
        short = any(in_order(bare(name), bare(info.department)) for info in self._lexicon.documents)
        if (
            "department" not in kinds
            and kinds != {"region"}
            and not (short and self._namer.kinds(name) == {"department"})
        ):
            return None
        return Plan(parts=[self._ask_back("请说明想查哪一项", [said + example for example in self.examples()])])

    def _candidates(
        self, question: str, read: Read, binder: Binder, turns: Turns, across: Across | None
    ) -> list[_Candidate]:
        """A reading carried through, and beside it the same with the names that it passes over."""
        found = self._carried(question, read, binder, turns, across)
        if found is None:
            return []
        missing = self._doubts.passed_over(question, read.form, found.parts)
        mended = (
            taken_up(read.form, question, missing, lambda s: self._kind(question[s.start : s.end])) if missing else None
        )
        if mended is None:
            return [found]
        other = self._carried(question, Read(mended, read.probability * MENDED_WORTH), binder, turns, across)
        return [found, other] if other is not None else [found]

    def _kind(self, text: str) -> str | None:
        """What kind of name a stretch is, where it is one thing."""
        kinds = self._namer.kinds(text)
        return next(iter(kinds)) if len(kinds) == 1 else None

    def _carried(
        self, question: str, read: Read, binder: Binder, turns: Turns, across: Across | None
    ) -> _Candidate | None:
        """A reading with its names bound; what cannot be bound or told is worth little."""
        form = write_form(read.form, question)
        try:
            outcome = planned(read.form, question, binder, turns, across)
        except UnclearError as unclear:
            part = self._ask_back(
                f"“{unclear.words}”可能指几样，请选择" if unclear.choices else "请说明想查哪一项", unclear.choices
            )
            return _Candidate((part,), read.probability * (0.9 if unclear.choices else UNCLEAR_WORTH), (), form)
        worth = read.probability * outcome.score
        worth *= self._doubts.worth(question, read.form, outcome.parts, turns.any, turns.last_unit() is not None)
        if binder.hints.both_scopes and any(_in_one_scope(part) for part in outcome.parts):
            worth *= CONTRADICTED_WORTH
        if outcome.missing or any(_is_missing(part, binder) for part in outcome.parts):
            worth *= NOT_FOUND_WORTH
        found = _Candidate(tuple(outcome.parts), worth, tuple(outcome.taken), form, outcome.leans)
        return found if outcome.parts else None

    def _which_may_be_meant(self, ranked: Sequence[_Candidate]) -> list[str]:
        """What the likeliest readings ask, a question for each of their parts, in the documents' words."""
        found: list[str] = []
        for candidate in ranked:
            said = [restated(part) for part in candidate.parts]
            if all(said):
                found += [s for s in said if s]
        return list(dict.fromkeys(found))[:MOST_CHOICES]

    def _ask_back(self, text: str, choices: Sequence[str]) -> Clarify:
        return Clarify(text=text, choices=[*choices, *self.examples()][: max(4, len(choices))])

    def examples(self) -> list[str]:
        """Questions that the indexed documents answer, for the page and for questions back."""
        choices = ["总预算是多少", "基本支出和项目支出各是多少", "“三公”经费是多少", "金额最大的三个项目是哪些"]
        return choices if self._lexicon.documents else []


def _is_nowhere(plan: Plan) -> bool:
    """Whether what is asked is not there by its names, or only looked for in all texts."""
    return all(
        (isinstance(part, Refuse) and part.reason == "not_found")
        or (isinstance(part, Passage) and part.about == "search")
        for part in plan.parts
    )


def _in_one_scope(part: Part) -> bool:
    """Whether a part computes in basic or in project expenditure alone."""
    if not isinstance(part, Calculate):
        return False
    scopes = {c for select in selects_of(part.expression) for c in select.columns if c in SCOPES}
    return len(scopes) == 1


def _is_missing(part: Part, binder: Binder) -> bool:
    """Whether a part computes with what is not there, or comes to what nobody asks for."""
    if not (isinstance(part, Calculate) and isinstance(part.expression, Combine)):
        return False
    amounts = binder.amounts(part.expression)
    if not amounts:
        return True
    match part.expression.how:
        case "share":
            sums = any(isinstance(o, Combine) and o.how == "sum" for o in part.expression.operands)
            return all(a == 100 for a in amounts) or (sums and max(amounts) > 100)  # seldom asked on purpose
        case "rest":
            return min(amounts) < 0
        case "ratio":
            return 0 < min(amounts) < LEAST_RATIO
    return False


def _rival(ranked: Sequence[_Candidate], lookup: Lookup) -> float:
    """What the likeliest reading is worth that comes to something else than the first."""
    best, *others = ranked
    told = [_told(part, lookup) for part in best.parts] if others and others[0].worth > FAR_BELOW * best.worth else []
    return next((c.worth for c in others if c.worth <= FAR_BELOW * best.worth
                 or [_told(part, lookup) for part in c.parts] != told), 0.0)  # fmt: skip


def _is_of_set(part: Part) -> bool:
    """Whether a part counts, adds, ranks or lists the members of a set."""
    expression = part.expression if isinstance(part, Calculate) else None
    return isinstance(expression, Placed) or (isinstance(expression, Reduce) and expression.how != "value")


def _told(part: Part, lookup: Lookup) -> str:
    """What a part tells: its amounts, where it has some; else itself."""
    if not isinstance(part, Calculate):
        return part.model_dump_json()
    evidence = lookup.look_up(part.expression, part.unit)
    if not evidence.values:
        return part.model_dump_json()
    manner = part.model_dump_json(exclude={"expression"})
    return f"{[(v.amount, v.unit) for v in evidence.values]}{evidence.truth}{manner}"


def _merged(candidates: Sequence[_Candidate], key: Callable[[Part], str]) -> list[_Candidate]:
    """Readings that come to the same count together; the likeliest of them stands for all."""
    found: dict[str, _Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: -c.worth):
        same = "|".join(key(part) for part in candidate.parts)
        first = found.get(same, candidate)
        worth = candidate.worth + (first.worth if first is not candidate else 0.0)
        found[same] = _Candidate(first.parts, worth, first.taken, first.form, first.leans)
    return list(found.values())
