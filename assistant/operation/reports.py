"""What became of files, in words that the command line and the page share.

In: the report of a file, or what is known of an indexed one. Out: a line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `budget-qa --help` does without
    from index.report import FileReport
    from index.sql.store import DocumentInfo

MOST_NAMED = 5  # budgets of one file
STATES = {"indexed": "已收录", "unchanged": "未变", "repeated": "重复", "superseded": "旧版", "failed": "失败"}


def state_of(entry: FileReport) -> str:
    """What became of a file, in a word."""
    return STATES["failed" if entry.error else entry.status]


def error_line(entry: FileReport, name: str) -> str:
    """What went wrong, without the name of the file that it begins with."""
    return (entry.error or "").removeprefix(f"{name}：")


def report_line(entry: FileReport) -> str:
    """What was found in a file, in words; empty where it was known already."""
    if not entry.facts:
        return ""
    pages = f"{entry.pages}页、" if entry.pages else ""
    held = "，".join(f"{verdict}{count}" for verdict, count in entry.identities.items() if count)
    checked = f"；勾稽关系：{held}" if held else ""
    return f"{pages}{entry.tables}张表、{entry.facts}个数、{entry.chunks}段文字{checked}"


def whose_line(entry: FileReport) -> str:
    """Whose and of which year the documents of a file are held to be, in words."""
    more = f"等{len(entry.budgets)}份" if len(entry.budgets) > MOST_NAMED else ""
    return f"部门和年份：{'、'.join(entry.budgets[:MOST_NAMED])}{more}" if entry.budgets else ""


def standing_line(info: DocumentInfo, names: Mapping[str, str]) -> str:
    """How a document stands to the others of its budget, in words; empty where it is the only one."""
    if info.repeats:
        return f"与“{names[info.repeats]}”是同一份预算"
    if info.superseded_by:
        return f"已由“{names[info.superseded_by]}”更正"
    return f"更正了“{'”“'.join(names[i] for i in info.supersedes)}”" if info.supersedes else ""
