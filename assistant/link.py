"""Words of a question to what they mean.

In: a question. Out: a Reading, the question cut into mentions so that as little as possible stays unexplained. All cuts
are weighed at once (a shortest path over the characters): a long label beats the short words inside it, and a word that
nothing explains costs most. Only where something stays unexplained are typos considered, and never for a word of negation.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from assistant.dictionary import is_word
from assistant.lexicon import Lexicon, Sense, pinyin_of, syllable
from assistant.normal import normal
from assistant.quantities import Quantity, quantities

LONGEST = 60
UNKNOWN_COST, MENTION_COST, FILLER_COST, TYPO_COST = 1.0, 0.15, 0.25, 0.45
TYPO_KINDS = {"label", "project", "column", "unit", "weak"}
MOST_SLIPS = 60  # characters; a question with more that is unexplained has no slip of the pen
NEGATIONS = set("非不无未没免别勿")
CLAUSE_ENDS = "，,；;。？?！!：:"
HARD_BREAKS = "，,？?！!。；;：:"
POINTING = {"该", "这个", "那个", "此", "这家", "那家", "这", "那"}
APART = {"and", "than", "ratio", "difference", "sum", "each"}
BY_UNIT = {"basic_by_unit", "project_list"}
DISCLAIMERS = {"别", "不要", "不用", "甭", "不是", "而不是", "并非", "而非", "不看", "不问"}
ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:局|委员会|委|厅|办公室|法院|检察院|大学|医院)")


@dataclass
class Mention:
    """A stretch of the question [start, end) in bare characters, with what it can mean; `text` is what stands there."""

    start: int
    end: int
    text: str
    senses: list[Sense] = field(default_factory=list)
    filler: bool = False
    quantity: Quantity | None = None
    typo: str | None = None

    @property
    def known(self) -> bool:
        return bool(self.senses) or self.filler or self.quantity is not None

    def values(self, kind: str) -> list[str]:
        """Canonical names of one kind, surest first."""
        ranked = sorted((s for s in self.senses if s.kind == kind), key=lambda s: -s.score)
        best = ranked[0].score if ranked else 0
        return [s.value for s in ranked if s.score >= best - 0.04]

    def is_a(self, *kinds: str) -> bool:
        return any(sense.kind in kinds for sense in self.senses)


@dataclass
class Reading:
    """A question as linked. `breaks` are the positions (in bare characters) before which punctuation stands."""

    question: str
    text: str
    mentions: list[Mention]
    breaks: dict[int, str]

    def of(self, *kinds: str) -> list[Mention]:
        return [m for m in self.mentions if m.is_a(*kinds)]

    def cue(self, *names: str) -> Mention | None:
        """The first mention with one of these cues."""
        return next((m for m in self.mentions for s in m.senses if s.kind == "cue" and s.value in names), None)

    def has(self, *names: str) -> bool:
        return self.cue(*names) is not None

    def quantities(self, kind: str) -> list[Quantity]:
        return [m.quantity for m in self.mentions if m.quantity and m.quantity.kind == kind]

    def clauses(self) -> list[list[Mention]]:
        """The mentions clause by clause, as punctuation cuts them."""
        found: list[list[Mention]] = [[]]
        for mention in self.mentions:
            if found[-1] and any(mark in CLAUSE_ENDS for mark in self.breaks.get(mention.start, "")):
                found.append([])
            found[-1].append(mention)
        return found

    def unknown(self) -> list[Mention]:
        return [m for m in self.mentions if not m.known]

    def typos(self) -> list[Mention]:
        return [m for m in self.mentions if m.typo]


def link(question: str, lexicon: Lexicon) -> Reading:
    """Read a question against the lexicon."""
    text = _spelled_out(normal(question))
    letters, positions, breaks = _strip(text)
    spans = [_bare_quantity(q, positions) for q in quantities(text.replace("“", ""))]
    candidates = _candidates(letters, lexicon, breaks)
    _add_quantities(candidates, spans, letters)
    _add_organisations(candidates, letters, lexicon)
    mentions = _cheapest(letters, candidates, breaks)
    if 0 < sum(len(m.text) for m in mentions if not m.known) <= MOST_SLIPS:
        typos = _typo_candidates(letters, mentions, lexicon)
        if typos:
            for mention in typos:
                candidates.setdefault(mention.start, []).append(mention)
            mentions = _cheapest(letters, candidates, breaks)
    reading = Reading(question, letters, mentions, breaks)
    _by_analogy(reading, lexicon)
    _drop_negated(reading)
    _without_subordinates(reading)
    _described(reading)
    _own_unit(reading, lexicon)
    _same_unit(reading)
    return reading


def _same_unit(reading: Reading) -> None:
    """行政服务中心的项目占该中心项目支出: a kind of unit pointed at is the one that was named."""
    for before, mention in pairwise(reading.mentions):
        if before.text not in POINTING or len(mention.values("unit")) < 2:
            continue
        named = [m for m in reading.mentions if m.end <= before.start and len(m.values("unit")) == 1]
        if named and named[-1].values("unit")[0] in mention.values("unit"):
            mention.senses = [s for s in named[-1].senses if s.kind == "unit"]


def _own_unit(reading: Reading, lexicon: Lexicon) -> None:
    """The department's name means its own unit (本级) in a table by units, and beside the names of other units."""
    by_unit = any(m.is_a("table") and set(m.values("table")) & BY_UNIT for m in reading.mentions)
    for index, mention in enumerate(reading.mentions):
        if not any(name in lexicon.units for name in mention.values("department")):
            continue
        if by_unit or (not reading.has("share") and _is_set_apart(index, reading)):
            mention.senses = [*mention.senses, Sense("headquarters", "局本级")]


