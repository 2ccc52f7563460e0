"""Files made worse at random: reading gives a Document or one line of ours, never another error, and comes to an end."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from bad_files import LINES, TEXT, archive, page, pdf, placed_page, word, xlsx
from gold import SET_ASIDE
from mutations import mutated
from PIL import Image, ImageDraw

from eval.gold import documents_folder
from index.checks.audit import audit_document
from index.chunks import document_chunks
from index.errors import BudgetQAError
from index.facts import document_facts
from index.sandbox import Limits, read_limited

SMALL_XLS = Path(__file__).parents[1] / "data" / "small.xls"
NAMESPACES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def markdown() -> bytes:
    table = "\n".join(f"| {' | '.join(line)} |" for line in (LINES[0], ("---",) * 3, *LINES[1:]))
    return f"# 2024年某市测试局部门预算\n\n## 支出总体情况表\n\n单位：万元\n\n{table}\n\n> *说明*：`无`\n".encode()


def ods() -> bytes:
    cells = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    spanned = cells.format(' table:number-columns-spanned="3"', "支出总体情况表") + "<table:covered-table-cell/>"
    rows = [spanned, *("".join(cells.format(' table:number-columns-repeated="1"', t) for t in line) for line in LINES)]
    body = "".join(f'<table:table-row table:number-rows-repeated="1">{row}</table:table-row>' for row in rows)
    columns = '<table:table-column table:number-columns-repeated="3" table:visibility="visible"/>'
    return archive(
        "content.xml", f"<office:body{NAMESPACES}><table:table>{columns}{body}</table:table></office:body>".encode()
    )


def picture() -> bytes:
    drawn = Image.new("L", (500, 160), "white")
    for n, line in enumerate(("Item  1,234.56  99.00", "Total  1,234.56  99.00")):
        ImageDraw.Draw(drawn).text((20, 20 + 60 * n), line, "black", font_size=30)
    content = io.BytesIO()
    drawn.save(content, "PNG")
    return content.getvalue()


OWN: dict[str, Callable[[], bytes]] = {
    "文本.txt": TEXT.encode,
    "标记.md": markdown,
    "网页.html": page,
    "定位.html": placed_page,
    "工作簿.xlsx": xlsx,
    "旧工作簿.xls": SMALL_XLS.read_bytes,
    "工作簿.ods": ods,
    "文档.docx": word,
    "表格.pdf": pdf,
    "图片.png": picture,
}
SLOW = ("图片.png",)  # seconds of OCR
TOLD = ("某市测试局", 2024)
ROUNDS, FEW_ROUNDS = 100, 3
LIMITS = Limits(seconds=60, megabytes=1500)
NEVER = ("秒仍未读完", "内存", "读不出来（")  # too slow, too large, or an error that is none of ours


def outcome(name: str, content: bytes, limits: Limits = LIMITS) -> str:
    """What became of a file: "read", or the line with which it is refused. Whatever else is raised, is raised."""
    try:
        documents = read_limited(Path(name), content, limits, TOLD)
    except BudgetQAError as error:
        (line,) = str(error).splitlines()
        assert line.startswith(f"{name}：")
        return line
    for document in documents:
        document_facts(document, "d")
        document_chunks(document, "d")
        audit_document(document, "d")
        document.model_dump_json()
    return "read"


def is_wrong(line: str) -> bool:
    return any(word in line for word in NEVER)


@pytest.mark.parametrize("name", OWN)
def test_a_small_file_made_worse_is_read_or_refused(name):
    rounds, whole = FEW_ROUNDS if name in SLOW else ROUNDS, OWN[name]()
    found = {n: outcome(name, mutated(whole, Random(f"{name} {n}"))) for n in range(rounds)}
    assert {n: line for n, line in found.items() if is_wrong(line)} == {}


# --- long ----------------------------------------------------------------------------------------------------------
SOAK = 600  # seconds for all files
REAL = [p for p in sorted(documents_folder().glob("*")) if not any(name in p.name for name in SET_ASIDE)]
LONG = Limits(seconds=60, megabytes=4000)
PAGES = 3


def piece(path: Path, random: Random) -> bytes:
    """A file, of a PDF a few of its pages: reading one whole takes up to a minute."""
    content = path.read_bytes()
    if path.suffix != ".pdf":
        return content
    whole, few = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
    first = random.randrange(len(whole))
    few.import_pages(whole, list(range(first, min(first + PAGES, len(whole)))))
    made = io.BytesIO()
    few.save(made)
    return made.getvalue()


@pytest.mark.soak
def test_files_made_worse_for_long_are_read_or_refused():
    sources: list[tuple[str, Callable[[Random], bytes]]] = [
        *((name, lambda random, made=made: made()) for name, made in OWN.items()),
        *((path.name, lambda random, path=path: piece(path, random)) for path in REAL),
    ]
    outcomes: Counter[str] = Counter()
    wrong = {}
    ends = time.monotonic() + SOAK
    for n in count():
        if time.monotonic() > ends:
            break
        name, content_of = sources[n % len(sources)]
        random = Random(n)
        line = outcome(name, mutated(content_of(random), random), LONG)
        outcomes[line.removeprefix(f"{name}：").split("；")[0]] += 1
        if is_wrong(line):
            wrong[n] = line
    print(f"{outcomes.total()}份", *(f"{number:6} {line}" for line, number in outcomes.most_common()), sep="\n")
    assert wrong == {}
