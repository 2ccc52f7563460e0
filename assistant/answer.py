"""Question to Answer: plan, look up, compose, verify, in one straight line.

In: a question, what scope the asker picked, the plans of the turns before. Out: an Answer, the contract's JSON. What the
verifier does not pass becomes a refusal; no text leaves unverified.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.binding.binder import Binder
from assistant.claims import UnverifiedError
from assistant.compose import Composer, fact_label, named, plain_item, scope_text, unit_of
from assistant.confidence import PLAIN
from assistant.contract import Answer, Citation, Note, Number, Suggestion
from assistant.contradictions import Contradictions
from assistant.english import English, is_foreign
from assistant.evidence import Evidence, Value, common_unit
from assistant.explain import (
    explain_calculation,
    explain_nothing,
    explain_passage,
    explain_question_back,
    explained,
)
from assistant.hearing import Heard, Hearing
from assistant.lexicon import Lexicon
from assistant.llm.model import LanguageModel, spent
from assistant.llm.understanding import both, is_unsure
from assistant.lookup.lookup import Lookup
from assistant.lookup.selecting import Scope
from assistant.lookup.values import in_yuan, value_of
from assistant.meaning import Meaning
from assistant.naming import SLIP_WORTH
from assistant.passages import Passages
from assistant.plan import (
    Calculate,
    Check,
    Clarify,
    Define,
    Part,
    Passage,
    Plan,
    Reduce,
    Refuse,
    Say,
    selects_of,
)
from assistant.planner import Planner, QuestionReader
from assistant.planning.across import plan_of_budget
from assistant.planning.asking import Across
from assistant.projects import ProjectFinder
from assistant.quantities import asked_count
from assistant.reader.network import load_network
from assistant.restate import checked, restated
from assistant.retrieve import HybridRetriever
from assistant.scans import Scans
from assistant.scoping import Budget, Located, locate, spoken_of, with_budget
from assistant.suggest import suggestions
from assistant.text import AnswerText, Named, Quoted
from assistant.tracing import span
from assistant.verify import verify
from assistant.view import View
from assistant.vocabulary import Vocabulary, load_vocabulary
from index.amounts import is_money
from index.chunks import Chunk
from index.facts import Fact
from index.kinds import kind_of_budget
from index.rows import plain_label
from index.settings import Settings
from index.store import DocumentInfo, Store
from index.vectors import Vectors

# People and things that are counted: an amount of money is no answer to them.
COUNTED = re.compile(
    r"(?:多少|几)(?:人|名|辆|台|套|平方米|平米|户|栋|间|亩|公里)(?!民币)|(?:多少|几)个[^，。？?]{0,4}[员师人](?![工])"
)
MONEY_ASKED = re.compile(r"(?:多少|几)个?[百千]?(?:钱|[万亿]|元|块)|(?:实际支出|花费?|开支|投入)了?多少[？?。]?$")
WITHHELD = re.compile(r"不予公开|不(?:对外)?公开|涉密(?:内容|信息|事项)")  # what a passage says of itself
MOST_NARROWED = 24  # states over some documents that are kept
log = logging.getLogger(__name__)


SENTENCE = re.compile(r"[^。；;\n]+")


@dataclass
class _State:
    """What is made once for a state of the store and used by every question until the store changes."""

    generation: int
    documents: list[DocumentInfo]
    lexicon: Lexicon
    planner: Planner
    retriever: HybridRetriever
    view: View
    scans: Scans
    hearing: Hearing


@dataclass(frozen=True)
class _Asked:
    """A question: as heard, whose budget it is about, over what it is planned, and its local plan."""

    question: str
    heard: Heard
    turns: list[Plan]
    located: Located
    state: _State
    lookup: Lookup
    plan: Plan


class Assistant:
    """Answers questions over one store. Safe to use from many threads."""

    def __init__(
        self, store: Store, vectors: Vectors | None, longest: int = 500, network: QuestionReader | None = None,
        model: LanguageModel | None = None,
    ) -> None:  # fmt: skip
        self._store, self._vectors, self._longest, self.model = store, vectors, longest, model
        self._network = network or load_network()
        self._vocabulary: Vocabulary = load_vocabulary()
        self._composer = Composer()
        self._contradictions = Contradictions(store)
        self._english = English(self._vocabulary.english, self._vocabulary.regions)
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._narrowed: OrderedDict[tuple[str, ...], _State] = (
            OrderedDict()
        )  # states over some documents, last used last

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the stores that the settings name. Raises StoreError or ModelError."""
        from index.vector_health import open_vectors

        store = Store.open(settings.store, settings.database_url)
        return cls(store, open_vectors(settings, store), settings.max_question_length, model=LanguageModel.of(settings))

    @property
    def store(self) -> Store:
        return self._store

    def state(self) -> _State:
        """The current state; made anew when the store has changed since."""
        generation = self._store.generation()
        with self._lock:
            if self._state is None or self._state.generation != generation:
                self._state = self._build(generation, View(self._store), Scans(self._store))
                self._narrowed.clear()
            return self._state

    def retriever(self, documents: Sequence[str] | None = None) -> HybridRetriever:
        """The search over some documents, or over all, that their questions are answered from."""
        return self._state_over(documents).retriever

    def _state_over(self, documents: Sequence[str] | None) -> _State:
        """The state over some documents: their words, and no others."""
        whole = self.state()
        key = tuple(sorted(documents or ()))
        if not key or len(key) == len(whole.documents):
            return whole
        with self._lock:
            state = self._narrowed.pop(key, None) or self._build(whole.generation, View(self._store, key), whole.scans)
            self._narrowed[key] = state
            if len(self._narrowed) > MOST_NARROWED:
                self._narrowed.popitem(last=False)
            return state

    def _build(self, generation: int, view: View, scans: Scans) -> _State:
        lexicon = Lexicon(view, self._vocabulary)
        targets: dict[str, str] = {}
        for chunk in view.chunks(kinds=["project"]):
            name = next((p for p in lexicon.projects if p == plain_label(chunk.subject)), chunk.subject)
            targets[name] = targets.get(name, "") + chunk.body
        embedding = self._vectors.embedding if self._vectors else None
        meaning = Meaning(embedding.get_query_embedding, embedding.get_text_embedding) if embedding else None
        finder = ProjectFinder(lexicon, targets, meaning)
        planner = Planner(lexicon, finder, self._network, meaning, self._longest)
        retriever = HybridRetriever(view, self._vectors)
        return _State(
            generation, lexicon.documents, lexicon, planner, retriever, view, scans, Hearing(lexicon, self._english)
        )

    def ask(
        self, question: str, *, scope: Scope | None = None, previous: Sequence[dict] = (), alone: bool = False
    ) -> Answer:
        """Answer a question. `previous` are the plans of the turns before, oldest first; `alone` asks no language model."""
        started = time.perf_counter()
        with span("plan"):
            asked = self._asked(question, scope, [Plan.model_validate(p) for p in previous])
        with span("answer", parts=len(asked.plan.parts)):
            answer = self._told(asked, asked.plan)
        model = None if alone or asked.located.choices else self.model
        if model is not None and model.is_wanted(asked.plan):
            answer = self._helped(model, asked, answer)
        answer.elapsed_ms = round((time.perf_counter() - started) * 1000, 2)
        return answer

    def word(self, answer: Answer) -> Answer:
        """An answer with prose beside it, where a language model is configured that wrote some that is borne out."""
        if self.model is None or not self.model.words:
            return answer
        spent = answer.llm
        allowance = self.model.allowance()
        if spent is not None:  # one deadline for all that an answer asks of it
            allowance.take_over(spent)
        with span("word", model=self.model.name):
            return self.model.word(answer, self.state().generation, allowance)

    def _asked(self, question: str, scope: Scope | None, turns: list[Plan]) -> _Asked:
        """A question with all that its plan is made over, and the local plan."""
        in_scope = (scope or Scope()).among(self.state().documents)
        heard = self.state().hearing.heard(question, bool(turns))
        before = spoken_of(heard.text, [turn.documents for turn in turns if turn.documents])
        earlier = [document for turn in turns for document in turn.documents]
        located = locate(heard.text, in_scope, before, self._vocabulary.regions, earlier)
        chosen = located.documents or ([i.id for i in in_scope] if scope else None)
        state = self._state_over(chosen)
        lookup = Lookup(View(self._store), in_scope, asked=chosen)
        across = self._across(located, in_scope)
        if across is not None and across.own is None:
            turns = [plan_of_budget(turn, across.known) for turn in turns]
        plan = (
            self._which_budget(located)
            if located.choices
            else state.planner.plan(located.question, turns, lookup, across)
        )
        # After a question back the next turn is about those that were offered, and no longer about the budget before.
        plan.documents = [i for b in located.choices for i in b.documents] or list(chosen or before)
        return _Asked(question, heard, turns, located, state, lookup, plan)

    def _told(self, asked: _Asked, plan: Plan) -> Answer:
        """The answer that a plan gives, with its notes."""
        answer = self._answer(asked.heard.text, plan, asked.state, asked.lookup)
        answer.question = asked.question
        answer.plan = plan.model_dump(mode="json")
        answer.confidence = round(plan.confidence * SLIP_WORTH**asked.heard.slips, 3)
        self._add_heard(answer, asked.heard)
        answer.notes += [Note(code="taken", text=text) for text in plan.taken]
        answer.notes += self._caveats(plan, answer)
        if not answer.suggestions:
            answer.suggestions = [
                Suggestion(text=q, question=q) for q in suggestions(plan, answer.refused, asked.state.planner)
            ]
        return answer

    def _helped(self, model: LanguageModel, asked: _Asked, local: Answer) -> Answer:
        """The answer to a plan of the language model where it has one that gives an answer; else the local one, unchanged."""
        allowance = model.allowance()
        with span("understand", model=model.name):
            found = model.understand(
                asked.located.question, asked.turns, asked.state.lexicon, asked.state.retriever, asked.state.view, asked.lookup,
                asked.state.generation, allowance,
            )  # fmt: skip
        answer = self._meant(asked, found.plan, local) if found.plan is not None else local
        if answer is not local:
            answer.mode = "llm"
            said = "；".join(text for part in found.plan.parts if (text := restated(part))) if found.plan else ""
            answer.notes = [n for n in answer.notes if n.code not in ("unsure", "understood")]
            if answer.reason != "ambiguous":
                answer.notes.append(Note(code="llm", text=self._wording("llm", asked=said or asked.question)))
        elif found.failure is not None or (found.plan is not None and is_unsure(asked.plan)):
            answer.notes.append(Note(code="llm_failed", text=self._wording("llm_failed")))
        answer.llm = spent(allowance, found.failure)
        return answer

    def _meant(self, asked: _Asked, plan: Plan, local: Answer) -> Answer:
        """The answer to a plan of the language model; the local one where that stands, or where nothing comes of the plan."""
        plan.documents = asked.plan.documents
        meant = plan if is_unsure(asked.plan) else both(asked.heard.text, asked.plan, plan)
        if meant is None:
            return local
        try:
            answer = self._told(asked, meant)
        except Exception:  # no plan of a model may cost the answer that is there without it
            log.exception("plan of the language model failed: %s", meant.model_dump_json(exclude_defaults=True))
            return local
        return local if answer.refused or any(note.code == "unverified" for note in answer.notes) else answer

    def _caveats(self, plan: Plan, answer: Answer) -> list[Note]:
        """How the question was understood: where that was told by the turns before, or is not sure enough."""
        if answer.refused or answer.value is None:
            return []
        asked = "；".join(said for part in plan.parts if (said := restated(part) or checked(part)))
        if plan.leans and asked:
            return [Note(code="understood", text=self._wording("understood", asked=asked))]
        if plan.confidence >= PLAIN:
            return []
        return [Note(code="unsure", text=self._wording("unsure" if asked else "unsure_bare", asked=asked))]

    def _add_heard(self, answer: Answer, heard: Heard) -> None:
        """What the question was taken for; before the answer to an English one its terms in both languages."""
        answer.notes += [Note(code="taken", text=f"“{typed}”按“{meant}”理解") for typed, meant in heard.taken]
        if heard.restated:
            answer.notes.append(Note(code="english", text=self._wording("restated", text=heard.text)))
        terms = "、".join(f"{chinese}（{english}）" for chinese, english in heard.terms)
        if terms:
            _put_before(f"{terms}：\n", answer)

    def _across(self, located: Located, in_scope: Sequence[DocumentInfo]) -> Across | None:
        """The budgets that a question may hold against each other; None where there is only one."""
        if len(located.known) < 2:
            return None
        binders: dict[Budget, Binder] = {}

        def binder_of(budget: Budget) -> Binder:
            if budget not in binders:
                lookup = Lookup(View(self._store), list(in_scope), asked=budget.documents)
                planner = self._state_over(budget.documents).planner
                binders[budget] = planner.binder(located.question, lookup)
            return binders[budget]

        asked = located.budgets or located.known
        return Across(tuple(asked), tuple(located.known), bool(located.budgets), binder_of)

    def _which_budget(self, located: Located) -> Plan:
        """Whose budget, or of which year, is meant: asked back, each choice a whole question."""
        choices = [with_budget(located.question, budget, located.mention) for budget in located.choices]
        return Plan(parts=[Clarify(text=self._wording("which_budget"), choices=choices)])

    def _answer(self, question: str, plan: Plan, state: _State, lookup: Lookup) -> Answer:
        if not state.documents:
            return Answer(question=question, answer=self._wording("no_documents"), refused=True, reason="not_found",
                          explanation=explained("no_documents"))  # fmt: skip
        only = len(plan.parts) == 1
        counts = any(isinstance(p, Calculate) and isinstance(p.expression, Reduce) and p.expression.how in ("count", "list")
                     for p in plan.parts)  # fmt: skip
        answers = [self._part(question, part, lookup, state, only, counts) for part in plan.parts]
        return answers[0] if len(answers) == 1 else together(question, answers)

    def _part(
        self, question: str, part: Part, lookup: Lookup, state: _State, only: bool, counts: bool = False
    ) -> Answer:
        if isinstance(part, Refuse):
            refusal = self._refusal(question, part.intended or part, part, state)
            there = part.nearest or (part.intended if part.reason == "other_year" else None)
            if there is None:
                return refusal
            figure = self._calculated(question, there, lookup.look_up(there.expression, there.unit), state)
            return refusal if figure.refused else behind(f"{refusal.answer}{self._wording('nearest')}", figure, refusal)
        if isinstance(part, Say):
            return self._say(question, part, state)
        if isinstance(part, Clarify):
            choices = [Suggestion(text=c, question=c) for c in part.choices]
            text = self._wording("clarify", text=part.text) + "；".join(part.choices)
            return Answer(question=question, answer=text, reason="ambiguous", suggestions=choices,
                          explanation=explain_question_back(part))  # fmt: skip
        if isinstance(part, Define | Passage):
            passages = Passages(state.view, state.retriever, lookup, lookup.document_ids)
            return self._passage(question, part, passages, lookup, state)
        return self._calculated(question, part, lookup.look_up(part.expression, part.unit), state, only, counts)

    def _calculated(
        self, question: str, part: Calculate, evidence: Evidence, state: _State, only: bool = False,
        counts: bool = False,
    ) -> Answer:  # fmt: skip
        """The answer of a part; `only`: it is all that is asked, so that what the question asks for must be its kind; `counts`:
        some part tells how many there are."""
        if evidence.empty or (not evidence.values and evidence.truth is None):
            refusal = Refuse(reason="not_found", detail=evidence.empty or "没有符合条件的数")
            return self._refusal(question, part, refusal, state, "not_found_because")
        found = None if counts else COUNTED.search(question)
        asked = () if counts else asked_count(question)
        counted = found[0] if found else next((f"多少{unit}" for unit in asked), None)
        if counted is not None and all(is_money(v.unit) for v in evidence.values) and evidence.truth is None:
            return self._refusal(question, part, Refuse(reason="not_found", detail=counted), state)
        scored = [v for v in evidence.values if v.unit == "分" and "分" not in question]
        may_be = [v for v in evidence.values if _may_be_money(v) and v not in scored]
        if only and evidence.values and MONEY_ASKED.search(question) and not may_be:
            return self._refusal(question, part, Refuse(reason="not_found", detail="金额"), state)
        if part.unit is None:
            part = part.model_copy(update={"unit": common_unit([*evidence.values, *evidence.shown])})
        text = self._composer.calculate(part, evidence)
        self._add_project_words(text, part, evidence, state)
        self._add_other_side(text, state)
        explanation = explain_calculation(part, evidence, text)
        values = [v.to(part.unit).rounded(part.decimals) for v in evidence.values]
        main = _main(values)
        numbers = [abs(v.amount) if _is_change(v) else v.amount for v in main]
        by_topic = isinstance(part.expression, Reduce) and part.names_only
        if by_topic:
            names = [plain_item(v.facts[0]) for v in values]
            return self._checked(question, text, evidence.derivation, state, explanation, value=names)
        value: Any = (
            evidence.truth if isinstance(part.expression, Check) else (numbers[0] if len(numbers) == 1 else numbers)
        )
        rounding = [v.derivation for v in values if part.decimals is not None and v.derivation]
        derivation = "；".join([*([evidence.derivation] if evidence.derivation else []), *rounding]) or None
        return self._checked(question, text, derivation, state, explanation, value=value,
                             unit=None if isinstance(value, bool) or not values else unit_of(main),
                             bounds=[c.amount for s in selects_of(part.expression) for c in s.where])  # fmt: skip

    def _add_project_words(self, text: AnswerText, part: Calculate, evidence: Evidence, state: _State) -> None:
        for value in evidence.values[:3]:
            if not value.facts:
                continue
            fact = value.facts[0]
            if part.with_owner and fact.budget_unit:
                text.fill("owner", owner=Named(fact.budget_unit, (fact,)))
            if fact.table_kind == "target":  # a figure of a target is read in its sentence
                chunks = state.view.chunks(documents=[fact.document], kinds=["project"])
                for chunk in (c for c in chunks if c.row_index == fact.row_index and c.table_index == fact.table_index):
                    said = [s for s in SENTENCE.findall(chunk.body) if fact.text in s][:1]
                    for sentence in said:
                        text.fill("target_says", quote=Quoted(sentence, chunk))

    def _add_other_side(self, text: AnswerText, state: _State) -> None:
        """Where prose and table contradict each other and one of them is stated: the other."""
        for pair in self._contradictions.of(text.cited, state.documents):
            for fact, wording in zip(pair, ("prose_says", "table_says"), strict=True):
                value = value_of(fact)
                stated = any(in_yuan(span.value) == in_yuan(value) for span in text.numbers)
                if not stated and scope_text([value]).rstrip("：") in text.text:
                    text.fill(wording, label=named(fact_label(fact), value), number=value)

    def _passage(self, question: str, part: Define | Passage, passages: Passages, lookup: Lookup,
                 state: _State) -> Answer:  # fmt: skip
        text = passages.answer(part)
        if isinstance(part, Passage) and part.premise is not None:
            premise = lookup.look_up(part.premise)
            if premise.truth is False:
                said = self._calculated(question, Calculate(expression=part.premise), premise, state)
                why = [] if text is None else [self._checked(question, text, None, state, explain_passage(part, text))]
                return together(question, [said, *why])
        if text is None and isinstance(part, Passage) and part.about == "difference":
            sought = Refuse(reason="not_found", detail="、".join(part.subject))
            return Answer(question=question, answer=self._wording("no_explanation"),
                          explanation=explain_nothing(part, sought, state.documents))  # fmt: skip
        if text is None:
            named = part.terms if isinstance(part, Define) else part.subject or [names[0] for names in part.things]
            detail = "、".join(dict.fromkeys(named))
            return self._refusal(question, part, Refuse(reason="not_found", detail=detail), state)
        withheld = isinstance(part, Passage) and part.about != "note" and bool(WITHHELD.search(text.text))
        answer = self._checked(question, text, None, state, explain_passage(part, text, withheld), value=text.truth)
        if isinstance(part, Passage) and state.retriever.by_words_alone:
            answer.notes.append(Note(code="by_words", text=self._wording("by_words")))
        if withheld:
            answer.refused, answer.reason = True, "not_public"
        return answer

    def _checked(self, question: str, text: AnswerText, derivation: str | None, state: _State, explanation: str,
                 value: Any = None, unit: str | None = None, bounds: Sequence[Decimal] = ()) -> Answer:  # fmt: skip
        try:
            verify(text, question, derivation, bounds, {d.id: kind_of_budget(d.kind) for d in self.state().documents})
        except UnverifiedError as error:
            log.error("verifier stopped an answer to %r: %s", question, error)
            return Answer(question=question, answer=self._wording("unverified"), refused=True, reason="not_found",
                          notes=[Note(code="unverified", text=str(error))], explanation=explained("unverified"))  # fmt: skip
        numbers = [
            Number(text=text.text[s.start : s.end], start=s.start, end=s.end, citations=list(s.citations))
            for s in text.numbers
        ]
        documents = self.state().documents  # a figure of the year before is of none of those that are asked
        citations = [_citation(text.cite(source), source, documents) for source in text.cited]
        return Answer(question=question, answer=text.text, value=value, unit=unit, numbers=numbers, derivation=derivation,
                      explanation=explanation, citations=citations,
                      notes=[*self._scanned(text, state), *self._superseding(text, state), *self._contradicted(text, state)])  # fmt: skip

    def _scanned(self, text: AnswerText, state: _State) -> list[Note]:
        """That figures were read from a scan, and whether one of them is in doubt."""
        read = [s for s in text.cited if isinstance(s, Fact) and s.confidence is not None]
        if not read:
            return []
        code = "scanned_in_doubt" if state.scans.any_in_doubt(read) else "scanned"
        return [Note(code=code, text=self._wording(code))]

    def _superseding(self, text: AnswerText, state: _State) -> list[Note]:
        """That what is cited took the place of an earlier edition."""
        cited = {source.document for source in text.cited}
        return [
            Note(code="supersedes", text=self._wording("supersedes", title=info.title))
            for info in state.documents
            if info.id in cited and info.supersedes
        ]

    def _contradicted(self, text: AnswerText, state: _State) -> list[Note]:
        """That prose and table contradict each other in what is cited."""
        found = self._contradictions.of(text.cited, state.documents)
        return [Note(code="contradiction", text=self._wording("contradiction"))] if found else []

    # --- no figures ----------------------------------------------------------------------------------------------
    def _refusal(self, question: str, sought: Calculate | Define | Passage | Refuse, part: Refuse, state: _State,
                 wording: str | None = None) -> Answer:  # fmt: skip
        wording = wording or part.reason
        if part.reason == "empty" and part.detail:
            wording = "too_long"
        if part.reason == "not_found" and not part.detail:
            wording = "not_found_bare"
        if part.reason == "out_of_scope" and is_foreign(question):
            wording = "foreign"
        text = self._wording(
            wording, detail=part.detail, years="年、".join(map(str, self._years_of(state.documents))),
            departments="、".join(dict.fromkeys(d.department for d in state.documents)),
        )  # fmt: skip
        found = [Suggestion(text=s, question=s) for s in part.suggestions]
        return Answer(question=question, answer=text, refused=True, reason=part.reason, suggestions=found,
                      explanation=explain_nothing(sought, part, state.documents))  # fmt: skip

    def _years_of(self, documents: Sequence[DocumentInfo]) -> list[int]:
        """The years of all that is indexed of the departments of some documents, the latest first."""
        departments = {info.department for info in documents}
        return sorted({i.year for i in self.state().documents if i.department in departments}, reverse=True)

    def _say(self, question: str, part: Say, state: _State) -> Answer:
        text = self._wording(
            part.wording, examples="；".join(state.planner.examples()[:3]),
            documents="、".join(f"{d.department}{d.year}年{d.kind}" for d in state.documents),
        )  # fmt: skip
        return Answer(question=question, answer=text, explanation=explained("small_talk"))

    def _wording(self, name: str, **slots: str) -> str:
        return self._vocabulary.wordings[name].format(**slots)


