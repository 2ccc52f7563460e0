"""Move test questions to dev: what has been seen measures nothing any more.

In: ids and the sealed files. Out: `dev/revealed.jsonl` grown by those cases, each with its whole conversation (a
follow-up without its first turn cannot be asked), and the sealed files without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.questions import DEV, CaseError, conversation_of, load_cases

REVEALED = DEV / "revealed.jsonl"


def reveal(ids: Iterable[str], sealed: Sequence[Path], revealed: Path = REVEALED) -> list[str]:
    """Move the cases. Returns the ids moved. Raises CaseError, and moves nothing, for an unknown id."""
    cases = {path: load_cases(path) for path in sealed}
    moving: dict[Path, set[str]] = {path: set() for path in sealed}
    for case_id in ids:
        path = next((p for p in sealed if any(case.id == case_id for case in cases[p])), None)
        if path is None:
            raise CaseError(
                f"{case_id}: in none of {'、'.join(p.name for p in sealed) or 'no file'}; nothing was moved"
            )
        moving[path] |= set(conversation_of(case_id, cases[path]))
    moved = []
    for path in sealed:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        leaving = [line for line in lines if json.loads(line)["id"] in moving[path]]
        if leaving:
            # Into dev first: stopped between the two writes, a case stands twice and is lost nowhere.
            _add(revealed, leaving)
            _write(path, [line for line in lines if line not in leaving])
            moved += [json.loads(line)["id"] for line in leaving]
    return moved


def _add(path: Path, lines: Sequence[str]) -> None:
    before = path.read_text("utf-8").splitlines() if path.exists() else []
    _write(path, [*before, *(line for line in lines if line not in before)])


def _write(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".writing")
    temporary.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    temporary.replace(path)
