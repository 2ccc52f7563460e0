"""The operator's documents as escaped HTML: the list, the one that is chosen, and what became of files that were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from assistant.operation.reports import error_line, report_line, standing_line, state_of, whose_line
from index.readers import READERS
from index.report import FileReport
from index.sql.store import DocumentInfo

FORMATS = "PDF（含扫描件）、图片、DOCX、XLSX、XLS、ODS、网页、TXT 和 Markdown"
UNCHOSEN = '<p class="bq-hint">在列表里点一份文件的“管理”，可以更正、重新收录或删除它。</p>'
NO_FILE = '<p class="bq-bad" role="alert">请先选择文件。</p>'
DELETING = '<p class="bq-waiting-file" role="status">正在删除……<progress></progress></p>'
CONFIRM = '<p class="bq-sure" tabindex="-1" role="alert">{}</p>'


@dataclass(frozen=True)
class Size:
    """How much is in a document."""

    pages: int
    tables: int
    facts: int


def intake_html(megabytes: int) -> str:
    """Where files are chosen. The field lies over its whole frame, so that files may be dropped there."""
    return (
        f'<h2>收录文件</h2><div class="bq-drop"><p><b>选择文件</b>，或拖到这里</p><p id="files-about">{FORMATS}，'
        f'每份不超过&nbsp;{megabytes}&nbsp;MB</p><input type="file" multiple data-megabytes="{megabytes}" accept="{",".join(sorted(READERS))}" '
        'aria-label="选择要收录的文件" aria-describedby="files-about"></div><p class="bq-chosen" role="status"></p>'
    )


# --- reports ---------------------------------------------------------------------------------------------------------
def reports_html(done: Sequence[FileReport], waiting: str = "") -> str:
    """What became of files, and of the one that is being read."""
    lines = "".join(f"<li>{report_html(entry)}</li>" for entry in done)
    return f'<div role="status">{waiting}</div>' + (f'<ol class="bq-reports">{lines}</ol>' if lines else "")


def waiting_html(name: str, number: int, total: int, done: int, texts: int) -> str:
    """That a file is being read, the how manieth of how many, and how many of its texts are indexed."""
    which = f"（第 {number} 份，共 {total} 份）" if total > 1 else ""
    what = "正在读取" if not texts else "正在建索引"
    share = (
        f'<progress max="{texts}" value="{done}" aria-label="已建索引的文字"></progress>'
        if texts
        else "<progress></progress>"
    )
    return f'<p class="bq-waiting-file">{what}“{escape(name)}”{which}{share}</p>'


def report_html(entry: FileReport) -> str:
    """One file: its name, what was found in it, and what is doubtful, or what went wrong and what to do."""
    kind = "bq-bad" if entry.error else "bq-unchanged" if entry.status != "indexed" else "bq-good"
    lines = (
        [error_line(entry, entry.path)]
        if entry.error
        else [entry.title or "", whose_line(entry), report_line(entry), *entry.remarks]
    )
    said = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    odd = entry.identities.get("不一致")
    audit = '<p><a href="audit">到“核对”页看不一致的地方</a></p>' if odd else ""
    return f'<p class="{kind}"><b class="bq-state">{state_of(entry)}</b>{escape(entry.path)}</p>{said}{audit}'


# --- what is indexed -------------------------------------------------------------------------------------------------
def list_html(infos: Sequence[DocumentInfo], sizes: Mapping[str, Size], names: Mapping[str, str], chosen: str) -> str:
    """The list; `sizes` and `names` are by document id, `chosen` is the id of the one that is managed."""
    return f'<ol class="bq-documents">{"".join(_entry(info, sizes[info.id], names, chosen) for info in infos)}</ol>'


def _entry(info: DocumentInfo, size: Size, names: Mapping[str, str], chosen: str) -> str:
    mark = "重复" if info.repeats else "已更正" if info.superseded_by else ""
    tag = f'<b class="bq-tag">{mark}</b>' if mark else ""
    standing = standing_line(info, names)
    related = f"<p>{escape(standing)}</p>" if standing else ""
    return (
        f'<li{" class=bq-open" if info.id == chosen else ""}><div><h3>{escape(info.file_name)}{tag}</h3>'
        f"<p>{_spans(f'{info.year}年', info.department, info.kind)}</p>"
        f"<p>{_spans(sizes_line(size), f'{_when(info)} 收录')}<span>{_digest(info)}</span></p>{related}</div>"
        f'<button type="button" data-document="{escape(info.id)}" aria-label="管理 {escape(info.file_name)}">管理</button></li>'
    )  # fmt: skip


def _spans(*texts: str) -> str:
    return "".join(f"<span>{escape(text)}</span>" for text in texts)


def _digest(info: DocumentInfo) -> str:
    return f'<abbr title="SHA-256：{info.sha256}">SHA-256</abbr> {info.sha256[:8]}'


def sizes_line(size: Size) -> str:
    """A document that another stands for has no facts of its own."""
    counts = (size.pages, "页"), (size.tables, "张表"), (size.facts, "个数")
    return "、".join(f"{count:,}{what}" for count, what in counts if count)


def _when(info: DocumentInfo) -> str:
    return datetime.fromisoformat(info.indexed_at).astimezone().strftime("%Y-%m-%d %H:%M")


def chosen_html(info: DocumentInfo, together: int) -> str:
    """What is managed; `together` is how many budgets its file holds."""
    several = (
        f"<p>这个文件里有 {together} 份预算，会一并处理；部门以文件为准，只能更正年份。</p>" if together > 1 else ""
    )
    return f'<h2 tabindex="-1">{escape(info.file_name)}</h2><p>{info.year}年　{escape(info.department)}　{escape(info.kind)}</p>{several}'


def confirm_html(info: DocumentInfo, together: int) -> str:
    """What is asked before a file is deleted; it holds so many budgets together."""
    whole = f"里的 {together} 份预算" if together > 1 else ""
    line = f"删除“{escape(info.file_name)}”{whole}？表、数和原文件都会移除，回答不再用到它。"
    return CONFIRM.format(line)


# What takes the focus stands in place of the button that was pressed.
def outcome_html(entry: FileReport) -> str:
    """What became of a file that was read anew."""
    return f'<div class="bq-reports" tabindex="-1" role="status">{report_html(entry)}</div>'


def done_html(line: str) -> str:
    """A line that something was done."""
    return f'<p class="bq-good" tabindex="-1" role="status">{escape(line)}</p>'


def failed_html(line: str) -> str:
    """A line that something was not done, and why."""
    return f'<p class="bq-bad" tabindex="-1" role="alert">{escape(line)}</p>'