def _is_set_apart(index: int, reading: Reading) -> bool:
    """Whether another unit is named with something between that makes two of them: 甲局和乙中心, 甲局的…是乙中心的几倍."""
    mention = reading.mentions[index]
    for other in reading.mentions:
        if not other.is_a("unit") or other.is_a("department"):
            continue
        low, high = sorted((mention.end, other.start) if other.start > mention.start else (other.end, mention.start))
        between = [m for m in reading.mentions if low <= m.start < high]
        cues = {s.value for m in between for s in m.senses if s.kind == "cue"}
        marks = any(
            "、" in reading.breaks.get(at, "") or "，" in reading.breaks.get(at, "") for at in range(low, high + 1)
        )
        if cues & APART or marks or any(m.is_a("column", "label") for m in between):
            return True
    return False


def _described(reading: Reading) -> None:
    """最少的那个项目 is described by what stands before 的, and points at nothing said earlier."""
    for before, mention in pairwise(reading.mentions):
        noun = next(
            (noun for noun, kind in (("项目", "project"), ("单位", "unit")) if mention.text.endswith(noun)), None
        )
        back = any(s.kind == "cue" and s.value == "back" for s in mention.senses)
        if before.text == "的" and back and noun:
            mention.senses, mention.filler = [Sense("noun", {"项目": "project", "单位": "unit"}[noun])], False


def _without_subordinates(reading: Reading) -> None:
    """不含下属单位 is the department's own unit (本级), not a sum that something is taken from."""
    own = any(m.is_a("headquarters") for m in reading.mentions)
    for cue, after in zip(reading.mentions, reading.mentions[1:], strict=False):
        said = any(s.kind == "cue" and s.value == "except" for s in cue.senses)
        below = any(s.kind == "cue" and s.value == "subordinates" for s in after.senses)
        if said and below:
            cue.senses, cue.filler = [], True
            after.senses, after.filler = ([], True) if own else ([Sense("headquarters", "局本级")], False)


def _drop_negated(reading: Reading) -> None:
    """别给大类, 不是基本支出，是项目支出: what the asker says is not meant names nothing."""
    if re.search(r"[吗吧么]|是不是|对不对", reading.text):
        return  # 不是…吗 says that it is
    negated = False
    for mention in reading.mentions:
        if any(mark in HARD_BREAKS for mark in reading.breaks.get(mention.start, "")):
            negated = False
        if mention.text in DISCLAIMERS:
            negated = True
        elif negated and mention.is_a("level", "column", "label", "unit", "table", "total", "noun", "money"):
            mention.senses, mention.filler = [], True


def _by_analogy(reading: Reading, lexicon: Lexicon) -> None:
    """货物和服务: an everyday word joined to one that is short for a label means the label made the same way."""
    mentions, breaks = reading.mentions, reading.breaks
    meant: dict[str, list[Sense]] = {}
    for index, mention in enumerate(mentions):
        for other in (*mentions[max(0, index - 2) : index], *mentions[index + 1 : index + 3]):
            low, high = sorted((mention, other), key=lambda m: m.start)
            between = [m for m in mentions if low.end <= m.start < high.start]
            joined = all("and" in m.values("cue") for m in between) and (between or "、" in breaks.get(high.start, ""))
            if not joined or not mention.is_a("weak") or mention.is_a("label") or not other.is_a("label"):
                continue
            made = (name.replace(other.text, mention.text, 1) for name in other.values("label") if other.text in name)
            senses = [Sense("label", name, 0.9) for name in made if lexicon.is_label(name)]
            if senses:
                meant[mention.text] = senses
    for mention in mentions:
        mention.senses = [*mention.senses, *meant.get(mention.text, [])]


