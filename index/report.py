"""What became of the files of one ingest, to tell the operator.

In: a file as it is indexed, or what went wrong. Out: a report of each file, in counts, in remarks of what is doubtful, and in the one
line of an error.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.checks.audit import audit_document
from index.checks.identity import VERDICTS
from index.errors import BudgetQAError
from index.facts import SURE, Fact
from index.model import Document
from index.parsing.metadata import said_otherwise
from index.sql.store import DocumentInfo, Standing

log = logging.getLogger(__name__)


@dataclass
class FileReport:
    """What became of one file. `error` is one line that says what to do, None when the file is indexed."""

    path: str
    status: str = "failed"
    document: str | None = None
    documents: list[str] = field(default_factory=list)  # all of them, where the file holds several budgets
    title: str | None = None
    budgets: list[str] = field(default_factory=list)  # whose and of which year they are held to be: 2024年某局
    tables: int = 0
    facts: int = 0
    chunks: int = 0
    embedded: int = 0
    pages: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # tables by kind
    identities: dict[str, int] = field(default_factory=dict)  # accounting identities by verdict
    remarks: list[str] = field(default_factory=list)  # what could not be read, or is doubtful, and why
    error: str | None = None


@dataclass
class Report:
    """What became of all files of one ingest."""

    files: list[FileReport] = field(default_factory=list)

    @property
    def failed(self) -> list[FileReport]:
        """Those that could not be indexed."""
        return [file for file in self.files if file.error]


@contextmanager
def reported(entry: FileReport, name: str) -> Iterator[None]:
    """What goes wrong inside is written into the report: no file may keep the others out."""
    try:
        yield
    except BudgetQAError as error:
        entry.error = str(error)
    except Exception as error:
        log.debug("%s", entry.path, exc_info=True)
        told = f"{name}：收录时出错（{type(error).__name__}：{error}）；请把这份文件发给维护者"
        entry.error = " ".join(told.split())


def describe(entry: FileReport, identifier: str, document: Document, facts: list[Fact]) -> None:
    """What was found in a document, added to its file's report, and what in it is doubtful."""
    places = [*(row.place for table in document.tables for row in table.rows), *(s.place for s in document.sections)]
    entry.pages = max((entry.pages, *(place.page or 0 for place in places)))
    entry.kinds = dict(Counter(entry.kinds) + Counter(table.kind for table in document.tables))
    verdicts = Counter(identity.verdict for identity in audit_document(document, identifier))
    entry.identities = {v: entry.identities.get(v, 0) + verdicts[v] for v in VERDICTS}
    standard = [t for t in document.tables if t.kind != "other" and not t.kind.startswith("performance")]
    blank = [t.title for t in standard if not any(v is not None for row in t.rows for v in row.values)]
    if blank:
        entry.remarks.append(f"没有数的表：{'、'.join(dict.fromkeys(blank))}")
    if not document.tables:
        entry.remarks.append("没有表格，只收录了文字和文中的数")
    doubtful = [fact for fact in facts if fact.confidence is not None and fact.confidence < SURE]
    scanned = sum(fact.confidence is not None for fact in facts)
    if scanned:
        entry.remarks.append(f"扫描识别的数{scanned}个，其中把握不大的{len(doubtful)}个")


def held(entry: FileReport, documents: Iterable[Document | DocumentInfo]) -> None:
    """Whose and of which year the documents of a file are held to be, added to its report, and where a title says otherwise: by the
    operator's word, which may have been a slip."""
    for document in documents:
        whose = f"{document.year}年{document.department}"
        entry.budgets.append(whose)
        kind = document.kind.removesuffix("调整")
        office, year = said_otherwise(document.title, kind, document.department, document.year)
        if office or year:
            said = f"{f'{year}年' if year else ''}{office or ''}"
            back = "、".join([*([f"部门“{office}”"] if office else []), *([f"年份{year}"] if year else [])])
            entry.remarks.append(f"注意：标题写的是{said}，现在记为{whose}；记错了的再收录一次，更正为{back}")


def status(standing: Standing) -> str:
    """How a document stands, in a word: indexed, repeated, or superseded."""
    return "indexed" if standing.visible else "repeated" if standing.repeats else "superseded"


def relation(identifier: str, standing: Standing, new: Collection[str], stored: Mapping[str, DocumentInfo]) -> str:
    """How a new document and one indexed before stand to each other, in words; empty where that is not changed."""
    other = standing.repeats or standing.superseded_by
    if other is None:
        return ""
    if identifier in new and other in stored:
        before = stored[other].file_name
        same = f"与已收录的“{before}”是同一份预算，不重复计数"
        return same if standing.repeats else f"已收录的“{before}”是它的更正版，以那份为准"
    if identifier in stored and other in new:
        before = stored[identifier].file_name
        same = f"与已收录的“{before}”是同一份预算，这份更全，以这份为准"
        return same if standing.repeats else f"更正了已收录的“{before}”，以这份为准"
    return ""
