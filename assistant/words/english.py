"""A question in English, or with English words in it, as the same question in Chinese.

In: a question and the glossary of `prompts/english.yaml`. Out: the question in Chinese, with the terms that were put into
Chinese; None where a word of it is in neither, since half a question would be another one. The glossary knows general fiscal
terms and no document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import cn2an
from pypinyin import lazy_pinyin

Lists = Mapping[str, list[str]]
WORDS = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
HAN = re.compile(r"[\u3400-\u9fff]")
ASKED = re.compile(r"[几哪吗呢占比涨降]|多少|什么|怎|为何|原因|是")  # in Chinese words that are no name
LATIN = re.compile(r"[A-Za-z][A-Za-z&'’\-]*(?: +[A-Za-z][A-Za-z&'’\-]*)*")
ASKING = re.compile(
    r"(?:what|how|which|who|where|when|why|is|are|do|does|did|can|could|please|tell|show|list|give)\s", re.IGNORECASE
)
IS = re.compile(r"\b(what|which|how|where|who|it|that|there)'s\b")
SENTENCES = re.compile(
    r"[?？;；!！]+|\.(?=\s|$)|,? and (?=(?:what|which|how|is|are|who|why|list|does|did)\b)", re.IGNORECASE
)
PLACED = re.compile(r" (of|in|under|from|within|at|by|on|for) ")
BEFORE = {"of", "in", "under", "from", "within", "at", "by"}  # the thing within it is said after it in Chinese
JOINTS = re.compile(r"\b(?:and|or|of|to|in|on|for|from|than|by)\b")
YEAR = re.compile(r"(?:\b(?:in|for|of|during)\s+)?\b(?:fy ?|year )?(20\d\d)\b")
IN_YUAN = re.compile(r"\bin (?:yuan|rmb|cny)\b")
PIECE = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{\w\}|\S+")
LONGEST_TERM = 8  # words


def is_english(question: str) -> bool:
    """Whether a question is put in Latin words, with at most names in Chinese in it."""
    words, names = WORDS.findall(question), re.findall(rf"{HAN.pattern}+", question)
    return len(words) > len(names)


def is_foreign(question: str) -> bool:
    """Whether a question has letters and none of Chinese but names in an English sentence, or those of Japanese beside them."""
    if ASKING.match(question.strip()) and is_english(question):
        return True
    letters = [c for c in question if c.isalpha()]
    return bool(letters) and (not HAN.search(question) or sum("\u3040" <= c <= "\u30ff" for c in letters) > 1)


@dataclass(frozen=True)
class Restated:
    """A question in Chinese. `terms`: what was put into Chinese, as (Chinese, English)."""

    text: str
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Name:
    """A name in Chinese; `time` is said before all else, and an office before what it spends."""

    text: str
    time: str = ""
    is_owner: bool = False
    terms: tuple[tuple[str, str], ...] = ()


class English:
    """The glossary, ready to restate questions. `regions` are places, which English writes as they sound."""

    def __init__(self, glossary: Mapping[str, Lists], regions: Collection[str]) -> None:
        self._terms = _by_english(glossary["terms"])
        self._mixed = self._terms | _by_english(glossary["mixed"])
        self._shown = {chinese: english[0] for chinese, english in glossary["terms"].items()}
        self._money, self._times = _by_english(glossary["money"]), _by_english(glossary["times"])
        self._numbers, self._thousands = _by_english(glossary["numbers"]), _by_english(glossary["thousands"])
        self._left_out = [_any_of(glossary["left_out"][step]) for step in ("first", "then")]
        joined = [term for term in self._terms if JOINTS.search(term)]
        self._joined = _any_of(joined)
        self._places = {"".join(lazy_pinyin(place)): place for place in regions}
        self._patterns, self._leaning = (
            [(self._pattern(asked), chinese) for chinese, ways in glossary[key].items() for asked in ways]
            for key in ("questions", "leaning")
        )

    def restated(self, question: str, follows: bool = False) -> Restated | None:
        """A question in English, whole; names in Chinese may stand in it. `follows`: another was asked before."""
        parts = [part for part in SENTENCES.split(question) if part and re.search(r"\w", part)]
        found = [self._sentence(self._plain(part), follows) for part in parts if self._plain(part)]
        if not found or any(one is None for one in found):
            return None
        told = [one for one in found if one is not None]
        return Restated("；".join(one.text for one in told), tuple(dict.fromkeys(t for one in told for t in one.terms)))

    def mixed(self, question: str, is_known: Callable[[str], bool]) -> Restated:
        """A Chinese question with its English words in Chinese, but for those that the documents know."""
        taken: list[tuple[str, str]] = []

        def chinese(match: re.Match[str]) -> str:
            words = match[0].split()
            if is_known(match[0]) or any(map(is_known, words)):
                return match[0]
            found = self._words([word.lower() for word in words], self._mixed)
            if found is None:
                return match[0]
            taken.append(("".join(found), match[0]))
            return "".join(found)

        text = re.sub(
            rf" *{LATIN.pattern} *", lambda m: _stripped(m, LATIN, chinese), unicodedata.normalize("NFKC", question)
        )
        return Restated(text, tuple(taken)) if taken else Restated(question)

    def _plain(self, text: str) -> str:
        """Lower case, contractions opened, no punctuation, nothing that only makes polite; Chinese names apart."""
        text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
        text = (
            IS.sub(r"\1 is", text).replace("i'd like", "i would like").replace("%", " percent ").replace("&", " and ")
        )
        text = re.sub(r"'s\b", "", text)
        text = re.sub(r"([\u3400-\u9fff][\u3400-\u9fff\d（）()、·]*)", r" \1 ", text)
        text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
        text = " ".join(re.sub(r"[^\w\s.（）()、·-]|\.(?!\d)", " ", text).replace("-", " ").split())
        for words in self._left_out:
            text = " ".join(words.sub(" ", text).split())
        return self._joined.sub(lambda m: m[0].replace(" ", "_"), text)

    def _sentence(self, text: str, follows: bool) -> Restated | None:
        in_yuan = IN_YUAN.search(text)
        text = " ".join(IN_YUAN.sub(" ", text).split())
        without, time = self._timed(text)
        for words, when in ((text, ""), (without, time)) if time else ((text, ""),):
            for pattern, template in [*(self._leaning if follows else ()), *self._patterns]:
                match = pattern.fullmatch(words + " ")
                said = self._filled(template, match, when) if match else None
                if said is not None:
                    return Restated(said.text.replace("多少", "多少元") if in_yuan else said.text, said.terms)
        return None

    def _filled(self, template: str, match: re.Match[str], when: str) -> Restated | None:
        slots: dict[str, str] = {}
        terms: list[tuple[str, str]] = []
        for slot, matched in match.groupdict().items():
            text = matched.strip()
            if slot == "n":
                slots[slot] = self._numbers.get(text, text)
            elif slot == "m":
                slots[slot] = self._amount(text)
            else:
                name = self._listed(text)
                if name is None:
                    return None
                slots[slot] = (name.time if not when else "") + name.text
                terms += name.terms
        return Restated(when + template.format(**slots), tuple(terms))

    def _listed(self, text: str) -> _Name | None:
        """Several names: A and B."""
        names = [self._name(part) for part in re.split(r" (?:and|or) ", text)]
        if any(name is None for name in names):
            return None
        found = [name for name in names if name is not None]
        time = next((name.time for name in found if name.time), "")
        return _Name("和".join(n.text for n in found), time, terms=tuple(t for n in found for t in n.terms))

    def _name(self, text: str) -> _Name | None:
        """One name, with what it is of and when."""
        text, time = self._timed(text)
        pieces = PLACED.split(f" {text} ".replace("  ", " "))
        chunks = [self._chunk(piece.split(), alone=len(pieces) == 1) for piece in pieces[::2]]
        if not text or any(chunk is None for chunk in chunks):
            return None
        said: list[str] = []
        terms: list[tuple[str, str]] = []
        for chunk, place in zip(chunks, ["on", *pieces[1::2]], strict=True):
            assert chunk is not None
            terms += chunk.terms
            if chunk.text:
                said = [chunk.text, *said] if place in BEFORE or chunk.is_owner else [*said, chunk.text]
        if said and said[0] == "预算":  # budget for training: 培训费的预算
            said = [*said[1:], said[0]]
        return _Name("的".join(said), time, terms=tuple(terms)) if said else None

    def _chunk(self, words: list[str], alone: bool) -> _Name | None:
        """Words side by side; such as only say money count where nothing else is named."""
        text = " ".join(words)
        if alone and text in self._terms:
            return self._term(self._terms[text])
        said: list[str] = []
        terms: list[tuple[str, str]] = []
        money: str | None = None
        is_owner, at = False, 0
        while at < len(words):
            for size in range(min(LONGEST_TERM, len(words) - at), 0, -1):
                piece = " ".join(words[at : at + size]).replace("_", " ")
                if piece in self._money:
                    money = self._money[piece] or money or ""
                elif (chinese := _looked_up(piece, self._terms)) is not None:
                    said.append(chinese)
                    terms.append((chinese, self._shown[chinese]))
                    is_owner = is_owner or chinese.endswith(("局", "委员会"))
                elif size == 1 and ((HAN.match(piece) and not ASKED.search(piece)) or piece in self._places):
                    said.append(self._places.get(piece, piece))
                    is_owner = True
                elif size == 1 and re.fullmatch(r"\d{3}|\d{5}|\d{7}", piece):  # a code
                    said.append(piece)
                else:
                    continue
                at += size
                break
            else:
                return None
        if not said and money is None:
            return None
        return _Name("".join(said) + (money or ""), is_owner=is_owner, terms=tuple(terms))

    def _term(self, chinese: str) -> _Name:
        return _Name(chinese, terms=((chinese, self._shown[chinese]),))

    def _timed(self, text: str) -> tuple[str, str]:
        """A text without the times that it names, and these in Chinese."""
        found: list[str] = [f"{m[1]}年" for m in YEAR.finditer(text)]
        text = YEAR.sub(" ", text)
        times = self._times | {english: c for english, c in self._terms.items() if c in ("去年", "每月", "人均")}
        for english in sorted(times, key=len, reverse=True):
            pattern = re.compile(rf"(?:\b(?:in|for|of|during) )?\b{re.escape(english)}\b")
            if pattern.search(text):
                found.append(times[english])
                text = pattern.sub(" ", text)
        return " ".join(text.split()), "".join(dict.fromkeys(found))

    def _amount(self, text: str) -> str:
        number, *words = text.split()
        amount = Decimal(number)
        for word in words:
            amount *= Decimal(self._thousands.get(word, "1"))
        return f"{cn2an.an2cn(f'{amount:f}')}元"  # in digits it would be another number than the asker's

    def _words(self, words: list[str], known: Mapping[str, str]) -> list[str] | None:
        """Words as terms, the longest first; None where one is none."""
        if not words:
            return []
        for size in range(len(words), 0, -1):
            term = _looked_up(" ".join(words[:size]), known)
            rest = self._words(words[size:], known) if term is not None else None
            if term is not None and rest is not None:
                return [term, *rest]
        return None

    def _pattern(self, asked: str) -> re.Pattern[str]:
        found = ""
        large = "|".join(self._thousands)
        for piece in PIECE.findall(asked):
            inner = "|".join(map(re.escape, piece[1:-1].split("|")))
            match piece[0], piece:
                case "[", _:
                    found += f"(?:{inner}) "
                case "(", _:
                    found += f"(?:(?:{inner}) )?"
                case _, "{n}":
                    found += rf"(?P<n>\d+|{'|'.join(self._numbers)}) "
                case _, "{m}":
                    found += rf"(?P<m>\d[\d.]*(?: (?:{large}))?(?: (?:yuan|rmb|cny))?) "
                case "{", _:
                    found += f"(?P<{piece[1]}>.+?) "
                case _:
                    found += f"{re.escape(piece)} "
        return re.compile(found)


def _by_english(lists: Lists) -> dict[str, str]:
    """Chinese by English; what is written twice means what stands first."""
    found: dict[str, str] = {}
    for chinese, ways in lists.items():
        for english in ways:
            found.setdefault(re.sub(r"[-\"]", lambda m: " " if m[0] == "-" else "", english.lower()), chinese)
    return found


def _looked_up(words: str, known: Mapping[str, str]) -> str | None:
    """What a term means, said of one or of several."""
    return next((known[w] for w in (words, words + "s", words.removesuffix("s")) if w in known), None)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _stripped(match: re.Match[str], inner: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    """A match changed within; the blanks around it go where it was changed."""
    found = inner.search(match[0])
    assert found is not None
    new = change(found)
    return match[0] if new == found[0] else new
