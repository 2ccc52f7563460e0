"""A part of a plan as the question that it answers, in the documents' own words.

In: a part. Out: a whole question, which asked anew means that very part; None for what is no question. It is what a question
back offers as choices, and how an answer tells how the question was understood.
"""

from __future__ import annotations

import cn2an

from assistant.plan import (
    Calculate,
    Check,
    Combine,
    Define,
    Expression,
    Part,
    Passage,
    Placed,
    Reduce,
    Select,
)
from assistant.saying.labels import place_text, set_text, so_many
from index.parsing.prose import CHANGE, GROWTH

MOST_NAMED = 3
ABOUT = {
    "target": "{names}的绩效目标是什么", "owner": "{names}属于哪个单位", "reason": "{names}变化的原因是什么", "duty": "{names}的主要职责是什么",
    "structure": "有哪些内设机构", "subordinates": "有哪些下属单位",
}  # fmt: skip


def restated(part: Part) -> str | None:
    """The question that a part answers."""
    if isinstance(part, Calculate):
        unit = f"，用{part.unit}表示" if part.unit else ""
        asked = _asked(part.expression)
        return f"{asked}{unit}" if asked else None
    if isinstance(part, Define):
        return f"什么是{part.terms[0]}" if part.terms else None
    if isinstance(part, Passage) and part.about in ABOUT:
        names = "、".join(part.subject[:1]) or "本部门"
        return ABOUT[part.about].format(names=names)
    return None


def checked(part: Part) -> str | None:
    """What a part holds against the documents, which is no question that could be asked anew: 核对会议费与培训费."""
    check = part.expression if isinstance(part, Calculate) else None
    if not isinstance(check, Check):
        return None
    sides = [check.left, *([check.right] if check.right is not None else [])]
    return f"核对{'与'.join(dict.fromkeys(map(thing_text, sides)))}"


def _asked(expression: Expression | Check) -> str | None:
    if isinstance(expression, Check):
        return None
    if isinstance(expression, Placed):
        return f"{thing_text(expression.thing)}在{set_text(expression.among)}中排第几"
    if isinstance(expression, Combine):
        return _combined(expression)
    select = expression.of
    if expression.how == "value":
        return _value(select)
    text = set_text(select)
    if expression.how == "rank":
        return f"{text}中金额{_order(expression)}"
    return {
        "list": f"{text}分别是多少",
        "count": f"{text}有几个",
        "sum": f"{text}合计是多少",
        "mean": f"{text}平均是多少",
    }[expression.how]


def _order(reduce: Reduce) -> str:
    end = "最大" if reduce.descending else "最小"
    if reduce.position and reduce.position > 1:
        return f"第{cn2an.an2cn(reduce.position)}{end[1]}的是哪个"
    if reduce.n:
        return f"{end}的{so_many(reduce.n)}个是哪些"
    return f"{end}的是哪个" if reduce.position else f"从{'大到小' if reduce.descending else '小到大'}怎么排"


def _value(select: Select) -> str:
    name = thing_text(Reduce(how="value", of=select))
    if select.measure == CHANGE:
        return f"{name}比上年增减多少"
    return f"{name}比上年增长百分之几" if select.measure == GROWTH else f"{name}是多少"


def _combined(combine: Combine) -> str | None:
    names = [thing_text(operand) for operand in combine.operands]
    if not names:
        return None
    if combine.how == "previous":
        return f"{names[0]}上年是多少"
    first, second, several = names[0], names[-1], "、".join(dict.fromkeys(names[: MOST_NAMED * 3]))
    return {
        "share": f"{first}占{second}的百分之几", "difference": f"{first}比{second}多多少", "ratio": f"{first}是{second}的几倍",
        "excess": f"{first}比{second}多百分之几", "sum": f"{several}合计是多少", "mean": f"{several}平均是多少",
        "list": f"{several}分别是多少", "greatest": f"{several}哪个多", "least": f"{several}哪个少",
        "descending": f"{several}从大到小怎么排", "ascending": f"{several}从小到大怎么排",
        "rest": f"{first}除去{'、'.join(names[1:])}还有多少",
        "monthly": f"{first}平均每个月是多少", "each": f"{first}按{second}数平均是多少",
    }[combine.how]  # fmt: skip


def thing_text(expression: Expression) -> str:
    """What an operand is called: 甲中心基本支出的办公费, 金额最大的三个项目."""
    if isinstance(expression, Placed):
        return thing_text(expression.thing)
    if isinstance(expression, Combine):
        joint = {"sum": "与", "difference": "减", "share": "占"}.get(expression.how, "、")
        return joint.join(thing_text(operand) for operand in expression.operands)
    select = expression.of
    if expression.how == "rank" and expression.position:
        return f"{set_text(select)}中{place_text('金额', expression.descending, expression.position)}的"
    if expression.how != "value":
        return set_text(select)
    years = "".join(f"{year}年" for year in select.years)
    owner = "".join([years, *select.departments, *select.units])
    scope = "、".join(select.columns)
    row = "、".join(select.labels[:MOST_NAMED]) or "、".join(select.codes)
    if select.numbering and not row:
        row = f"第{select.numbering}项"
    if not row and select.total:
        row = f"总{select.total}"
    if select.under and row:
        row = f"{select.under[0]}里的{row}"
    pieces = [p for p in (owner, scope, row) if p]
    return "的".join(pieces) or "总预算"
