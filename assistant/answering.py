"""A plan to its Answer: look up, compose, verify, part by part.

In: the plan of one question, and what it is asked over. Out: an Answer. What the verifier does not pass becomes a refusal; no text leaves
unverified.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.budgets.library import Library
from assistant.contract import Answer, Citation, Note, Number, Suggestion
from assistant.contradictions import Contradictions
from assistant.evidence import Evidence, Value, common_unit, unit_of
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import in_yuan, value_of
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
from assistant.saying.compose import compose, named
from assistant.saying.explain import (
    explain_calculation,
    explain_nothing,
    explain_passage,
    explain_question_back,
    explained,
    some,
)
from assistant.saying.labels import fact_label, plain_item, scope_text
from assistant.saying.stated_names import UnverifiedError
from assistant.saying.text import AnswerText, Named, Quoted
from assistant.saying.verify import verify
from assistant.scans import Scans
from assistant.states import State
from assistant.texts.passages import Passages
from assistant.tracing import span
from assistant.unlisted import listed_in_part
from assistant.words.english import is_foreign
from assistant.words.quantities import asked_count
from index.amounts import is_money
from index.chunks import Chunk
from index.facts import Fact
from index.sql.store import DocumentInfo

# People and things that are counted: an amount of money is no answer to them.
COUNTED = re.compile(
    r"(?:多少|几)(?:人|名|辆|台|套|平方米|平米|户|栋|间|亩|公里)(?!民币)|(?:多少|几)个[^，。？?]{0,4}[员师人](?![工])"
)
MONEY_ASKED = re.compile(r"(?:多少|几)个?[百千]?(?:钱|[万亿]|元|块)|(?:实际支出|花费?|开支|投入)了?多少[？?。]?$")
WITHHELD = re.compile(r"不予公开|不(?:对外)?公开|涉密(?:内容|信息|事项)")  # what a passage says of itself
SENTENCE = re.compile(r"[^。；;\n]+")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tools:
    """What the answers to all questions are made with."""

    wordings: dict[str, str]
    contradictions: Contradictions
    scans: Callable[[], Scans]

    def wording(self, name: str, **slots: str) -> str:
        """A wording of `prompts/wordings.yaml` by its name, filled. Raises KeyError where a slot is missing."""
        return self.wordings[name].format(**slots)


class Answering:
    """The answering of one question."""

    def __init__(self, question: str, library: Library, state: State, lookup: Lookup, tools: Tools) -> None:
        """`question` as it was heard; `library` is all that is indexed."""
        self._question, self._library, self._state, self._lookup, self._tools = question, library, state, lookup, tools
        self._asked: Sequence[DocumentInfo] = library.infos([info.id for info in state.documents])

    def answer(self, plan: Plan) -> Answer:
        """The answer to all parts of a plan."""
        if not self._library.documents:
            return Answer(question=self._question, answer=self._tools.wording("no_documents"), refused=True, reason="not_found",
                          explanation=explained("no_documents"))  # fmt: skip
        only = len(plan.parts) == 1
        counts = any(isinstance(p, Calculate) and isinstance(p.expression, Reduce) and p.expression.how in ("count", "list")
                     for p in plan.parts)  # fmt: skip
        answers = [self._part(part, only, counts) for part in plan.parts]
        return answers[0] if len(answers) == 1 else together(self._question, answers)

    def _part(self, part: Part, only: bool, counts: bool = False) -> Answer:
        if isinstance(part, Refuse):
            refusal = self._refusal(part.intended or part, part)
            there = part.nearest or (part.intended if part.reason == "other_year" else None)
            if there is None:
                return refusal
            figure = self._calculated(there, self._lookup.look_up(there.expression, there.unit))
            return (
                refusal
                if figure.refused
                else behind(f"{refusal.answer}{self._tools.wording('nearest')}", figure, refusal)
            )
        if isinstance(part, Say):
            return self._say(part)
        if isinstance(part, Clarify):
            choices = [Suggestion(text=c, question=c) for c in part.choices]
            text = self._tools.wording("clarify", text=part.text) + "；".join(part.choices)
            return Answer(question=self._question, answer=text, reason="ambiguous", suggestions=choices,
                          explanation=explain_question_back(part))  # fmt: skip
        if isinstance(part, Define | Passage):
            passages = Passages(self._state.view, self._state.retriever, self._lookup, self._lookup.document_ids)
            return self._passage(part, passages)
        with span("look up"):
            evidence = self._lookup.look_up(part.expression, part.unit)
        answer = self._calculated(part, evidence, only, counts)
        if not answer.refused and listed_in_part(part.expression, self._lookup, self._asked):
            answer.notes.append(Note(code="listed_in_part", text=self._tools.wording("listed_in_part")))
        return answer

    def _calculated(self, part: Calculate, evidence: Evidence, only: bool = False, counts: bool = False) -> Answer:
        """The answer of a part; `only`: it is all that is asked, so that what the question asks for must be its kind; `counts`:
        some part tells how many there are."""
        if evidence.empty or (not evidence.values and evidence.truth is None):
            refusal = Refuse(reason="not_found", detail=evidence.empty or "没有符合条件的数")
            return self._refusal(part, refusal, "not_found_because")
        found = None if counts else COUNTED.search(self._question)
        asked = () if counts else asked_count(self._question)
        counted = found[0] if found else next((f"多少{unit}" for unit in asked), None)
        if counted is not None and all(is_money(v.unit) for v in evidence.values) and evidence.truth is None:
            return self._refusal(part, Refuse(reason="not_found", detail=counted))
        scored = [v for v in evidence.values if v.unit == "分" and "分" not in self._question]
        may_be = [v for v in evidence.values if _may_be_money(v) and v not in scored]
        if only and evidence.values and MONEY_ASKED.search(self._question) and not may_be:
            return self._refusal(part, Refuse(reason="not_found", detail="金额"))
        if part.unit is None:
            part = part.model_copy(update={"unit": common_unit([*evidence.values, *evidence.shown])})
        text = compose(part, evidence)
        self._add_project_words(text, part, evidence)
        self._add_other_side(text)
        explanation = explain_calculation(part, evidence, text)
        values = [v.to(part.unit).rounded(part.decimals) for v in evidence.values]
        main = _main(values)
        numbers = [abs(v.amount) if v.is_change else v.amount for v in main]
        by_topic = isinstance(part.expression, Reduce) and part.names_only
        if by_topic:
            names = [plain_item(v.facts[0]) for v in values]
            return self._checked(text, evidence.derivation, explanation, value=names)
        value: Any = (
            evidence.truth if isinstance(part.expression, Check) else (numbers[0] if len(numbers) == 1 else numbers)
        )
        rounding = [v.derivation for v in values if part.decimals is not None and v.derivation]
        derivation = "；".join([*([evidence.derivation] if evidence.derivation else []), *rounding]) or None
        return self._checked(text, derivation, explanation, value=value,
                             unit=None if isinstance(value, bool) or not values else unit_of(main),
                             bounds=[c.amount for s in selects_of(part.expression) for c in s.where])  # fmt: skip

    def _add_project_words(self, text: AnswerText, part: Calculate, evidence: Evidence) -> None:
        for value in evidence.values[:3]:
            if not value.facts:
                continue
            fact = value.facts[0]
            if part.with_owner and fact.budget_unit:
                text.fill("owner", owner=Named(fact.budget_unit, (fact,)))
            if fact.table_kind == "target":  # a figure of a target is read in its sentence
                chunks = self._state.view.chunks(documents=[fact.document], kinds=["project"])
                for chunk in (c for c in chunks if c.row_index == fact.row_index and c.table_index == fact.table_index):
                    said = [s for s in SENTENCE.findall(chunk.body) if fact.text in s][:1]
                    for sentence in said:
                        text.fill("target_says", quote=Quoted(sentence, chunk))

    def _add_other_side(self, text: AnswerText) -> None:
        """Where prose and table contradict each other and one of them is stated: the other."""
        for pair in self._tools.contradictions.of(text.cited, self._asked):
            for fact, wording in zip(pair, ("prose_says", "table_says"), strict=True):
                value = value_of(fact)
                stated = any(in_yuan(span.value) == in_yuan(value) for span in text.numbers)
                if not stated and scope_text([value]).rstrip("：") in text.text:
                    text.fill(wording, label=named(fact_label(fact), value), number=value)

    def _passage(self, part: Define | Passage, passages: Passages) -> Answer:
        text = passages.answer(part)
        if isinstance(part, Passage) and part.premise is not None:
            premise = self._lookup.look_up(part.premise)
            if premise.truth is False:
                said = self._calculated(Calculate(expression=part.premise), premise)
                why = [] if text is None else [self._checked(text, None, explain_passage(part, text))]
                return together(self._question, [said, *why])
        if text is None and isinstance(part, Passage) and part.about == "difference":
            sought = Refuse(reason="not_found", detail="、".join(part.subject))
            return Answer(question=self._question, answer=self._tools.wording("no_explanation"),
                          explanation=self._nothing(part, sought))  # fmt: skip
        if text is None:
            named = part.terms if isinstance(part, Define) else part.subject or [names[0] for names in part.things]
            detail = "、".join(dict.fromkeys(named))
            return self._refusal(part, Refuse(reason="not_found", detail=detail))
        withheld = isinstance(part, Passage) and part.about != "note" and bool(WITHHELD.search(text.text))
        answer = self._checked(text, None, explain_passage(part, text, withheld), value=text.truth)
        if isinstance(part, Passage) and self._state.retriever.by_words_alone:
            answer.notes.append(Note(code="by_words", text=self._tools.wording("by_words")))
        if withheld:
            answer.refused, answer.reason = True, "not_public"
        return answer

    def _checked(self, text: AnswerText, derivation: str | None, explanation: str,
                 value: Any = None, unit: str | None = None, bounds: Sequence[Decimal] = ()) -> Answer:  # fmt: skip
        try:
            with span("verify"):
                verify(text, self._question, derivation, bounds, self._library.kinds)
        except UnverifiedError as error:
            log.debug("verifier stopped an answer to %r: %s", self._question, error)
            return Answer(question=self._question, answer=self._tools.wording("unverified"), refused=True, reason="not_found",
                          notes=[Note(code="unverified", text=str(error))], explanation=explained("unverified"))  # fmt: skip
        numbers = [
            Number(text=text.text[s.start : s.end], start=s.start, end=s.end, citations=list(s.citations))
            for s in text.numbers
        ]
        citations = [
            _citation(text.cite(source), source, self._library.by_id[source.document]) for source in text.cited
        ]
        return Answer(question=self._question, answer=text.text, value=value, unit=unit, numbers=numbers, derivation=derivation,
                      explanation=explanation, citations=citations,
                      notes=[*self._scanned(text), *self._superseding(text), *self._contradicted(text)])  # fmt: skip

    def _scanned(self, text: AnswerText) -> list[Note]:
        """That figures were read from a scan, and whether one of them is in doubt."""
        read = [s for s in text.cited if isinstance(s, Fact) and s.confidence is not None]
        if not read:
            return []
        code = "scanned_in_doubt" if self._tools.scans().any_in_doubt(read) else "scanned"
        return [Note(code=code, text=self._tools.wording(code))]

    def _superseding(self, text: AnswerText) -> list[Note]:
        """That what is cited took the place of an earlier edition."""
        cited = {source.document for source in text.cited}
        return [
            Note(code="supersedes", text=self._tools.wording("supersedes", title=info.title))
            for info in self._library.infos(list(cited))
            if info.supersedes
        ]

    def _contradicted(self, text: AnswerText) -> list[Note]:
        """That prose and table contradict each other in what is cited."""
        found = self._tools.contradictions.of(text.cited, self._asked)
        return [Note(code="contradiction", text=self._tools.wording("contradiction"))] if found else []

    # --- no figures ----------------------------------------------------------------------------------------------
    def _refusal(
        self, sought: Calculate | Define | Passage | Refuse, part: Refuse, wording: str | None = None
    ) -> Answer:
        wording = wording or part.reason
        if part.reason == "not_found" and not part.detail:
            wording = "not_found_bare"
        if part.reason == "out_of_scope" and is_foreign(self._question):
            wording = "foreign"
        known = self._library.known.departments
        text = self._tools.wording(
            wording, detail=part.detail, years="年、".join(map(str, self._library.years_of(self._asked))),
            departments=some(known.nearest(part.detail)) if part.reason == "other_department" else "",
        )  # fmt: skip
        found = [Suggestion(text=s, question=s) for s in part.suggestions]
        return Answer(question=self._question, answer=text, refused=True, reason=part.reason, suggestions=found,
                      explanation=self._nothing(sought, part))  # fmt: skip

    def _nothing(self, sought: Calculate | Define | Passage | Refuse, part: Refuse) -> str:
        """Why nothing is answered."""
        return explain_nothing(
            sought, part, self._library.documents if part.reason == "other_department" else self._asked
        )

    def _say(self, part: Say) -> Answer:
        text = self._tools.wording(
            part.wording, examples="；".join(self._state.planner.examples()[:3]),
            documents=some([f"{d.department}{d.year}年{d.kind}" for d in self._library.documents]),
        )  # fmt: skip
        return Answer(question=self._question, answer=text, explanation=explained("small_talk"))


def put_before(words: str, answer: Answer) -> None:
    """Words without a number of their own before the text of an answer."""
    answer.answer = words + answer.answer
    for number in answer.numbers:
        number.start, number.end = number.start + len(words), number.end + len(words)


def behind(words: str, figure: Answer, refusal: Answer) -> Answer:
    """A refusal that says beside what it refuses what there is: a figure, cited like any other, but no value."""
    put_before(words, figure)
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
    rates = [v for v in values if v.is_change and v.unit == "%"]
    amounts = [v for v in values if v not in rates]
    return amounts if rates and any(v.is_change for v in amounts) else values


def _may_be_money(value: Value) -> bool:
    """Whether a value is money, or in no unit or a rate; people and cars are none."""
    return is_money(value.unit) or value.unit in (None, "%", "倍", "位", "分")


def _citation(identifier: str, source: Fact | Chunk, info: DocumentInfo) -> Citation:
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
