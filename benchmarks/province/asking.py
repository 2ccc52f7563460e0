"""Questions about a document, with their answers from the amounts that it was made of.

In: a seed and an index. Out: lines of the JSONL that `python -m eval` scores, each with the indices that it is about; none of them
above the document's own, so that the questions of few documents are among those of many.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.province.classification import DATA
from benchmarks.province.departments import has_final
from benchmarks.province.documents import Document, document
from benchmarks.province.files import file_name
from benchmarks.province.kinds import KINDS, Asked
from benchmarks.province.style import format_of

WORDINGS: dict[str, list[str]] = yaml.safe_load((DATA / "wordings.yaml").read_text("utf-8"))


def questions(seed: int, index: int) -> list[dict[str, Any]]:
    """All questions of a document, as they stand in the JSONL."""
    one = document(seed, index)
    rng = random.Random(f"{seed}/questions/{index}")
    found = []
    for name, ask in KINDS.items():
        for n, asked in enumerate(ask(seed, one, rng), 1):
            words = _worded(seed, one, asked, rng)
            gold = [_gold(seed, one, answer) for answer in asked.golds]
            found.append({"id": f"p{index:05d}-{name}-{n}", "class": name, "question": words, "document": "*",
                          "about": sorted({index, *asked.also}), "gold": gold})  # fmt: skip
    return found


def _worded(seed: int, one: Document, asked: Asked, rng: random.Random) -> str:
    where = one.slot
    both = has_final(seed, where.department, where.year)
    names = {"d": one.department, "y": str(where.year), "k": "决算" if where.final else "预算"}
    whose = rng.choice(WORDINGS["whose_of" if both else "whose"]).format(**names)
    template = rng.choice(WORDINGS[asked.wording])
    words = template.format(w=whose, **(names | asked.slots))
    return words.replace("，的", "，").replace("，，", "，")


def _gold(seed: int, one: Document, answer: dict[str, Any]) -> dict[str, Any]:
    """The scorer wants to know where values were read: in the document's own figures."""
    read = {"file": file_name(one, format_of(seed, one.index)), "text": "、".join(answer.get("values", []))}
    return answer | {"read": [read]} if answer.get("values") else answer


def write_questions(seed: int, indices: range, path: Path) -> Iterator[int]:
    """Write the questions of these documents; how many, document by document."""
    with path.open("w", encoding="utf-8") as file:
        for index in indices:
            lines = questions(seed, index)
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            yield len(lines)
