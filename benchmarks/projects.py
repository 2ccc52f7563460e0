"""How fast the catalog of projects is: `python -m benchmarks.projects [COUNT]`, 10,000 projects by default.

In: nothing; synthetic budgets are written to a temporary store. Out: milliseconds of each step, and how they compare with a tenth
of the projects.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median

from assistant.catalog import Catalog, Order, ProjectFilter, build_catalog
from assistant.web.export import csv_bytes, xlsx
from assistant.web.project_export import export_of
from assistant.web.project_html import PAGE, Shown, list_html
from index.chunks import document_chunks
from index.facts import document_facts
from index.model import Document, Place, Row, Table
from index.store import Store, document_id_of

EACH = 100  # projects of a budget
TIMES = 7
WORDS = (
    "河道清淤",
    "信息化运维",
    "档案整理",
    "道路养护",
    "设备购置",
    "人才培训",
    "绿化养护",
    "宣传活动",
    "应急演练",
    "水质监测",
)
TARGET = "完成{0}处的维护，合格率达到{1}%以上；保障业务系统稳定运行，群众满意度不低于95%，按期完成年度任务。" * 2


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    small, large = _measured(count // 10), _measured(count)
    print(f"{'':<34}{count // 10:>9,}{count:>10,}  ratio")
    for name, after in large.items():
        print(f"{name:<34}{small[name]:>8.1f} {after:>9.1f} {after / small[name]:>6.1f}")


def _measured(count: int) -> dict[str, float]:
    """Milliseconds by step, over a store of so many projects."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        for number in range(count // EACH):
            _add(store, number)
        documents = {info.id: info for info in store.documents()}
        catalog = build_catalog(store)
        found = {"build the catalog": _ms(lambda: build_catalog(store), 3)}
        for name, wanted, order in (
            ("all, by amount", ProjectFilter(), "amount_desc"),
            ("filters, by name", ProjectFilter(years=(2024,), least=Decimal(500_000), with_target=True), "name"),
            ("words in names, by relevance", ProjectFilter(words="信息化"), None),
            ("two words, by amount", ProjectFilter(words="河道 维护"), "amount_asc"),
            ("words found nowhere", ProjectFilter(words="区块链存证平台"), None),
        ):
            found[name] = _ms(lambda w=wanted, o=order: _page(catalog, w, o))
        everything = catalog.select(ProjectFilter())
        export = export_of(everything, ProjectFilter(), documents)
        found["other years of one project"] = _ms(lambda: catalog.other_years(catalog.entries[count // 2]))
        found["export CSV"] = _ms(lambda: csv_bytes(export), 1)
        found["export XLSX"] = _ms(lambda: xlsx(export), 1)
        store.close()
        return found


def _page(catalog: Catalog, wanted: ProjectFilter, order: Order | None) -> str:
    """What the page and the API do for one change of a filter: select, sort, add up, show a page from the middle."""
    selection = catalog.select(wanted, order)
    return list_html(selection, Shown(order or "relevance", len(selection.entries) // PAGE // 2, ""))


def _ms(work: Callable[[], object], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def _add(store: Store, number: int) -> None:
    """A budget with its list of projects: every second one of a department is of another year."""
    department, year = f"第{number // 2}测试局", 2024 + number % 2
    rows = [_row(number, i, year) for i in range(EACH)]
    table = Table(title="项目支出表", kind="project_list", unit="万元" if number % 3 else "元", columns=[["合计"], ["一般公共预算"]],
                  rows=rows, place=Place(line=1))  # fmt: skip
    document = Document(title=f"{year}年{department}部门预算", department=department, year=year, kind="部门预算",
                        budget_units=[department], tables=[table], sections=[])  # fmt: skip
    content = str(number).encode()
    identifier = document_id_of(content)
    store.add(document, identifier, f"{number}.txt", content, document_facts(document, identifier),
              document_chunks(document, identifier))  # fmt: skip


def _row(number: int, i: int, year: int) -> Row:
    label = f"{year}年{WORDS[i % len(WORDS)]}{i // len(WORDS)}号项目"
    amount = Decimal(number * 7919 + i * 104_729) % 1_000_000 / 100
    return Row(label=label, path=[label], role="project", cells=[f"{amount:,.2f}"] * 2, values=[amount] * 2, place=Place(line=i),
               budget_unit=f"第{number // 2}测试局", texts={"绩效目标": TARGET.format(i, 90 + i % 10)} if i % 4 else {})  # fmt: skip


if __name__ == "__main__":
    main()
