"""Whether one stretch of text is another but for a slip of the input method.

Chinese typos are mostly homophones; plain edit distance would take 其他工资 for 工资 and drop 非 and 不.
"""

from __future__ import annotations

import itertools

from rapidfuzz.distance import Levenshtein

from assistant.words.dictionary import is_word, tags
from assistant.words.sounds import syllable

NEGATIONS = set("非不无未没免别勿")
CONFUSED = ({"z", "c"}, {"z", "s"}, {"c", "s"}, {"n", "l"}, {"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "q"}, {"h", "f"})
SHORTEST_MISWRITTEN, COMMON = 3, 5  # characters; how often the dictionary has seen a word that is no slip
LONG = 4  # only longer words may miss or double a character
LONGER = 6  # only these may have any other character too many: 行政单位人医疗


def is_slip(stretch: str, word: str) -> bool:
    """One slip: homophones in up to a third, or one near-homophone, missing or doubled inner character in four or more."""
    if stretch == word or any(c in NEGATIONS for c in set(stretch) ^ set(word)) or any(c.isdigit() for c in stretch):
        return False
    if len(stretch) == len(word):
        different = [(a, b) for a, b in zip(stretch, word, strict=True) if a != b]
        if all(syllable(a) == syllable(b) for a, b in different):
            return len(different) < len(word) and len(different) <= max(1, len(word) // 3)
        return len(word) >= LONG and len(different) == 1 and _alike(*different[0])
    if len(word) < LONG or Levenshtein.distance(stretch, word) != 1:
        return False
    longer = max(stretch, word, key=len)
    if longer is stretch and len(word) < LONGER and not any(a == b for a, b in itertools.pairwise(stretch)):
        return False  # 公交车 is no 公车: what is added is a character typed twice
    # A lost first character often changes the meaning (其他…, 副…), and a lost last one cuts a word in two.
    return longer[0] == stretch[0] == word[0] and longer[-1] == stretch[-1] == word[-1]


def is_miswritten(stretch: str, word: str) -> bool:
    """One other character where the stretch is not made of words that people write: 租凭费 for 租赁费."""
    if len(stretch) != len(word) or len(word) < SHORTEST_MISWRITTEN or any(c.isdigit() for c in stretch):
        return False
    different = [(a, b) for a, b in zip(stretch, word, strict=True) if a != b]
    if len(different) != 1 or set(different[0]) & NEGATIONS:
        return False
    words = [stretch[start:end] for start, end, _ in tags(stretch)]
    odd = any(len(w) > 1 and not is_word(w, COMMON) for w in words)
    return odd or any(len(a) == len(b) == 1 for a, b in itertools.pairwise(words))


def _alike(a: str, b: str) -> bool:
    """Two characters that an input method confuses: the same vowels, or sounds that differ in one letter."""
    first, second = syllable(a), syllable(b)
    if not (first.isascii() and second.isascii()):
        return False
    consonants = "bpmfdtnlgkhjqxrzcsyw"
    return first.lstrip(consonants) == second.lstrip(consonants) and (
        first[0] == second[0] or {first[0], second[0]} in CONFUSED
    )
