"""An Answer as escaped HTML for the chat. In: an Answer. Out: one sentence first, its numbers emphasised and each with its
marks, then the rows as a table where there are several, the computation, notes, the sources as buttons, and how it came about.
"""

from __future__ import annotations

from html import escape

from assistant.answer_rows import after_stops, in_order, listed, unit_after
from assistant.contract import Answer, Citation, Number
from assistant.web.sources.reference import Reference

FEW = 4  # sources shown at once; the others unfold
MARKS = 3  # marks at one number; more become one that opens the first
LONGEST_QUESTION = 300  # characters of a question that are shown back
TOTALS = ("合计", "总计", "小计")
STOPS = tuple("。，、；）")
TAGS = {
    "not_found": "没有找到", "other_year": "没有这个年度", "other_department": "没有这个部门", "no_amount": "没有公布这个数",
    "not_public": "没有公开", "out_of_scope": "超出范围", "unsafe": "不予执行", "empty": "请重新提问", "ambiguous": "请选一项",
}  # fmt: skip
FAILED = '<div class="bq-answer bq-refused"><p class="bq-tag">出错了</p><p class="bq-text">这个问题没能答出来，问题已经记录；请换一种问法。</p></div>'
WAITING = '<div class="bq-answer bq-waiting"><p class="bq-text">正在查找……</p></div>'


def question_html(question: str) -> str:
    """The question as asked, in text; a very long one cut, with its length said."""
    cut = f"……（共 {len(question):,} 字）" if len(question) > LONGEST_QUESTION else ""
    return f'<p class="bq-question">{escape(question[:LONGEST_QUESTION])}{cut}</p>'


def answer_html(answer: Answer, beneath: str = "", choices: bool = False) -> str:
    """The answer with everything that belongs under it; `choices`: those of a question back in words, as no buttons stand below."""
    return _framed(answer, said_html(answer, choices) + rest_html(answer) + beneath)


def parted_html(answer: Answer, beneath: str = "") -> tuple[str, str]:
    """The same in two, so that something can stand between what is said and where it comes from."""
    return _framed(answer, said_html(answer)), f'<div class="bq-under">{rest_html(answer)}{beneath}</div>'


def _framed(answer: Answer, html: str) -> str:
    kind = " bq-refused" if answer.refused else " bq-asks" if answer.reason else ""
    return f'<div class="bq-answer{kind}">{html}</div>'


def said_html(answer: Answer, choices: bool = False) -> str:
    """The text, how it was worked out, and what to mind."""
    tag = f'<p class="bq-tag">{escape(TAGS.get(answer.reason or "", answer.reason or ""))}</p>' if answer.reason else ""
    # Where the choices of a question back stand below as buttons, only what comes before them is said.
    text = answer.answer.split("：", 1)[0] + "：" if answer.reason == "ambiguous" and not choices else ""
    body = f'<p class="bq-text">{escape(text)}</p>' if text else _body(answer)
    lines = [("算式", answer.derivation)] if answer.derivation else []
    lines += [("注意", note.text) for note in answer.notes]
    aside = "".join(f'<p class="bq-aside"><span>{name}</span>{escape(line)}</p>' for name, line in lines)
    return f"{tag}{body}{_prose(answer)}{aside}"


def _prose(answer: Answer) -> str:
    """What a language model says of it, marked as such, with marks to what it rests on."""
    if answer.prose is None:
        return ""
    marks = {citation.id: (index, citation) for index, citation in enumerate(answer.citations, 1)}
    shown = "".join(_mark(*marks[c]) for c in answer.prose.citations[:MARKS] if c in marks)
    title = f"由语言模型 {answer.prose.model} 写成，其中的数和引文已与原文核对"
    return f'<p class="bq-aside bq-plainly" title="{escape(title)}"><span>白话</span>{escape(answer.prose.text)}{shown}</p>'


def rest_html(answer: Answer) -> str:
    """Where it comes from, and how it came about."""
    return _sources(answer) + _why(answer)


def _why(answer: Answer) -> str:
    """How the answer came about, folded up."""
    if not answer.explanation:
        return ""
    return f'<details class="bq-why"><summary>为什么这样回答</summary><p>{escape(answer.explanation)}</p></details>'