def _spelled_out(text: str) -> str:
    """甲、乙、丙三类 spelled out as 甲类、乙类、丙类."""
    match = re.search(r"((?:[\u4e00-\u9fff]{2,3}、)+)([\u4e00-\u9fff]{2,3}?)(?:这)?[两三四五六]?大?类", text)
    if match is None:
        return text
    parts = [*match[1].rstrip("、").split("、"), match[2]]
    return text[: match.start()] + "、".join(f"{part.removesuffix('类')}类" for part in parts) + text[match.end() :]


def _strip(text: str) -> tuple[str, list[int], dict[int, str]]:
    """Word characters alone, where each stood, and the punctuation before each position."""
    letters: list[str] = []
    positions: list[int] = []
    breaks: dict[int, str] = {}
    for index, character in enumerate(text):
        if re.match(r"\w", character) or (character == "." and text[index - 1 : index].isdigit()) or character == "%":
            letters.append(character)
            positions.append(index)
        else:
            breaks[len(letters)] = breaks.get(len(letters), "") + ("：" if character == ":" else character)
    return "".join(letters), positions, breaks


def _bare_quantity(quantity: Quantity, positions: list[int]) -> Quantity:
    inside = [i for i, p in enumerate(positions) if quantity.start <= p < quantity.end]
    start, end = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return Quantity(start, end, quantity.kind, quantity.value, quantity.unit, quantity.operator, quantity.text)


def _candidates(letters: str, lexicon: Lexicon, breaks: dict[int, str]) -> dict[int, list[Mention]]:
    hard = sorted(i for i, marks in breaks.items() if any(mark in HARD_BREAKS for mark in marks))
    found: dict[int, list[Mention]] = {}
    for start in range(len(letters)):
        limit = min([len(letters), start + LONGEST, *(h for h in hard if h > start)])
        for end in range(start + 1, limit + 1):
            word = letters[start:end]
            senses, filler = lexicon.senses(word), word in lexicon.vocabulary.fillers
            if senses or filler:
                found.setdefault(start, []).append(Mention(start, end, word, senses, filler))
    return found


def _add_quantities(candidates: dict[int, list[Mention]], spans: list[Quantity], letters: str) -> None:
    for q in spans:
        if q.end > q.start:
            candidates.setdefault(q.start, []).append(Mention(q.start, q.end, letters[q.start : q.end], quantity=q))


def _add_organisations(candidates: dict[int, list[Mention]], letters: str, lexicon: Lexicon) -> None:
    """Short names made by leaving characters out: 卫健局 for 卫生健康局."""
    names = {info.department: "department" for info in lexicon.documents}
    names.update({unit: "unit" for unit in lexicon.units if unit not in names})
    suffixes = lexicon.vocabulary.organisations["suffixes"]
    for name, kind in names.items():
        core = min((w for w, s in lexicon.words.items() if (kind, name) in s and s[(kind, name)] >= 0.95),
                   key=len, default=name)  # fmt: skip
        for start in range(len(letters)):
            for end in range(start + 3, min(len(letters), start + len(core)) + 1):
                word = letters[start:end]
                if (
                    word[0] == core[0]
                    and word.endswith(tuple(suffixes))
                    and _subsequence(word, core)
                    and word not in core
                ):
                    same = next((m for m in candidates.get(start, []) if m.end == end), None)
                    if same is None:
                        same = Mention(start, end, word)
                        candidates.setdefault(start, []).append(same)
                    same.senses = [*same.senses, Sense(kind, name, 0.9)]


def _subsequence(word: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in word) and word[-1] == name[-1]


def _cost(mention: Mention) -> float:
    length = mention.end - mention.start
    if mention.typo:
        return TYPO_COST
    if mention.quantity:
        return MENTION_COST
    if mention.senses:
        best = max(sense.score for sense in mention.senses)
        weak = 0.08 if all(s.kind in {"cue", "level", "ourselves", "weak"} for s in mention.senses) else 0.0
        return MENTION_COST + weak + (1 - best) * 0.5
    return FILLER_COST + 0.01 * length


