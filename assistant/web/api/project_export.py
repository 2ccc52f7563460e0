"""Projects as an Export. In: a Selection. Out: a row a project, with the cells that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.catalog import ProjectFilter, Selection
from assistant.project_entries import ProjectEntry
from assistant.web.sources.export import Column, Export, Line, Source, Value, place_in_words
from index.amounts import convert
from index.facts import Fact
from index.sql.store import DocumentInfo

COLUMNS = (
    Column("项目名称", 42), Column("部门", 30), Column("年度", 8), Column("文件种类", 14), Column("资金使用单位", 30), Column("金额", 16),
    Column("单位", 8), Column("金额（元）", 18), Column("计入合计", 10), Column("绩效目标", 60),
)  # fmt: skip


def export_of(selection: Selection, wanted: ProjectFilter, documents: Mapping[str, DocumentInfo]) -> Export:
    """The whole selection; its conditions and each year's total are in the notes."""
    lines = [Line(_values(entry), _sources(entry, documents)) for entry in selection.entries]
    notes: list[tuple[str, Value]] = [
        ("筛选条件", conditions(wanted)),
        ("项目数", len(selection.entries)),
        ("计入合计的项目数", len(selection.summed)),
        *(
            (f"{year}年合计（{unit}）", convert(found.total, "元", unit))
            for year, found in selection.by_year.items()
            for unit in dict.fromkeys(("元", selection.total_unit))
        ),
        ("不计入合计的", "没有列出金额的；只见于绩效表、而同一部门同一年度另有项目清单的（可能已含在清单的项目里）"),
        ("按含义找到的项目数", len(selection.meant)),
    ]
    return Export("项目", COLUMNS, lines, notes, file_name=f"项目-{date.today().isoformat()}")


def conditions(wanted: ProjectFilter) -> str:
    """A filter in words."""
    said = (
        [f"搜索“{wanted.words.strip()}”{'（含含义相近的）' if wanted.by_meaning else ''}"]
        if wanted.words.strip()
        else []
    )
    said += [f"{name}：{'、'.join(map(str, values))}" for name, values in (
        ("部门", wanted.departments), ("年度", wanted.years), ("资金使用单位", wanted.units)) if values]  # fmt: skip
    if wanted.least is not None:
        said.append(f"不少于 {convert(wanted.least, '元', '万元'):,f} 万元")
    if wanted.most is not None:
        said.append(f"不超过 {convert(wanted.most, '元', '万元'):,f} 万元")
    if wanted.with_target is not None:
        said.append("有绩效目标" if wanted.with_target else "没有绩效目标")
    return "；".join(said) or "全部项目"


def _values(entry: ProjectEntry) -> tuple[Value, ...]:
    fact = entry.fact
    targets = "\n".join(words.text for words in entry.targets)
    counted = "是" if entry.counted and entry.amount is not None else "否"
    return (
        entry.name,
        fact.department,
        fact.year,
        entry.kind,
        entry.unit,
        fact.value,
        fact.unit,
        entry.amount,
        counted,
        targets,
    )


def _sources(entry: ProjectEntry, documents: Mapping[str, DocumentInfo]) -> list[Source]:
    found = [_of_fact("金额", entry.fact, documents)]
    found += [
        Source("绩效目标", documents[w.document].file_name, documents[w.document].department, documents[w.document].year,
               w.title, w.subject, w.label, w.text, place_in_words(w.place))
        for w in entry.targets
    ]  # fmt: skip
    return found + [_of_fact("金额（另见）", fact, documents) for fact in entry.also]


def _of_fact(of: str, fact: Fact, documents: Mapping[str, DocumentInfo]) -> Source:
    return Source(of, documents[fact.document].file_name, fact.department, fact.year, fact.table_title, " › ".join(fact.path),
                  " / ".join(fact.column), fact.text, place_in_words(fact.place))  # fmt: skip
