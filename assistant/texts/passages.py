"""Parts of a plan that are answered with the document's own words.

In: a Define or Passage part. Out: an AnswerText made of quotations, or None when the documents say nothing of it. Nothing is
added to a quotation, and a sentence is never cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.lookup.lookup import Lookup
from assistant.plan import Define, Passage, Reduce, Select
from assistant.saying.labels import heading_of
from assistant.saying.text import AnswerText, Named, Quoted
from assistant.texts.retrieve import HybridRetriever
from assistant.view import View
from assistant.words.coverage import best_sentences, by_coverage
from assistant.words.normal import bare
from assistant.words.variants import term_variants
from index.chunks import Chunk
from index.parsing.kinds import kind_of
from index.parsing.rows import plain_label
from index.search.ngrams import grams
from index.sql.store import Store

ENOUGH_OVERLAP = 0.35
ABOUT_US, DUTY_WORDS = re.compile(r"基本情况|概况|简介"), re.compile(r"主要职[责能]|职[责能][是为]|负责")
COVERED = (
    0.62  # of what a question speaks of; calibrated on questions that the documents answer and others (docs/decisions)
)
CLOSE = 0.9  # passages that cover nearly as much are told apart by retrieval
LONGEST_QUOTE = 320
MOST_CELLS = 60
TELLING = 3
ORGANISED = r"(?:局|委|厅|中心|馆|院|所|站|办公室|处|队|校|部门|机关)(?=[、和与及的，。；（主负承]|职责)"
DOCUMENT = "文件|规范|规定|办法|通知|批复|法规"
SHOWS = tuple(  # what an answer must show that is asked for a date, a document or somebody
    (re.compile(asked), re.compile(shown))
    for asked, shown in (
        (r"哪一?[天日年月]|何时|什么时[候间]|日期|截[至止]", r"\d+年|\d+月"),
        (rf"哪一?[份个项]?(?:{DOCUMENT})|文号|什么(?:{DOCUMENT})", r"《|〔"),
        (r"(?:哪[些几]?个?家?|什么)(?:单位|机构|部门)|哪几?家(?!公司|企业)|谁来?负责|由谁", ORGANISED),
        (r"(?:哪[些几]?个?家?|什么)(?:公司|企业|供应商|厂商|厂家)|供应商|中的?标|承建商", r"公司|集团"),
    )
)
REASON_WORDS = re.compile(r"主要(?:原因)?[是为系]|原因[是为]|主要(?:是|系)?由于|由于|主要是因")
ROSE, FELL, OTHER_WAY = re.compile(r"增加|增长|上升|提高"), re.compile(r"减少|下降|降低|压减"), 0.6
UP, DOWN = re.compile(r"多出|[增涨升]|比[^，。]{1,6}多"), re.compile(r"[减降跌砍]|少了|比[^，。]{1,6}少")
OPENS_WITH_REASON = re.compile(r"\s*(?:其中)?[，,]?(?:增减|增加|减少|变化|变动|增长|下降)?的?(?:主要)?原因")

UNITS_HEADING = re.compile(r"部门预算构成|单位构成|下属单位|所属单位|预算单位")
UNITS_SAID = re.compile(r"下属|所属|单位")
UNITS_TOLD = re.compile(
    r"(?:没有|无|未设|不含)[^，。]{0,6}(?:下属|所属|二级)|(?:下属|所属|下设|二级)[^，。；]{0,8}单位[^，。；]{0,12}(?:包括|分别|共|有|如下|为|[\d一二三四五六七八九十]+[个家])"
)


class Passages:
    """Quotes from the chunks of one state of the store."""

    def __init__(self, store: View, retriever: HybridRetriever, lookup: Lookup, documents: Sequence[str]) -> None:
        self._store, self._retriever, self._lookup, self._documents = store, retriever, lookup, list(documents)

    def answer(self, part: Define | Passage) -> AnswerText | None:
        """The quotations for a part."""
        if isinstance(part, Define):
            return self._define(part.terms)
        if part.about == "owner":
            return self._owner(part)
        return {
            "duty": self._duty, "structure": self._structure, "subordinates": self._subordinates, "reason": self._reason,
            "target": self._target, "note": self._note, "difference": self._note, "explain": self._explain, "search": self._search,
            "form": self._form,
        }[part.about](part)  # fmt: skip

    def _chunks(self, *kinds: str) -> list[Chunk]:
        return self._store.chunks(documents=self._documents, kinds=kinds)

    def _define(self, terms: list[str]) -> AnswerText | None:
        defined = definitions(self._store, self._documents)
        chunks = [chunk for term in terms for chunk in defined.get(term, [])]
        return _quoted(list({chunk.body: chunk for chunk in chunks}.values()))  # what several documents say alike, once

    def _duty(self, part: Passage) -> AnswerText | None:
        duties = self._chunks("duty")
        wanted = part.subject or list(dict.fromkeys(c.subject for c in duties))[:1]
        told = [c for c in duties if c.subject in wanted]
        if not duties:  # told in a paragraph about the department in general
            told = [c for c in self._chunks("paragraph") if ABOUT_US.search(c.heading) and DUTY_WORDS.search(c.body)]
        return _quoted(told)

    def _structure(self, part: Passage) -> AnswerText | None:
        return _quoted([c for c in self._chunks("paragraph") if re.search(r"机构设置|内设机构", c.heading + c.body)
                        and re.search(r"科|处|室|股|部|中心", c.body)][:3])  # fmt: skip

    def _subordinates(self, part: Passage) -> AnswerText | None:
        paragraphs = self._chunks("paragraph")
        under = [c for c in paragraphs if UNITS_HEADING.search(c.heading) and UNITS_SAID.search(c.body)]
        return _quoted((under or [c for c in paragraphs if UNITS_TOLD.search(c.body)])[:2])

    def _reason(self, part: Passage) -> AnswerText | None:
        """The sentence about the subject that gives a reason; the part of it that is about the subject."""
        best: tuple[float, Chunk, str] | None = None
        if not part.subject:
            return self._search(part)
        for chunk in self._chunks("paragraph"):
            for sentence in _with_what_they_explain(_sentences(chunk.body)):
                if not REASON_WORDS.search(sentence):
                    continue
                for piece in _pieces(sentence):
                    said = REASON_WORDS.split(piece)[0]
                    score = max(
                        (_overlap(s, said) + 0.3 * _overlap(s, chunk.heading) for s in part.subject), default=0.0
                    )
                    score -= OTHER_WAY if _moves_otherwise(part, said) else 0.0
                    if REASON_WORDS.search(piece) and (best is None or score > best[0]):
                        best = (score, chunk, piece)
        if best is None or best[0] < ENOUGH_OVERLAP:
            return self._reason_beside(part) or self._best(part, "paragraph", "project", "note")
        return _quoted([best[1]], [best[2]])

    def _reason_beside(self, part: Passage) -> AnswerText | None:
        """A sentence that names the subject and gives a reason, if for the whole that it is a part of."""
        for chunk in self._chunks("paragraph"):
            for sentence in _sentences(chunk.body):
                if REASON_WORDS.search(sentence) and any(bare(s) in bare(sentence) for s in part.subject):
                    return _quoted([chunk], [sentence])
        return None

    def _projects(self, part: Passage) -> list[str]:
        if part.subject:
            return part.subject
        if isinstance(part.of, Reduce):
            return [fact.label for value in self._lookup.look_up(part.of).values for fact in value.facts]
        return []

    def _target(self, part: Passage) -> AnswerText | None:
        names = {plain_label(name) for name in self._projects(part)}
        chunks = [c for c in self._chunks("project") if plain_label(c.subject) in names]
        return _quoted(chunks) or (self._search(part) if not names else None)

    def _owner(self, part: Passage) -> AnswerText | None:
        names = [plain_label(name) for name in self._projects(part)]
        found = self._lookup.select(Select(universe="projects", labels=names)) if names else []
        facts = [fact for fact in found if fact.budget_unit]
        if not facts:
            return None
        text = AnswerText()
        if part.claim:
            text.truth = all(fact.budget_unit in part.claim for fact in facts)
            text.fill("affirmed" if text.truth else "denied")
        for fact in facts[:3]:
            if text.cited:
                text.fill("and")
            text.fill(
                "owner_of", project=Named(fact.label, (fact,), cited=True), owner=Named(fact.budget_unit or "", (fact,))
            )
        return text.fill("end")

    def _form(self, part: Passage) -> AnswerText | None:
        """What cells of a form say, as they print it: a field, or indicators one by one."""
        facts = [f for f in self._lookup.select(part.of.of) if f.text] if part.of is not None else []
        text = AnswerText()
        before: tuple | None = None
        for fact in facts[:MOST_CELLS]:
            source = fact.document, fact.table_title, fact.path[0]
            if source != before:
                if before:
                    text.fill("end")
                form = f"{fact.year}年{fact.department}《{fact.table_title}》{fact.path[0]}"
                text.fill("of_form", source=Named(form, (fact,)))
            else:
                text.fill("and")
            label = re.sub(r"\s", "", fact.label)
            text.fill("cell", label=Named(label, (fact,), cited=True), cell=Named(fact.text.strip(), (fact,)))
            before = source
        return text.fill("end") if facts else None

    def _explain(self, part: Passage) -> AnswerText | None:
        """A clause that says what an item is, wherever it stands: 公务接待费反映…"""
        for label in part.subject:
            pattern = re.compile(rf"{re.escape(label)}(?:（[^）]*）)?(?:反映|是指|指|包括|包含|用于)[^；。]*")
            for chunk in self._chunks("definition", "paragraph"):
                match = pattern.search(chunk.body)
                if match:
                    return _quoted([chunk], [match[0]])
        return self._search(part)

    def _note(self, part: Passage) -> AnswerText | None:
        if part.tables:
            notes = [c for c in self._chunks("note") if kind_of(c.heading).name in part.tables]
            return _quoted(notes) or self._best(part, "paragraph", "note")
        notes = [c for c in self._chunks("note") if any(plain_label(s) in bare(c.body) for s in part.subject)]
        return _quoted(notes[:2]) or self._best(part, "note") or self._search(part)

    def _search(self, part: Passage) -> AnswerText | None:
        """The passage that speaks of what the question speaks of; else the target of the project that it describes."""
        found = self._best(part, "paragraph", "definition", "duty", "project", "note")
        if found is not None or not part.projects:
            return found
        target = self._target(part.model_copy(update={"subject": part.projects}))
        company, shown = SHOWS[-1]
        return None if target is not None and company.search(part.query) and not shown.search(target.text) else target

    def _best(self, part: Passage, *kinds: str) -> AnswerText | None:
        things = list(part.things)
        if part.subject and not any(set(part.subject) & set(names) for names in things):
            things.append(part.subject)
        if len(things) + len(part.acts) < 2 and not any(len(name) >= TELLING for names in things for name in names):
            return None  # one everyday word is no evidence
        chunks = self._chunks(*kinds)
        shown = [pattern for asks, pattern in SHOWS if asks.search(part.query)]
        ranked = [
            (score, chunk) for score, chunk in by_coverage(chunks, things, part.acts, self._lookup.cover)
            if all(pattern.search(chunk.body) for pattern in shown)
        ]  # fmt: skip
        if not ranked or ranked[0][0] < COVERED:
            return None
        near = [chunk for score, chunk in ranked if score >= ranked[0][0] * CLOSE]
        terms = {bare(name) for names in things for name in names}
        order = {c.key: i for i, (c, _) in enumerate(self._retriever.search(part.query, 30, kinds, self._documents))}
        chunk = min(near, key=lambda c: (bare(c.subject) not in terms or c.kind != "definition", order.get(c.key, 99)))
        return _quoted([chunk], [best_sentences(chunk.body, things, part.acts, LONGEST_QUOTE)])


def definitions(store: View | Store, documents: Sequence[str]) -> dict[str, list[Chunk]]:
    """The terms that documents define, each with the pieces of what they say of it."""
    found: dict[str, list[Chunk]] = {}
    for chunk in store.chunks(documents=documents, kinds=["definition"]):
        found.setdefault(chunk.subject, []).append(chunk)
    return found


def defined(names: Iterable[str], store: View | Store, document: str) -> dict[str, str]:
    """What a document says of the names that stand in its tables, where they are terms that it defines: the whole of each
    definition, by the term."""
    wanted = {bare(plain_label(name)) for name in names}
    return {
        term: "".join(chunk.body for chunk in chunks) for term, chunks in definitions(store, [document]).items()
        if wanted & set(map(bare, term_variants(term)))
    }  # fmt: skip


def _quoted(chunks: Sequence[Chunk], words: Sequence[str] | None = None) -> AnswerText | None:
    """Chunks quoted in full, or the given words of each, with where they stand."""
    if not chunks:
        return None
    text = AnswerText()
    for index, chunk in enumerate(chunks):
        before = chunks[index - 1] if index else None
        source = f"{heading_of(chunk)}{chunk.subject if chunk.kind == 'project' else ''}"
        quote = Quoted((words[index] if words else chunk.body).strip(), chunk)
        if before is None or (before.heading, before.subject) != (chunk.heading, chunk.subject):
            text.fill("quoted_next" if index else "quoted", source=Named(source, (chunk,)), quote=quote)
        else:
            text.fill("quoted_on", quote=quote)
    return text


def _sentences(text: str) -> list[str]:
    return [s for s in re.findall(r"(?:[^。]|。(?=[）)]))+。?", text) if s.strip()]


def _moves_otherwise(part: Passage, said: str) -> bool:
    """Whether a piece tells of a rise where the question asks about a fall, or the other way round."""
    asked = ROSE if UP.search(part.query) and not DOWN.search(part.query) else FELL if DOWN.search(part.query) else None
    other = {ROSE: FELL, FELL: ROSE}.get(asked) if asked else None
    return other is not None and asked is not None and bool(other.search(said)) and not asked.search(said)


def _with_what_they_explain(sentences: Sequence[str]) -> list[str]:
    """The sentences, one that begins with its reason (主要原因是…) together with the one before it."""
    found: list[str] = []
    for sentence in sentences:
        if found and OPENS_WITH_REASON.match(sentence):
            found[-1] += sentence
        else:
            found.append(sentence)
    return found


def _pieces(sentence: str) -> list[str]:
    """A sentence that tells of several things with a reason each, cut where a new one with its own amount begins."""
    cut = re.split(r"(?<=[；。])(?![一二三四五六]是)(?=[^；。]{2,20}?\d)|(?<=。）)", sentence)
    return [piece for piece in cut if piece]


def _overlap(query: str, text: str) -> float:
    """The share of the query's character pairs that stand in a text."""
    wanted = {g for g in grams(query) if len(g) > 1}
    return len(wanted & set(grams(text))) / len(wanted) if wanted else 0.0
