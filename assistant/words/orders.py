"""Whether a question orders the program about instead of asking: to drop its rules, to make up figures, to be someone else,
to help with cheating.

In: the text as typed, and the words of `prompts/commands.yaml`. Out: whether it does; then nothing of it is answered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

BETWEEN = 12  # characters at most between a verb and what it is to drop
AGAINST = "".join(f"(?<!{word})" for word in ("反", "打击", "防止", "防范", "查处", "整治", "治理", "避免", "杜绝"))
AMOUNT = r"[\d一二三四五六七八九十百千零]+(?!位|个小数|年)"
LONGEST_WISH = 30  # characters at most between the asking for help and what it is to help with
ASKED = r"(?:^|[，。；,;！!？?]|(?:请|帮我|给我|替我|帮忙|就|直接|随便)[^，。；,;]{0,4})"  # forging is asked for, not told of


def is_command(text: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a text orders the program about; `words` are lists by kind, as in `prompts/commands.yaml`."""
    plain = unicodedata.normalize("NFKC", text).lower()
    verbs, objects, forging, helping, wrongs, changing = (
        _any(words[key]) for key in ("verbs", "objects", "forging", "helping", "wrongs", "changing")
    )
    return (
        bool(re.search(rf"{verbs}.{{0,{BETWEEN}}}?{objects}", plain))
        or bool(re.search(ASKED + forging, plain))
        or bool(re.search(rf"{helping}[^。；;]{{0,{LONGEST_WISH}}}?{AGAINST}{wrongs}", plain))
        or bool(re.search(rf"[把将][^，。；,;]{{1,{BETWEEN}}}{changing}\D{{0,2}}{AMOUNT}", plain))
        or any(word in plain for key in ("roles", "code") for word in words[key])
        or bool(re.search(r"<[a-z]+[^>]*=|<[a-z]+>.*</", plain))
    )


def _any(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"
