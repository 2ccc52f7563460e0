"""Numbers stated without a citation, found apart from the product's own verifier.

In: an answer, and the questions of its conversation. Out: each number token of the text that is neither the words of a
citation (a quotation, a name, a year, a code), nor the asker's own, nor covered by an entry of `numbers` whose cited
values reproduce it. A derivation that does not compute is reported too, and an entry that points beside its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.answers import Citation, Given, Number
from eval.derivation import steps
from eval.grounding import is_reproduced
from eval.measures import COUNTED, Stated, numbers_in, same_amount

QUOTED = 12  # other characters that must agree around a number, to take it for a quotation of a citation's text
NAMED = 4  # the same for a name printed in a citation's fields, where a shortened name is still that name
MARKER = re.compile(r"(?m)^\s*(?:[（(]\s*)?(\d{1,2})\s*(?:[、)）]|[.．](?!\d))")
CODE = re.compile(r"\d{3,}")
# Digits of a name, not those inside a hash or a word.
WHOLE_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d+(?![0-9A-Za-z])")
SHORT = 5  # a whole source that is shorter is a number with its unit, and no quotation
IN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")  # 二〇二四年 is the asker's 2024
SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Uncited:
    """A number as printed, where it stands in the text (-1: not in the answer text), and why it counts."""

    text: str
    start: int
    why: str


def uncited_numbers(given: Given, questions: Sequence[str], indexed: Iterable[str] = ()) -> list[Uncited]:
    """All uncited numbers of an answer. `questions` are those of the conversation; `indexed` are the titles and years
    of the indexed documents, which an answer may name without citing a place in them."""
    questions = [*questions, *(question.translate(IN_DIGITS) for question in questions)]
    names = [name for citation in given.citations for name in citation.names] + list(indexed)
    if given.reason == "ambiguous":  # a question back names what may be meant, and states nothing
        names += [str(value) for choice in given.suggestions for value in choice.values()]
    found = [
        Uncited(step.text, -1, f"the derivation {step.why}")
        for step in steps(given.derivation or "", names)
        if step.why
    ]
    found += [
        Uncited(entry.text, entry.start, "an entry of numbers that points beside its number")
        for entry in given.numbers
        if given.answer[entry.start : entry.end] != entry.text
    ]
    for text, is_note in [(given.answer, False), *((str(note.get("text", "")), True) for note in given.notes)]:
        markers = _list_markers(text)
        for stated in numbers_in(text):
            if stated.start in markers or _is_words(stated, text, given, names) or _is_askers(stated, questions):
                continue
            if _counts_the_list(stated, given):
                continue
            why = _uncovered(stated, text, given, is_note)
            if why:
                found.append(Uncited(text[stated.start : stated.end], -1 if is_note else stated.start, why))
    return found


def _uncovered(stated: Stated, text: str, given: Given, is_note: bool) -> str | None:
    """Why no citation reproduces a number, or None where one does. A note marks no numbers: there any citation may."""
    if is_note:
        return None if is_reproduced(stated, given, given.citations, text) else "in a note, reproduced by no citation"
    entries = [entry for entry in given.numbers if entry.start <= stated.start and stated.end <= entry.end]
    if not entries:
        return "no entry of numbers covers it"
    reasons = [_unreproduced(stated, text, given, entry) for entry in entries]
    return None if None in reasons else reasons[0]


def _unreproduced(stated: Stated, text: str, given: Given, entry: Number) -> str | None:
    by_id = {str(citation.id): citation for citation in given.citations}
    unknown = [str(name) for name in entry.citations if str(name) not in by_id]
    if not entry.citations or unknown:
        return f"cites {'、'.join(unknown)}, which is not among the citations" if unknown else "its entry cites nothing"
    cited = [by_id[name] for name in dict.fromkeys(map(str, entry.citations))]
    return None if is_reproduced(stated, given, cited, text) else f"not reproduced by {_values(cited)}"


def _values(cited: Sequence[Citation]) -> str:
    return "、".join(str(citation.amount or citation.text[:12]) for citation in cited[:4])


def _is_askers(stated: Stated, questions: Sequence[str]) -> bool:
    """Whether the question holds this number: in the same unit, or one of them without any."""
    for asked in (asked for question in questions for asked in numbers_in(question)):
        same_digits = asked.amount.number == stated.amount.number
        if same_amount(asked.amount, stated.amount) or (
            same_digits and None in (asked.amount.unit, stated.amount.unit)
        ):
            return True
    return False


def _counts_the_list(stated: Stated, given: Given) -> bool:
    """Whether a number tells how many values the answer itself lists (共5个项目), which it does not need to cite."""
    listed = len(given.value) if isinstance(given.value, list) else 0
    return listed > 1 and stated.amount.number == listed and (stated.amount.unit or " ")[0] in COUNTED


def _is_words(stated: Stated, text: str, given: Given, names: Sequence[str]) -> bool:
    """Whether the digits are words of a citation: quoted text, a name, a year, a code, the number of a line or page."""
    printed, after = text[stated.start : stated.end], text[stated.end : stated.end + 1]
    if any(_runs_along(stated, text, citation.text, QUOTED) for citation in given.citations):
        return True
    if any(_runs_along(stated, text, name, NAMED) for name in names):
        return True
    pieces = {piece for name in names for piece in WHOLE_DIGITS.findall(name)}
    if CODE.fullmatch(printed) and printed in pieces and stated.amount.unit is None:
        return len(printed) != 4 or after == "年" or not _is_year(printed)
    places = {str(citation.place.get(key)) for citation in given.citations for key in ("line", "page")}
    return text[: stated.start].rstrip().endswith("第") and after in "行页" and printed in places


def _is_year(printed: str) -> bool:
    return printed[:2] in ("19", "20")


def _runs_along(stated: Stated, text: str, source: str, least: int) -> bool:
    """Whether the number stands in the source too, with at least so many equal characters around it (spaces apart),
    or the whole source around it."""
    printed = text[stated.start : stated.end]
    before, after = SPACE.sub("", text[: stated.start]), SPACE.sub("", text[stated.end :])
    for other in numbers_in(source):
        if source[other.start : other.end] != printed:
            continue
        left, right = SPACE.sub("", source[: other.start]), SPACE.sub("", source[other.end :])
        run = _common(before[::-1], left[::-1]) + _common(after, right)
        if run >= least or run == len(left) + len(right) >= SHORT:
            return True
    return False


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common from their start."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _list_markers(text: str) -> set[int]:
    """Where the lines of a list are numbered 1, 2, 3 …: these count the lines and state nothing."""
    found: set[int] = set()
    for expected, match in enumerate(MARKER.finditer(text), 1):
        if int(match[1]) != expected:
            break
        found.add(match.start(1))
    return found
