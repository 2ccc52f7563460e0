"""Hand-built documents: text with | for tabs, read and structured by the product itself, and files of it."""

from __future__ import annotations

from pathlib import Path

from index.model import Document, Grid, GridCell, GridRow, Place, Row, Table
from index.parsing.rows import set_hierarchy
from index.parsing.structure import build_document
from index.readers import read_blocks

SHIPPED = next((Path(__file__).parents[2] / "index" / "data").glob("*.txt"))
UNITS = ("某市服务中心", "某市数据中心")
HEAD = """2024年
某市测试局部门预算

第一部分 某市测试局概况

一、部门预算构成

下属单位具体包括：某市服务中心、某市数据中心。

第二部分 2024年部门预算表
"""


def table_text(title: str, *lines: str, unit: str = "万元", notes: str = "") -> str:
    """A titled table; | stands for a tab."""
    return "\n".join(["", title, f"单位：{unit}", "", *(line.replace("|", "\t") for line in lines), "", notes])


def budget_text(*tables: str, prose: str = "", head: str = HEAD) -> str:
    part = f"\n第三部分 2024年部门预算情况说明\n\n一、收支情况\n\n{prose}\n" if prose else ""
    return head + "\n".join(tables) + part


def budget(*tables: str, prose: str = "", head: str = HEAD) -> Document:
    """A Document of a small department, 某市测试局, with two units."""
    return build_document(
        read_blocks(Path("预算.txt"), budget_text(*tables, prose=prose, head=head).encode()), "预算.txt"
    )


def only_table(*lines: str, title: str = "支出总体情况表", **options: str) -> Table:
    """The table that a document of just these lines gives."""
    return budget(table_text(title, *lines, **options)).tables[0]


def grid_rows(*lines: str) -> list[GridRow]:
    return [
        GridRow(cells=[GridCell(text=text) for text in line.split("|")], place=Place(line=number))
        for number, line in enumerate(lines, 1)
    ]


def grid(*lines: str) -> Grid:
    return Grid(rows=grid_rows(*lines), place=Place(line=1))


def hierarchy(*labels: str, units: tuple[str, ...] = ()) -> list[Row]:
    """Rows of these labels with path, level and role set; `201:教育` has the code 201."""
    rows = []
    for label in labels:
        code, _, name = label.rpartition(":")
        rows.append(Row(label=name, path=[name], code=code or None, cells=["1"], values=[None], place=Place(line=1)))
    set_hierarchy(rows, list(units))
    return rows


SUMMARY = table_text(
    "收支总体情况表",
    "收入||支出|",
    "项目|预算|项目|预算",
    "一、预算拨款|100.00|一、一般公共服务支出|80.00",
    "二、其他资金|0.00|二、教育支出|20.00",
    "收入总计|100.00|支出总计|100.00",
)
EXPENDITURE = table_text(
    "支出总体情况表",
    "功能分类科目||合计|基本支出|项目支出",
    "科目编码|科目名称|||",
    "|合计|100.00|70.00|30.00",
    "201|一般公共服务支出|80.00|50.00|30.00",
    "20101|人大事务|80.00|50.00|30.00",
    "205|教育支出|20.00|20.00|0.00",
)
PROJECTS = table_text(
    "部门预算项目支出及其他支出预算表",
    "支出项目类别（资金使用单位）|总计|财政拨款||绩效目标",
    "||合计|一般公共预算|",
    "合计|30.00|30.00|30.00|无",
    "某市测试局|25.00|25.00|25.00|无",
    "档案整理项目|25.00|25.00|25.00|整理档案，完成率达到99.5%以上。",
    "某市服务中心|5.00|5.00|5.00|无",
    "大厅运行经费|5.00|5.00|5.00|保障大厅运行。",
)
