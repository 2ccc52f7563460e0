"""Whether an answer stays the same however its question is said: `python -m eval.variants`.

In: questions that are answered right. Out: a table by kind of variant (traditional characters, a homophone, a character left
out or typed twice, politeness, full-width, English words): how many are answered the same, how many are refused or asked back,
and how many get another answer. A character is never changed in a number, nor where that makes the name of another thing.
"""

from __future__ import annotations

import argparse
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
from opencc import OpenCC
from pypinyin import lazy_pinyin
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.words.normal import bare
from assistant.words.spelling import homophones
from assistant.words.vocabulary import load_vocabulary
from eval.products import opened
from eval.questions import DEV, Case, load_cases, turns_before
from eval.report import wide_console
from eval.run import Ask, ask_all

SAMPLE, SEED = 400, 1
LONGEST_NAME = 12
NUMERIC = set("〇零一二三四五六七八九十百千万亿两半几第年月元倍成前后")
NEGATIONS = set("非不无未没免别勿")  # with another character here the question is another one
Change = Callable[["Say"], "str | None"]


@dataclass
class Say:
    """A question to be said otherwise; `names` are the words that name something in the documents."""

    question: str
    names: Collection[str]
    random: random.Random

    def spots(self, least: int = 1) -> list[int]:
        """Where a character may be changed, in random order: in words of `least` characters, in no number and no negation."""
        found, at = [], 0
        for word in jieba.cut(self.question):
            if len(word) >= least:
                found += [i for i in range(at, at + len(word)) if self._is_plain(self.question[i])]
            at += len(word)
        return self.random.sample(found, len(found))

    def changed(self, at: int, new: str) -> str | None:
        """The question with another text at one place; None where that makes another thing's name."""
        text = self.question[:at] + new + self.question[at + 1 :]
        return None if _names_across(text, at, self.names) - _names_across(self.question, at, self.names) else text

    @staticmethod
    def _is_plain(character: str) -> bool:
        return "\u4e00" <= character <= "\u9fff" and character not in NUMERIC | NEGATIONS


def _names_across(text: str, at: int, names: Collection[str]) -> set[str]:
    """The names in a text that stand over a place."""
    starts = range(max(0, at - LONGEST_NAME), at + 1)
    found = {bare(text[s:e]) for s in starts for e in range(max(s + 2, at), min(len(text), s + LONGEST_NAME) + 1)}
    return {name for name in found if name in names}


def traditional(say: Say) -> str | None:
    return str(OpenCC("s2t").convert(say.question))


def homophone(say: Say) -> str | None:
    for at in say.spots():
        alike = [c for c in homophones().get(lazy_pinyin(say.question[at])[0], "") if c != say.question[at]]
        text = say.changed(at, say.random.choice(alike)) if alike else None
        if text is not None:
            return text
    return None


def left_out(say: Say) -> str | None:
    return next((text for at in say.spots(2) if (text := say.changed(at, "")) is not None), None)


def doubled(say: Say) -> str | None:
    return next((text for at in say.spots() if (text := say.changed(at, say.question[at] * 2)) is not None), None)


def polite(say: Say) -> str | None:
    return f"请问，{say.question.rstrip('？?。')}？谢谢！"


def full_width(say: Say) -> str | None:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in say.question)


def spaced(say: Say) -> str | None:
    return " ".join(say.question)


def english_mixed(say: Say) -> str | None:
    """One word in English, where the question has one that is no part of a longer name."""
    glossary = load_vocabulary().english
    words = {chinese: english[0] for chinese, english in (glossary["terms"] | glossary["mixed"]).items()}
    for word in sorted(words, key=len, reverse=True):
        at = say.question.find(word)
        if at >= 0 and not {n for n in _names_across(say.question, at, say.names) if word in n and n != word}:
            return say.question.replace(word, f" {words[word]} ", 1)
    return None


KINDS: dict[str, Change] = {
    "traditional": traditional, "full_width": full_width, "spaced": spaced, "polite": polite, "homophone": homophone,
    "left_out": left_out, "doubled": doubled, "english_mixed": english_mixed,
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A variant and how it was answered beside the plain question."""

    kind: str
    plain: str
    variant: str
    outcome: str  # same, declined, other
    said: str


def told(raw: dict) -> tuple:
    """What of an answer must stay: value, unit and reason; of a text the words."""
    words = raw.get("answer") if raw.get("value") is None and not raw.get("reason") else None
    return raw.get("value"), raw.get("unit"), raw.get("reason"), words


def outcome(plain: dict, other: dict) -> str:
    if told(plain) == told(other):
        return "same"
    return "declined" if other.get("refused") or other.get("reason") else "other"


def ask_variants(
    cases: Sequence[Case], ask: Ask, names: Collection[str], kinds: Sequence[str], size: int, seed: int
) -> list[Asked]:
    """Up to `size` of the cases that are answered right, each in every kind; a follow-up after its turns as they stand."""
    chosen = random.Random(seed).sample(list(cases), len(cases))
    found: list[Asked] = []
    right = 0
    for case in chosen:
        talk = [*turns_before(case, cases), case]
        records = ask_all(talk, ask)
        if records[-1].verdict is None or records[-1].verdict.outcome != "right":
            continue
        plain, before = records[-1].raw, [r.raw["plan"] for r in records[:-1]]
        for kind in kinds:
            variant = KINDS[kind](Say(case.question, names, random.Random(f"{seed}{kind}{case.id}")))
            if variant is None or unicodedata.normalize("NFC", variant) == case.question:
                continue
            raw = ask(variant, before)
            found.append(Asked(kind, case.question, variant, outcome(plain, raw), str(raw.get("answer"))))
        right += 1
        if right == size:
            break
    return found


def print_table(console: Console, asked: Sequence[Asked]) -> None:
    table = Table("variant", "n", "same", "same %", "declined", "other answer")
    for kind in dict.fromkeys(a.kind for a in asked):
        counts = Counter(a.outcome for a in asked if a.kind == kind)
        share = f"{100 * counts['same'] / counts.total():.1f}"
        table.add_row(kind, *map(str, (counts.total(), counts["same"], share, counts["declined"], counts["other"])))
    console.print(table)


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.variants", description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=Path, nargs="+", default=sorted(DEV.glob("*.jsonl")), metavar="FILE.jsonl")
    parser.add_argument(
        "--store", type=Path, metavar="DIR", help="without it, a temporary one with the shipped document"
    )
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(words)
    console = wide_console()
    with opened(options.store) as measured:
        cases = [case for path in options.questions for case in load_cases(path) if options.store or not case.document]
        asked = ask_variants(cases, measured.product, measured.names, options.kinds, options.sample, options.seed)
    for one in asked:
        if one.outcome != "same":
            said = re.sub(r"\s+", " ", one.said)[:150]
            console.print(escape(f"{one.kind} {one.outcome}: {one.plain} | {one.variant} | {said}"))
    print_table(console, asked)


if __name__ == "__main__":
    main()
