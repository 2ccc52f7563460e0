"""Questions at the command line: one, one a line from a pipe, or in turn at a terminal.

In: an Assistant and what is typed. Out: answers in plain lines, as JSON, or laid out for people. At a terminal the plans of the
answers go with the next question; from a pipe each line is a question of its own. What was typed is remembered, for the arrow
keys too, only as long as the program runs.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.answer import Assistant
from assistant.answer_rows import after_stops, in_order, listed, unit_after
from assistant.budgets.library import Scope
from assistant.contract import Answer, Number
from assistant.plain_text import MOST_SOURCES, place_line, source_line
from assistant.turns import REMEMBERED
from index.errors import BudgetQAError

PROMPT = "问："
LEAVING = ("", "退出", "exit", "quit")
FORGETTING = "清空"
NAMED = 3  # documents named at the beginning
log = logging.getLogger(__name__)


def print_answer(out: Console, answer: Answer) -> None:
    """An answer in plain lines."""
    out.print(answer.answer, markup=False)
    if answer.derivation:
        out.print(f"算式：{answer.derivation}", markup=False)
    for note in answer.notes:
        out.print(f"注意：{note.text}", markup=False)
    for citation in answer.citations:
        out.print(f"  {source_line(citation)}", markup=False)
    for suggestion in answer.suggestions:
        out.print(f"  还可以问：{suggestion.question}", markup=False)
    out.print(f"查法：{answer.explanation}", markup=False)


def print_prose(out: Console, assistant: Assistant, answer: Answer) -> None:
    """What a language model says of it, where one is configured and says what is borne out; after the answer, which stands already."""
    prose = assistant.word(answer).prose
    if prose is not None:
        out.print(f"白话（{prose.model}）：{prose.text}", markup=False)


# --- a question a line ---------------------------------------------------------------------------------------------
def answer_lines(lines: Iterable[bytes], opened: Callable[[], Assistant], scope: Scope, as_json: bool,
                 out: Console, err: Console) -> tuple[int, int]:  # fmt: skip
    """Answer each line that holds a question as it comes, as JSON one line each. Returns how many were asked, and how many of
    them failed. Raises StoreError or ModelError where nothing can be answered."""
    assistant, asked, failed = None, 0, 0
    for line in lines:
        question = line.decode("utf-8-sig", "replace").strip()
        if not question:
            continue
        assistant = assistant or opened()
        asked += 1
        if not as_json:
            out.print(f"{PROMPT}{question}", markup=False)
        try:
            answer = assistant.ask(question, scope=scope)
        except Exception as error:  # the other questions are answered all the same
            failed += 1
            err.print(_said(question, error), markup=False)
            if as_json:
                _write_line({"question": question, "error": _said(question, error)})
            continue
        if as_json:
            _write_line(answer.model_dump(mode="json"))
        else:
            print_answer(out, answer)
            out.print()
    return asked, failed


def _write_line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _said(question: str, error: Exception) -> str:
    log.debug("no answer to %r", question, exc_info=error)
    if isinstance(error, BudgetQAError):
        return str(error)
    return f"“{question[:40]}”没能答出来（{type(error).__name__}：{error}）；请换一种问法"


# --- at a terminal -------------------------------------------------------------------------------------------------
def converse(opened: Callable[[], Assistant], scope: Scope, out: Console, err: Console) -> None:
    """Questions in turn, until an empty line or the end of input. Raises StoreError or ModelError where none can be answered."""
    with suppress(ImportError):  # not on Windows; there the terminal edits lines itself
        import readline  # noqa: F401 input() then edits lines and goes back in them
    with out.status("正在准备……"):
        assistant = opened()
        names = [f"{i.department}{i.year}年{i.kind}" for i in scope.among(assistant.library().documents)]
    more = f"等 {len(names)} 份文件" if len(names) > NAMED else ""
    out.print(
        f"正在查询：{'、'.join(names[:NAMED])}{more}" if names else "没有可查询的文件；用 budget-qa ingest 收录",
        markup=False,
    )
    out.print(f"可以接着追问；输入建议前的编号就问那一句，“{FORGETTING}”忘记前文，空行或“退出”结束。", style="dim")
    plans: list[dict[str, Any]] = []
    offered: list[str] = []
    while (typed := _typed()) not in LEAVING:
        if typed == FORGETTING:
            plans, offered = [], []
            out.print("已忘记前面的问答。", style="dim")
            continue
        if typed.isdecimal() and offered and not 1 <= int(typed) <= len(offered):
            out.print(f"没有编号 {typed}，可选 1 到 {len(offered)}。", markup=False)
            continue
        question = offered[int(typed) - 1] if typed.isdecimal() and offered else typed
        if question != typed:
            out.print(f"{PROMPT}{question}", style="dim", markup=False)
        try:
            answer = assistant.ask(question, scope=scope, previous=plans[-REMEMBERED:])
        except Exception as error:  # the conversation goes on
            err.print(_said(question, error), markup=False)
            continue
        plans.append(answer.plan)
        offered = [suggestion.question for suggestion in answer.suggestions]
        _show(out, answer)
        print_prose(out, assistant, answer)


def _typed() -> str:
    """A line; empty at the end of input, and where it was broken off."""
    try:
        line = input(PROMPT)
    except (EOFError, KeyboardInterrupt):
        print()
        return ""
    # A terminal of another encoding, or half a character rubbed out, leaves bytes that are no text.
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


def _show(out: Console, answer: Answer) -> None:
    """An answer for people: its text, a list in it as a table, then what it rests on, all numbered."""
    marks = {citation.id: index for index, citation in enumerate(answer.citations, 1)}
    asks_back = answer.reason == "ambiguous"
    items = listed(answer)
    if asks_back:  # its choices stand below, numbered
        out.print(answer.answer.split("：", 1)[0] + "：", markup=False)
    elif items:
        table = Table(show_header=False)
        table.add_column(overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        for item in items:
            table.add_row(Text(item.label), _number(answer, item.number, marks))
        _print_part(out, answer, 0, items[0].start, marks)
        out.print(table, soft_wrap=False)
        _print_part(out, answer, after_stops(answer.answer, items[-1].end), len(answer.answer), marks)
    else:
        _print_part(out, answer, 0, len(answer.answer), marks)
    lines = [("算式", answer.derivation)] if answer.derivation else []
    for name, line in [*lines, *(("注意", note.text) for note in answer.notes)]:
        out.print(Text.assemble((f"{name}：", "dim"), line))
    if answer.citations:
        out.print("来源：", style="dim")
    for index, citation in enumerate(answer.citations[:MOST_SOURCES], 1):
        out.print(Text.assemble((f"  [{index}] ", "dim"), place_line(citation)))
    if len(answer.citations) > MOST_SOURCES:
        out.print(f"  另有 {len(answer.citations) - MOST_SOURCES} 处", style="dim")
    if answer.explanation and not asks_back:
        out.print(Text(f"查法：{answer.explanation}", "dim"))
    if answer.suggestions:
        out.print("请选一项，输入编号：" if asks_back else "还可以问，输入编号：", style="dim")
    for index, suggestion in enumerate(answer.suggestions, 1):
        out.print(Text.assemble((f"  {index}. ", "bold"), suggestion.question))
    out.print()


def _print_part(out: Console, answer: Answer, start: int, end: int, marks: dict[str, int]) -> None:
    """Part of the text with its numbers emphasised; nothing where only a stop is left."""
    if not answer.answer[start:end].strip("。、；， "):
        return
    text, at = Text(), start
    for number in in_order(answer):
        if at <= number.start and number.end <= end:
            text.append(answer.answer[at : number.start])
            text.append_text(_number(answer, number, marks))
            at = number.end + len(unit_after(answer, number))
    out.print(text.append(answer.answer[at:end]))


def _number(answer: Answer, number: Number, marks: dict[str, int]) -> Text:
    """A number with its unit, and after it the numbers of its sources."""
    cited = "".join(f"[{marks[c]}]" for c in number.citations if marks.get(c, MOST_SOURCES + 1) <= MOST_SOURCES)
    return Text.assemble((number.text + unit_after(answer, number), "bold cyan"), (cited, "dim"))
