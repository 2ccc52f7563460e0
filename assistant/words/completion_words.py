"""Whether a question asks how much of its budget was spent (预算完成率), and what it asks besides."""

from __future__ import annotations

import re

BUDGET = r"(?:当年|全年|年初|年度|调整)?的?预算数?"
ASKED = r"(?:百分之(?:多少|几)|百分比|比例|多少|几成|多大比例)"
COMPLETION = re.compile(
    rf"(?:支出)?(?:决算数?|实际)?(?:才|只|共|就|仅)?(?:完成|执行|用|花)了?{BUDGET}的?(?:是|为)?{ASKED}"
    rf"|{BUDGET}的?(?:完成|执行)(?:率|比例|情况)?(?:是|为|有)?{ASKED}"
    r"|^(?:那|那么|所以|它的?)?完成率(?:是|有)?多少"
    r"|(?<!任务)(?<!指标)(?<!目标)(?:决算|预算)的?(?:完成|执行)率"
)
SAID_MORE = re.compile(r"[一-鿿]")
FILLING = re.compile(r"[那它这所以的才只仅就等于相当呢啊吧呀了，。？?！!是为有多少]")


def without_completion(question: str) -> str | None:
    """The question for the amount alone; None where it does not ask how much of a budget was spent."""
    found = COMPLETION.search(question)
    if found is None:
        return None
    before, behind = question[: found.start()], question[found.end() :]
    said = SAID_MORE.search(FILLING.sub("", before + behind))
    return f"{before.rstrip('，,的')}决算是多少" if said else "那是多少"
