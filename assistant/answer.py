"""Question to Answer: plan, look up, compose, verify, in one straight line.

In: a question, what scope the asker picked, the plans of the turns before. Out: an Answer, the contract's JSON. What the
verifier does not pass becomes a refusal; no text leaves unverified.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import Answering, Tools, put_before
from assistant.binding.binder import Binder
from assistant.budgets.library import Library, Scope, Shelf
from assistant.budgets.scoping import ALL_DEPARTMENTS, Budget, Located, locate, spoken_of, with_budget
from assistant.contract import Answer, Note
from assistant.contradictions import Contradictions
from assistant.llm.model import LanguageModel, spent
from assistant.llm.understanding import both, is_unsure
from assistant.lookup.lookup import Lookup
from assistant.many_budgets import First, first_of, ranked_in, some_of, to_compare
from assistant.plan import Clarify, Define, Plan, Refuse, Say, selects_of
from assistant.planning.across import MOST_BUDGETS, asked_of, plan_of_budget
from assistant.planning.asking import Across
from assistant.planning.confidence import PLAIN
from assistant.planning.planner import QuestionReader
from assistant.reader.network import load_network
from assistant.saying.restate import checked, restated
from assistant.scans import Scans
from assistant.states import State, States
from assistant.suggest import Suggestions
from assistant.texts.retrieve import HybridRetriever
from assistant.too_long import too_long
from assistant.tracing import span
from assistant.view import View
from assistant.words.english import English
from assistant.words.hearing import Heard, plainly
from assistant.words.naming import SLIP_WORTH
from assistant.words.vocabulary import Vocabulary, load_vocabulary
from index.search.vectors import Vectors
from index.settings import Settings
from index.sql.store import DocumentInfo, Store

MOST_EXAMPLES = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Planned:
    """A question: as heard, whose budget it is about, over what it is planned, and its local plan."""

    question: str
    library: Library
    heard: Heard
    turns: list[Plan]
    located: Located
    state: State
    lookup: Lookup
    plan: Plan
    notes: Sequence[Note] = ()


class Assistant:
    """Answers questions over one store. Safe to use from many threads."""

    def __init__(
        self, store: Store, vectors: Vectors | None, longest: int = 500, network: QuestionReader | None = None,
        model: LanguageModel | None = None,
    ) -> None:  # fmt: skip
        self._store, self._longest, self.model = store, longest, model
        self._vocabulary: Vocabulary = load_vocabulary()
        self._english = English(self._vocabulary.english, self._vocabulary.regions)
        self._shelf = Shelf(store)
        self._states = States(store, vectors, network or load_network(), self._vocabulary, self._english)
        self._scans: tuple[int, Scans] = (-1, Scans(store))
        self._tools = Tools(self._vocabulary.wordings, Contradictions(store), self.scans)
        self._suggestions = Suggestions(self._is_refused)

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the stores that the settings name. Raises StoreError or ModelError."""
        from index.stores import open_stores

        store, vectors = open_stores(settings)
        return cls(store, vectors, settings.max_question_length, model=LanguageModel.of(settings))

    @property
    def store(self) -> Store:
        """The store that is answered from."""
        return self._store

    def library(self) -> Library:
        """What is indexed now."""
        return self._shelf.current()

    def state(self) -> State:
        """What reads a question that names no department."""
        return self._states.over(self.library(), None)

    def scans(self) -> Scans:
        """What of the indexed scans is in doubt."""
        generation = self.library().generation
        if self._scans[0] != generation:
            self._scans = generation, Scans(self._store)
        return self._scans[1]

    def retriever(self, documents: Sequence[str] | None = None) -> HybridRetriever:
        """The search over some documents, or over all, that their questions are answered from."""
        return self._states.over(self.library(), documents or None).retriever

    def ask(
        self, question: str, *, scope: Scope | None = None, previous: Sequence[dict] = (), alone: bool = False
    ) -> Answer:
        """Answer a question. `previous` are the plans of the turns before, oldest first; `alone`: nobody waits for the answer, so no
        language model is asked, and one that the verifier stops is no error to anyone."""
        refusal = too_long(question, self._longest)
        if refusal is not None:
            return refusal
        started = time.perf_counter()
        with span("plan"):
            asked = self._asked(question, scope, [Plan.model_validate(p) for p in previous])
        with span("answer", parts=len(asked.plan.parts)):
            answer = self._told(asked, asked.plan)
        model = None if alone or asked.located.choices else self.model
        if model is not None and model.is_wanted(asked.plan):
            answer = self._helped(model, asked, answer)
        stops = [] if alone else answer.stops
        if stops:
            log.error("verifier stopped an answer to %r: %s", asked.heard.text, "；".join(stops))
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
            return self.model.word(answer, self.library().generation, allowance)

    def _asked(self, question: str, scope: Scope | None, turns: list[Plan]) -> _Planned:
        """A question with all that its plan is made over, and the local plan."""
        library = self._shelf.current()
        scope = None if scope == Scope() else scope
        among = library.within(scope)
        with span("hear"):
            plain = plainly(question, bool(turns), self._english)
        before = spoken_of(plain.text, [turn.documents for turn in turns if turn.documents])
        earlier = [document for turn in turns for document in turn.documents]
        with span("locate"):
            located = locate(plain.text, among.known, before, self._vocabulary.regions, earlier)
        of_shown = self._is_of_shown(located, before, among, turns)
        if of_shown:
            ranked = turns[-1].model_copy(update={"parts": turns[-1].ranked, "ranked": []})
            again = self._first_of_all(question, among, [*turns[:-1], ranked])
            if again is not None:
                return again
        chosen = located.documents or (list(among.by_id) if scope else None) or None
        with span("state"):
            state = self._states.over(library, chosen)
        with span("mend"):
            heard = self._mended(plain, located, state)
        near = state.view if state.is_general else self._near(located, library)
        lookup = Lookup(near, chosen)
        alone = state.is_general or len(among.known.budgets) < 2
        across = None if alone else self._across(located, library, near)
        if across is not None and across.own is None:
            turns = [plan_of_budget(turn, across.known) for turn in turns]
        if located.choices:
            plan = self._which_budget(located)
        else:
            plan = state.planner.plan(located.question, turns, lookup, across)
            if of_shown and ranked_in(plan) is not None:  # of all of them, and not of those that were shown
                plan = self._whose_budget(located, library)
            if state.is_general and not _needs_no_budget(plan):
                first = self._first_of_all(question, among, turns)
                if first is not None:
                    return first
                plan = self._whose_budget(located, library)
        # After a question back the next turn is about those that were offered, and no longer about the budget before.
        offered = [i for b in located.choices for i in b.documents]
        plan.documents = offered or asked_of(plan, among.known) or list(chosen or before)
        return _Planned(question, library, heard, turns, located, state, lookup, plan)

    def _is_of_shown(self, located: Located, before: Sequence[str], among: Library, turns: Sequence[Plan]) -> bool:
        """Whether a question is about those that the turn before showed as the first of very many budgets."""
        shown = {budget.department for budget in among.known.of_documents(before)}
        return bool(turns and turns[-1].ranked) and {budget.department for budget in located.budgets} == shown

    def _mended(self, plain: Heard, located: Located, state: State) -> Heard:
        """The question with its slips put right by the words of the documents; that without its department too."""
        heard = state.hearing.mended(plain)
        same = located.question == plain.text
        located.question = (heard if same else state.hearing.mended(replace(plain, text=located.question))).text
        return heard

    def _told(self, asked: _Planned, plan: Plan) -> Answer:
        """The answer that a plan gives, with its notes."""
        answer = self._answering(asked).answer(plan)
        answer.notes += asked.notes if not answer.refused else []
        answer.question = asked.question
        answer.plan = plan.model_dump(mode="json")
        answer.confidence = round(plan.confidence * SLIP_WORTH**asked.heard.slips, 3)
        self._add_heard(answer, asked.heard)
        answer.notes += [Note(code="taken", text=text) for text in plan.taken]
        answer.notes += self._caveats(plan, answer)
        self._suggestions.add(answer, plan, asked.state)
        return answer

    def _is_refused(self, question: str, infos: Sequence[DocumentInfo]) -> bool:
        """Whether some documents refuse a question."""
        asked = self._asked(question, Scope(tuple(info.id for info in infos)), [])
        return self._answering(asked).answer(asked.plan).refused

    def _answering(self, asked: _Planned) -> Answering:
        return Answering(asked.heard.text, asked.library, asked.state, asked.lookup, self._tools)

    def _helped(self, model: LanguageModel, asked: _Planned, local: Answer) -> Answer:
        """The answer to a plan of the language model where it has one that gives an answer; else the local one, unchanged."""
        allowance = model.allowance()
        with span("understand", model=model.name):
            found = model.understand(
                asked.located.question, asked.turns, asked.state, asked.lookup, asked.library.generation, allowance
            )
        answer = self._meant(asked, found.plan, local) if found.plan is not None else local
        if answer is not local:
            answer.mode = "llm"
            said = "；".join(text for part in found.plan.parts if (text := restated(part))) if found.plan else ""
            answer.notes = [n for n in answer.notes if n.code not in ("unsure", "understood")]
            if answer.reason != "ambiguous":
                answer.notes.append(Note(code="llm", text=self._tools.wording("llm", asked=said or asked.question)))
        elif found.failure is not None or (found.plan is not None and is_unsure(asked.plan)):
            answer.notes.append(Note(code="llm_failed", text=self._tools.wording("llm_failed")))
        answer.llm = spent(allowance, found.failure)
        return answer

    def _meant(self, asked: _Planned, plan: Plan, local: Answer) -> Answer:
        """The answer to a plan of the language model; the local one where that stands, or where nothing comes of the plan."""
        plan.documents = asked.plan.documents
        meant = plan if is_unsure(asked.plan) else both(asked.heard.text, asked.plan, plan)
        if meant is None:
            return local
        try:
            answer = self._told(asked, meant)
        except Exception:  # no plan of a model may cost the answer that is there without it
            log.exception("plan of the language model failed: %r", meant.model_dump_json(exclude_defaults=True))
            return local
        return local if answer.refused or answer.stops else answer

    def _caveats(self, plan: Plan, answer: Answer) -> list[Note]:
        """How the question was understood: where that was told by the turns before, or is not sure enough."""
        if answer.refused or answer.value is None:
            return []
        asked = "；".join(said for part in plan.parts if (said := restated(part) or checked(part)))
        if plan.leans and asked:
            return [Note(code="understood", text=self._tools.wording("understood", asked=asked))]
        if plan.confidence >= PLAIN:
            return []
        return [Note(code="unsure", text=self._tools.wording("unsure" if asked else "unsure_bare", asked=asked))]

    def _add_heard(self, answer: Answer, heard: Heard) -> None:
        """What the question was taken for; before the answer to an English one its terms in both languages."""
        answer.notes += [Note(code="taken", text=f"“{typed}”按“{meant}”理解") for typed, meant in heard.taken]
        if heard.restated:
            answer.notes.append(Note(code="english", text=self._tools.wording("restated", text=heard.text)))
        terms = "、".join(f"{chinese}（{english}）" for chinese, english in heard.terms)
        if terms:
            put_before(f"{terms}：\n", answer)

    def _near(self, located: Located, library: Library) -> View:
        """The documents of the departments that are spoken of."""
        return View(self._store, library.infos([i for budget in located.known for i in budget.documents]))

    def _across(self, located: Located, library: Library, near: View) -> Across:
        """The budgets that a question may hold against each other, or the one of several that it is about."""
        binders: dict[Budget, Binder] = {}

        def binder_of(budget: Budget) -> Binder:
            if budget not in binders:
                planner = self._states.over(library, budget.documents).planner
                binders[budget] = planner.binder(located.question, Lookup(near, budget.documents))
            return binders[budget]

        asked = located.budgets or located.known
        return Across(tuple(asked), tuple(located.known), bool(located.budgets), binder_of)

    def _first_of_all(self, question: str, library: Library, turns: list[Plan]) -> _Planned | None:
        """A question that ranks more budgets than can be read together: what it asks of a few of them is looked up in all, and the
        first are answered from. None for any other question."""
        ranking = ranked_in(turns[-1]) if turns else None
        before = selects_of(ranking.expression) if ranking is not None else []
        budgets = to_compare(library.known.budgets, question, before)
        if len(budgets) < 2:
            return None
        documents = [d for b in some_of(budgets, before) for d in b.documents]
        if before:
            turns = [*turns[:-1], turns[-1].model_copy(update={"documents": documents})]
        few = self._asked(question, Scope(tuple(documents)), turns)
        part = ranked_in(few.plan)
        first = first_of(budgets, part, self._store, library.by_id) if part is not None else None
        if first is None:
            return None
        infos = library.infos([d for b in first.budgets for d in b.documents])
        plan = few.plan.model_copy(update={"parts": [first.part], "documents": [info.id for info in infos]})
        # The next turn may ask of those that were shown, or rank all otherwise.
        return replace(few, library=library, plan=plan.model_copy(update={"ranked": few.plan.parts}),
                       lookup=Lookup(View(self._store, infos), plan.documents), notes=self._compared(first))  # fmt: skip

    def _compared(self, first: First) -> list[Note]:
        """Among how many the first was found."""
        budget = first.budgets[0]
        said = {"year": str(budget.year), "kind": budget.kind, "count": str(first.compared), "alike": str(first.alike),
                "shown": str(len(first.budgets)), "without": str(first.without)}  # fmt: skip
        texts = [
            self._tools.wording("compared_alike" if first.alike > 1 else "compared", **said),
            self._tools.wording("not_compared", **said) if first.without else "",
        ]
        return [Note(code="compared", text="".join(texts))]

    def _whose_budget(self, located: Located, library: Library) -> Plan:
        """A question that names no department of very many is asked back, with what came last as examples."""
        newest = sorted(library.documents, key=lambda info: -info.changed)[:MOST_EXAMPLES]
        budgets = library.known.of_documents([info.id for info in newest])
        if ALL_DEPARTMENTS.search(located.question):
            text = self._tools.wording("too_many_budgets", most=str(MOST_BUDGETS))
            some = "和".join(f"{budget.year}年{budget.department}" for budget in budgets)
            choices = [f"{some}{located.question}"]
        else:
            text = self._tools.wording("whose_budget", count=str(len(library.known.departments.names)))
            choices = [with_budget(located.question, budget) for budget in budgets]
        return Plan(parts=[Clarify(text=text, choices=choices)])

    def _which_budget(self, located: Located) -> Plan:
        """Whose budget, or of which year, is meant: asked back, each choice a whole question."""
        choices = [with_budget(located.question, budget, located.mention) for budget in located.choices]
        return Plan(parts=[Clarify(text=self._tools.wording("which_budget"), choices=choices)])


def _needs_no_budget(plan: Plan) -> bool:
    """Whether a plan answers without any budget's figures: small talk, a refusal whatever the documents, a term."""
    kept = all(isinstance(part, Say | Define | Refuse) for part in plan.parts)
    return kept and not any(isinstance(part, Refuse) and part.reason == "not_found" for part in plan.parts)