def _put_before(words: str, answer: Answer) -> None:
    """Words without a number of their own before the text of an answer."""
    answer.answer = words + answer.answer
    for number in answer.numbers:
        number.start, number.end = number.start + len(words), number.end + len(words)


def behind(words: str, figure: Answer, refusal: Answer) -> Answer:
    """A refusal that says beside what it refuses what there is: a figure, cited like any other, but no value."""
    _put_before(words, figure)
    refused = {
        "refused": True,
        "reason": refusal.reason,
        "value": None,
        "unit": None,
        "suggestions": refusal.suggestions,
        "explanation": refusal.explanation + figure.explanation,
    }
    return figure.model_copy(update=refused)


def together(question: str, answers: list[Answer]) -> Answer:
    """The answers of several parts as one: texts under each other, citations numbered through."""
    whole = Answer(question=question, answer="", refused=all(a.refused for a in answers))
    whole.reason = answers[0].reason if whole.refused else None
    values: list[Any] = []
    for answer in answers:
        shift, offset = len(whole.citations), len(whole.answer) + (1 if whole.answer else 0)
        whole.answer += ("\n" if whole.answer else "") + answer.answer

        def renumbered(identifier: str, shift: int = shift) -> str:
            return f"c{int(identifier[1:]) + shift}"

        whole.citations += [c.model_copy(update={"id": renumbered(c.id)}) for c in answer.citations]
        whole.numbers += [
            Number(
                text=n.text, start=n.start + offset, end=n.end + offset, citations=[renumbered(i) for i in n.citations]
            )
            for n in answer.numbers
        ]
        whole.notes += answer.notes
        whole.explanation += answer.explanation
        if answer.value is not None and not isinstance(answer.value, bool):
            values += answer.value if isinstance(answer.value, list) else [answer.value]
    numeric = [v for v in values if isinstance(v, Decimal)]
    values = numeric or values
    units = {a.unit for a in answers if a.unit is not None}
    first = answers[0].value
    whole.value = first if isinstance(first, bool) else values or None
    whole.unit = units.pop() if len(units) == 1 and not isinstance(first, bool) else None
    whole.derivation = "；".join(a.derivation for a in answers if a.derivation) or None
    return whole


