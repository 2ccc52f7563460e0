"""Gold values from named cells of the published text.

In: a gold object of `eval/questions` (see its README). Out: its values as Decimals, read from the raw file by line and
field, with no parser of the product involved. `python -m eval.gold` checks the stored values, `--write` stores them.
"""

from __future__ import annotations

import ast
import json
import operator
import os
import re
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "eval" / "questions"
SHIPPED = ROOT / "index" / "data"
CELL = re.compile(r"L(\d+)(?:\.(\d+)|~(.+))")
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
OPERATORS: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


ALL = "*"  # a case's document: all those of the test folder, in one store


class GoldError(ValueError):
    """A gold object that names no cell, or cannot be computed."""


def documents_folder() -> Path:
    """Where the real documents that are not shipped lie (`BUDGET_QA_TEST_DOCUMENTS`)."""
    return Path(os.environ.get("BUDGET_QA_TEST_DOCUMENTS", ROOT.parent / "shared" / "data" / "real"))


def document_path(document: str | None) -> Path:
    """The file of a document: the shipped one for None. Raises GoldError naming the file that is missing."""
    if document is None:
        (path,) = SHIPPED.glob("*.txt")
        return path
    if document == ALL:
        if any(documents_folder().glob("*")):
            return documents_folder()
        raise GoldError(f"{documents_folder()}: no documents there; set BUDGET_QA_TEST_DOCUMENTS")
    for folder in (SHIPPED, documents_folder()):
        if (folder / document).exists():
            return folder / document
    raise GoldError(f"{document}: not in {SHIPPED} or {documents_folder()}")


@lru_cache(maxsize=32)
def lines_of(document: str | None) -> tuple[str, ...]:
    """The raw lines of a document. Raises GoldError where there is none of that name."""
    return tuple(document_path(document).read_text("utf-8").split("\n"))


def cell_text(name: str, document: str | None = None) -> str:
    """The text of the cell `L95.2` (line 95, field 2) or of the piece `L482~2,271.64` (which must stand there)."""
    match = CELL.fullmatch(name)
    if not match:
        raise GoldError(f"{name}: not a cell, expected L<line>.<field> or L<line>~<text>")
    line = lines_of(document)[int(match[1]) - 1]
    if match[3] is not None:
        if match[3] not in line:
            raise GoldError(f"{name}: that text is not in the line: {line[:60]}")
        return match[3]
    fields = line.split("\t")
    if int(match[2]) >= len(fields):
        raise GoldError(f"{name}: the line has {len(fields)} fields")
    return fields[int(match[2])]


def cell_value(name: str, document: str | None = None) -> Decimal:
    """The number in a cell. Raises GoldError where there is none, or more than one."""
    found = NUMBER.findall(cell_text(name, document))
    if len(found) != 1:
        raise GoldError(f"{name}: {len(found)} numbers in {cell_text(name, document)!r}, expected one")
    return Decimal(found[0].replace(",", ""))


def compute(formula: str, cells: dict[str, Decimal]) -> Decimal:
    """The value of an arithmetic expression over named cells; a quotient is rounded half up to two decimals."""

    def walk(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](walk(node.left), walk(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -walk(node.operand)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "abs":
            return abs(walk(node.args[0]))
        if isinstance(node, ast.Name) and node.id in cells:
            return cells[node.id]
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return Decimal(str(node.value))
        raise GoldError(f"{formula}: cannot compute {ast.dump(node)}")

    value = walk(ast.parse(formula, mode="eval").body)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP) if "/" in formula else value


def gold_values(gold: dict, document: str | None = None) -> list[str] | None:
    """The values of a gold object as decimal strings, or None where it has no formula."""
    if "formula" not in gold:
        return None
    cells = {name: cell_value(place, document) for name, place in gold.get("cells", {}).items()}
    return [format(compute(formula, cells).normalize(), "f") for formula in gold["formula"]]


def golds(case: dict) -> list[dict]:
    """The gold objects of a case: any one met is right."""
    gold = case["gold"]
    return gold if isinstance(gold, list) else [gold]


def refresh(case: dict) -> bool:
    """Compute the values of all gold objects of a case in place; True when something changed."""
    changed = False
    document = case.get("document")
    if document == ALL or (document is not None and not document.endswith(".txt")):
        return False  # read by eye: there is no text to compute from
    for gold in golds(case):
        values = gold_values(gold, document)
        if values is not None and gold.get("values") != values:
            gold["values"], changed = values, True
        for name in [*gold.get("cells", {}).values()]:
            cell_text(name, document)
        whole = "\n".join(lines_of(document))
        for piece in gold.get("names", []) + gold.get("contains", []):
            if piece not in whole:
                raise GoldError(f"{piece!r} does not stand in the document")
    return changed


def main(arguments: list[str]) -> int:
    """Check every file of questions (or those named); with --write store the computed values."""
    write = "--write" in arguments
    paths = [Path(a) for a in arguments if not a.startswith("-")] or sorted(QUESTIONS.glob("*/*.jsonl"))
    bad = 0
    for path in paths:
        lines: list[str] = []
        seen: set[str] = set()
        changed = False
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                case = json.loads(line)
                if case["id"] in seen or (case.get("followup_of") or case["id"]) not in seen | {case["id"]}:
                    raise GoldError("the id is taken, or followup_of names no earlier line")
                seen.add(case["id"])
                stale = refresh(case)
            except (GoldError, KeyError, ValueError, SyntaxError) as error:
                bad += 1
                print(f"{path.name}:{number}: {error!r}", file=sys.stderr)
                lines.append(line)
                continue
            if stale and not write:
                bad += 1
                print(f"{path.name}:{number}: values are stale, run python -m eval.gold --write", file=sys.stderr)
            changed |= stale
            lines.append(json.dumps(case, ensure_ascii=False))
        if write and changed:
            path.write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{path.parent.name}/{path.name}: {len(lines)} questions")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