def _cheapest(letters: str, candidates: dict[int, list[Mention]], breaks: dict[int, str]) -> list[Mention]:
    """The cut of least cost; unexplained characters that touch become one mention."""
    best: list[tuple[float, Mention | None]] = [(0.0, None)]
    arriving: dict[int, list[Mention]] = {}
    for mentions in candidates.values():
        for mention in mentions:
            arriving.setdefault(mention.end, []).append(mention)
    for end in range(1, len(letters) + 1):
        options = [(best[end - 1][0] + UNKNOWN_COST, Mention(end - 1, end, letters[end - 1]))]
        options += [(best[m.start][0] + _cost(m), m) for m in arriving.get(end, [])]
        best.append(min(options, key=lambda option: (option[0], -(option[1].end - option[1].start))))
    path: list[Mention] = []
    position = len(letters)
    while position > 0:
        last = best[position][1]
        assert last is not None
        path.append(last)
        position = last.start
    merged: list[Mention] = []
    for mention in reversed(path):
        before = merged[-1] if merged else None
        if before and not before.known and not mention.known and mention.start not in breaks:
            before.end, before.text = mention.end, before.text + mention.text
        else:
            merged.append(mention)
    return merged


def _typo_candidates(letters: str, mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Words of the lexicon that a stretch around something unexplained is, but for one slip of the input method."""
    found: list[Mention] = []
    for unknown in (m for m in mentions if not m.known):
        low, high = max(0, unknown.start - 30), min(len(letters), unknown.end + 30)
        counts: Counter[str] = Counter()
        for character in set(letters[low:high]):
            counts.update(lexicon.keys_by_pair.get(syllable(character), ()))
        for word, shared in counts.items():
            if shared < max(2, 0.7 * len(set(word))) and len(word) > 2:
                continue
            for size in (len(word), len(word) - 1, len(word) + 1):
                for start in range(max(low, unknown.start - size + 1), min(unknown.end, high - size + 1)):
                    stretch = letters[start : start + size]
                    weak = all(s.kind == "weak" for s in lexicon.senses(word) if s.kind in TYPO_KINDS)
                    if size >= 2 and (not weak or size == len(word)) and _is_slip(stretch, word):
                        senses = [Sense(s.kind, s.value, s.score * 0.8) for s in lexicon.senses(word)
                                  if s.kind in TYPO_KINDS]  # fmt: skip
                        found.append(Mention(start, start + size, stretch, senses, typo=word))
    return found + _misspelt_manner(letters, mentions, lexicon)


def _misspelt_manner(letters: str, mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Manner of speaking and cues written by ear (面及 for 面积), where what stands there is no word of its own."""
    found = []
    for unknown in (m for m in mentions if not m.known):
        for size in (2, 3, 4):
            for start in range(max(0, unknown.start - size + 1), min(unknown.end, len(letters) - size + 1)):
                stretch = letters[start : start + size]
                word = lexicon.by_ear.get(pinyin_of(stretch))
                slips = sum(a != b for a, b in zip(stretch, word or "", strict=False))
                if word and slips == 1 and not is_word(stretch) and not NEGATIONS & (set(stretch) ^ set(word)):
                    senses = [s for s in lexicon.senses(word) if s.kind == "cue"]
                    found.append(Mention(start, start + size, stretch, senses, filler=not senses, typo=word))
    return found


def _is_slip(stretch: str, word: str) -> bool:
    """One slip: homophones anywhere, or one near-homophone, missing or doubled character in four or more."""
    if stretch == word or any(c in NEGATIONS for c in set(stretch) ^ set(word)) or any(c.isdigit() for c in stretch):
        return False
    if len(stretch) == len(word):
        different = [(a, b) for a, b in zip(stretch, word, strict=True) if a != b]
        if all(syllable(a) == syllable(b) for a, b in different):
            return len(different) < len(word) and len(different) <= max(1, len(word) // 3)
        return len(word) >= 4 and len(different) == 1 and _alike(*different[0])
    if len(word) < 4 or Levenshtein.distance(stretch, word) != 1:
        return False
    longer = max(stretch, word, key=len)
    # A lost first character often changes the meaning (其他…, 副…), and a lost last one cuts a word in two, so only inner ones are slips.
    return longer[0] == stretch[0] == word[0] and longer[-1] == stretch[-1] == word[-1]


def _alike(a: str, b: str) -> bool:
    """Two characters that an input method confuses: the same vowels, or sounds that differ in one letter."""
    first, second = syllable(a), syllable(b)
    if not (first.isascii() and second.isascii()):
        return False
    return first.lstrip("bpmfdtnlgkhjqxrzcsyw") == second.lstrip("bpmfdtnlgkhjqxrzcsyw") and (
        first[0] == second[0]
        or {first[0], second[0]}
        in ({"z", "c"}, {"z", "s"}, {"c", "s"}, {"n", "l"}, {"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "q"}, {"h", "f"})
    )