def _main(values: list[Value]) -> list[Value]:
    """The values without the rate of a change whose amount is among them: one answer, one unit."""
    rates = [v for v in values if _is_change(v) and v.unit == "%"]
    amounts = [v for v in values if v not in rates]
    return amounts if rates and any(_is_change(v) for v in amounts) else values


def _may_be_money(value: Value) -> bool:
    """Whether a value is money, or in no unit or a rate; people and cars are none."""
    return is_money(value.unit) or value.unit in (None, "%", "倍", "位", "分")


def _is_change(value: Value) -> bool:
    return bool(value.facts) and not value.computed and value.facts[0].column_name.startswith("比上年")


def _citation(identifier: str, source: Fact | Chunk, documents: Sequence[DocumentInfo]) -> Citation:
    info = next(d for d in documents if d.id == source.document)
    if isinstance(source, Chunk):
        return Citation(
            id=identifier, kind="passage", document=source.document, department=info.department, year=info.year,
            table=source.heading or None, row=[source.subject] if source.subject else [], text=source.body,
            place=source.place.as_dict(), table_index=source.table_index, row_index=source.row_index,
        )  # fmt: skip
    return Citation(
        id=identifier, code=source.code, kind=source.source, document=source.document, department=source.department, year=source.year,
        table=source.table_title or None, row=list(source.path), column=list(source.column), text=source.text,
        value=source.value, unit=source.unit, place=source.place.as_dict(),
        table_index=source.table_index if source.source == "cell" else None,
        row_index=source.row_index if source.source == "cell" else None, column_index=source.column_index,
        ocr_confidence=source.confidence,
    )  # fmt: skip