# --- the text ------------------------------------------------------------------------------------------------------
Marks = dict[str, tuple[int, Citation]]


def _body(answer: Answer) -> str:
    marks = {citation.id: (index, citation) for index, citation in enumerate(answer.citations, 1)}
    items = listed(answer)
    if not items:
        return _paragraph(answer, 0, len(answer.answer), marks)
    rows = "".join(
        f'<tr><th scope="row">{escape(i.label)}</th><td>{_number(answer, i.number, marks)}</td></tr>' for i in items
    )
    return (
        _paragraph(answer, 0, items[0].start, marks)
        + f'<table class="bq-items"><tbody>{rows}</tbody></table>'
        + _paragraph(answer, after_stops(answer.answer, items[-1].end), len(answer.answer), marks)
    )


def _paragraph(answer: Answer, start: int, end: int, marks: Marks) -> str:
    """Part of the text, its numbers emphasised; nothing where only a stop is left."""
    text = answer.answer[start:end]
    if not text.strip("。、；， "):
        return ""
    pieces, at = [], start
    for number in in_order(answer):
        if at <= number.start and number.end <= end:
            after = number.end + len(unit_after(answer, number))
            # A stop stays on the line of the marks before it.
            stop = answer.answer[after:end][:1] if answer.answer[after:end][:1] in STOPS else ""
            whole = f'<span class="bq-whole">{_number(answer, number, marks)}{stop}</span>'
            pieces += [escape(answer.answer[at : number.start]), whole]
            at = after + len(stop)
    pieces.append(escape(answer.answer[at:end]))
    if not answer.numbers:
        pieces += [_mark(*marks[citation.id]) for citation in answer.citations[:MARKS]]
    return f'<p class="bq-text">{"".join(pieces)}</p>'


def _number(answer: Answer, number: Number, marks: Marks) -> str:
    cited = [marks[c] for c in number.citations if c in marks]
    shown = "".join(_mark(index, citation) for index, citation in cited)
    if len(cited) > MARKS:
        shown = _mark(*cited[0], f"{cited[0][0]}等{len(cited)}处")
    unit = escape(unit_after(answer, number))
    return f'<strong class="bq-number">{escape(number.text)}<small>{unit}</small></strong>{shown}'


def _mark(index: int, citation: Citation, text: str = "") -> str:
    title = f"来源 {index}：{citation.table or ''} {' › '.join(citation.row)}"
    return (
        f'<button type="button" class="bq-mark" data-cite="{escape(Reference.of(citation).packed())}"'
        f' title="{escape(title)}" aria-label="{escape(title)}">{text or index}</button>'
    )


# --- the sources ---------------------------------------------------------------------------------------------------
def _sources(answer: Answer) -> str:
    if not answer.citations:
        return ""
    many = len({citation.document for citation in answer.citations}) > 1
    lines = [_source(index, citation, many) for index, citation in enumerate(answer.citations, 1)]
    more = (
        f'<details><summary>其余 {len(lines) - FEW} 处来源</summary><ol start="{FEW + 1}">{"".join(lines[FEW:])}</ol></details>'
        if len(lines) > FEW else ""
    )  # fmt: skip
    return f'<div class="bq-sources"><p>来源</p><ol>{"".join(lines[:FEW])}</ol>{more}</div>'


def _source(index: int, citation: Citation, many: bool) -> str:
    where = f"{citation.year}年{citation.department}" if many else ""
    name = citation.row[-1] if citation.row else citation.table or "原文"
    column = " / ".join(citation.column) if citation.kind == "cell" else ""
    if name in TOTALS and citation.column and citation.column[-1] not in TOTALS:
        name = f"{citation.column[-1]}{name}"
    unit = "" if citation.text.endswith(citation.unit or "") else citation.unit
    value = {"cell": f"{citation.text}{unit}", "figure": citation.text, "passage": "原文"}[citation.kind]
    table = "　".join(filter(None, (where, citation.table, column)))
    return (
        f'<li><button type="button" class="bq-cite" data-cite="{escape(Reference.of(citation).packed())}">'
        f"<i>{index}</i><span><b>{escape(name)}</b><em>{escape(table)}</em></span><u>{escape(value)}</u></button></li>"
    )
