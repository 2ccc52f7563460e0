"""A plain retrieval baseline: what one gets from the same chunks without a plan, a lookup or a verifier.

In: a question. Out: an answer in the contract's form, from llama-index's vector retriever alone: the best single chunk,
and in it the best single cell or number, or the passage itself. It never refuses; a follow-up is asked with the
question before it in front. Scored like the product, so that the table shows what the design buys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from llama_index.core import VectorStoreIndex

from eval.measures import numbers_in
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.rows import plain_label
from index.search.vectors import Vectors
from index.sql.store import Store

TOP_K = 5
AMOUNT_ASKED = re.compile(r"多少|几[个家辆台项成倍]|百分|占比|比例|比重|金额|预算数|合计|总额|平均|相差")
CONTEXT = 16  # characters before a number that tell what it is a number of


class Baseline:
    """Answers like `Assistant.ask`, as a dict."""

    def __init__(self, store: Store, vectors: Vectors) -> None:
        self._store = store
        index = VectorStoreIndex.from_vector_store(vectors.vector_store, embed_model=vectors.embedding)
        self._retriever = index.as_retriever(similarity_top_k=TOP_K)

    def ask(self, question: str, previous: Sequence[dict] = ()) -> dict:
        """The answer of the nearest chunk; a blank question has none. `previous` holds the question before."""
        whole = f"{previous[-1].get('question', '') if previous else ''} {question}".strip()
        nodes = self._retriever.retrieve(whole) if whole else []
        chunks = self._store.chunks(keys=[nodes[0].node.node_id]) if nodes else []
        if not chunks:
            return _answer(question, "没有找到", refused=True, reason="empty" if not whole else "not_found")
        chunk = chunks[0]
        if chunk.kind == "row":
            return self._best_cell(question, chunk)
        return _best_number(whole, chunk) if AMOUNT_ASKED.search(whole) else _passage(question, chunk)

    def _best_cell(self, question: str, chunk: Chunk) -> dict:
        """The cell whose column the question names best; the total column where it names none."""
        facts = [
            fact
            for fact in self._store.facts(documents=[chunk.document], names=[plain_label(chunk.subject)])
            if (fact.table_index, fact.row_index) == (chunk.table_index, chunk.row_index) and fact.value is not None
        ]
        if not facts:
            return _passage(question, chunk)
        best = max(facts, key=lambda fact: (_column_match(fact, question), not fact.column_name))
        text = f"{best.label}：{best.text}{best.unit or ''}"
        return _answer(question, text, best.value, best.unit, [_cell(best)], best.text)


def _best_number(question: str, chunk: Chunk) -> dict:
    """The number of a passage in the unit asked for, whose words before it share most with the question."""
    found = numbers_in(chunk.body)
    if not found:
        return _passage(question, chunk)
    best = max(
        found,
        key=lambda s: (
            _unit_asked(s.amount.unit, question),
            _shared(chunk.body[max(0, s.start - CONTEXT) : s.start], question),
        ),
    )
    return _answer(question, chunk.body, best.amount.number, best.amount.unit, [_quoted(chunk)])


def _unit_asked(unit: str | None, question: str) -> bool:
    return "百分" in question if unit == "%" else unit is not None and unit in question


def _passage(question: str, chunk: Chunk) -> dict:
    return _answer(question, chunk.body, citations=[_quoted(chunk)])


def _shared(words: str, question: str) -> int:
    """How many neighbouring pairs of characters two texts share."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (words, question)]
    return len(pairs[0] & pairs[1])


def _column_match(fact: Fact, question: str) -> float:
    """How much of a column's last heading stands in the question, 0 where it is less than half."""
    heading = fact.column[-1] if fact.column else ""
    share = _shared(heading, question) / max(1, len(heading) - 1)
    return share if share >= 0.5 else 0.0


def _cell(fact: Fact) -> dict:
    return {
        "id": "c1", "kind": fact.source, "document": fact.document, "department": fact.department, "year": fact.year,
        "table": fact.table_title, "row": list(fact.path), "column": list(fact.column), "text": fact.text,
        "value": str(fact.value), "unit": fact.unit, "place": fact.place.as_dict(),
    }  # fmt: skip


def _quoted(chunk: Chunk) -> dict:
    return {"id": "c1", "kind": "passage", "document": chunk.document, "table": chunk.heading, "row": [chunk.subject],
            "column": [], "text": chunk.body, "place": chunk.place.as_dict()}  # fmt: skip


def _answer(
    question: str, text: str, value: Decimal | None = None, unit: str | None = None, citations: Sequence[dict] = (),
    printed: str | None = None, *, refused: bool = False, reason: str | None = None,
) -> dict:  # fmt: skip
    """The contract's form. `printed` is the number to mark in the text; the plan is the question, for follow-ups."""
    start = text.rfind(printed) if printed else -1
    marked = {"text": printed, "start": start, "end": start + len(printed or ""), "citations": ["c1"]}
    return {
        "question": question, "answer": text, "refused": refused, "reason": reason,
        "value": None if value is None else str(value), "unit": unit, "numbers": [marked] if start >= 0 else [],
        "derivation": None, "citations": list(citations), "notes": [], "suggestions": [],
        "plan": {"question": question},
    }  # fmt: skip
