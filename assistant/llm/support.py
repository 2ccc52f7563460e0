"""Whether a sentence that a language model wrote is borne out by what it may rest on.

In: the sentence, the text that bears it. Out: a verdict. Numbers must stand in that text with what follows them; words that turn a
claim round or grade it must stand there just so; and most of the rest must be its words.
"""

from __future__ import annotations

import re

from assistant.words.normal import bare

COVERED = 0.7  # of a sentence's pairs of characters that must stand in its passage
COVERED_AROUND = 0.6  # of the words around verified pieces, in question and answer
NUMERALS = "〇零一二三四五六七八九十百千万亿两半"
FIGURE = re.compile(
    rf"\d[\d,.]*(?:[%％‰]|[^\d]{{0,2}})|[{NUMERALS}]{{2,}}|第[{NUMERALS}]|[{NUMERALS}](?=[项个家人名件次批套台辆万亿元倍成年月天户条])."
)
LEADING = 2  # characters before a figure that must stand before it in the passage too: they say of what it is
# Words that turn a claim round, grade it, give a reason, or say what is to be done.
TURNING = re.compile(
    r"[不没未无非]|多|少|增|减|涨|降|升|高|低|大|小|最|更|超|仅|只有|全部|所有|都|过半|一半|[倍成]|几乎|约|近|左右|因|由于|导致|致使|所以"
    r"|使得|为了|旨在|建议|应|须|必|将|预计|可能|或许|合理|浪费|严格|去年|上年|明年|同比|环比|主要|首|忽略|指令|系统"
)
NUMERAL = re.compile(rf"[\d０-９{NUMERALS}]")
FOREIGN = re.compile(r"[A-Za-z{}<>=_`|\\]{2,}|https?:")
POINTING = re.compile(r"[这那]一(?:项|笔|块|部分|栏|行)|一下")  # in which the numeral counts nothing
FILLING = re.compile(
    r"也就是说|其中|这(?:里|些|部分|笔|项)?|那|的|是|为|共|合计|分别|包括|以及|和|与|在|中|里|按|您|问|到|一下|情况|如下|即|钱|金额"
)


def borne_out(sentence: str, passage: str) -> bool:
    """Whether a sentence says nothing that a passage does not."""
    said, source = bare(sentence), bare(passage)
    if not said or FOREIGN.search(_without_names(sentence, passage)):
        return False
    if any(said[max(0, found.start() - LEADING) : found.end()] not in source for found in FIGURE.finditer(said)):
        return False
    return _turns_alike(said, source) and coverage(said, source) >= COVERED


def says_nothing(around: str, known: str) -> bool:
    """Whether the words around verified pieces make no claim of their own."""
    around = POINTING.sub("", around)
    if NUMERAL.search(around) or TURNING.search(around) or FOREIGN.search(around):
        return False
    plain = bare(FILLING.sub("", around))
    return len(plain) < 2 or coverage(plain, bare(known)) >= COVERED_AROUND


def coverage(said: str, source: str) -> float:
    """The share of the pairs of characters that stand in a source, from 0 to 1."""
    pairs = [said[i : i + 2] for i in range(len(said) - 1)]
    return sum(pair in source for pair in pairs) / len(pairs) if pairs else 1.0


def _turns_alike(said: str, source: str) -> bool:
    """Every word that turns a claim stands in the source beside the same character, before it or behind."""
    for found in TURNING.finditer(said):
        before, after = said[max(0, found.start() - 1) : found.end()], said[found.start() : found.end() + 1]
        if before not in source or after not in source:
            return False
    return True


def _without_names(sentence: str, passage: str) -> str:
    """A sentence without the Latin words that its passage has too: VPN, ORACLE."""
    return re.sub(r"[A-Za-z]{2,}", lambda m: "" if m[0] in passage else m[0], sentence)
