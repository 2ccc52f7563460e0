"""An amount by the month, by the car or by the head, which no table prints: worked out from what the documents count.

In: the words of a question whose figure budgets do not publish. Out: an Expression; None where no average is asked for, or where
nothing that is counted tells by how much to divide.
"""

from __future__ import annotations

import re

from assistant.binding.slots import Bound
from assistant.plan import Combine, Expression, Select
from assistant.planning.asking import OWN_NAME, Asking
from assistant.reader.form import Thing

AVERAGED = re.compile(r"平均|平摊|均摊|分摊|摊[到下]|折合|月均|人均")
BY_MONTH, BY_CAR = re.compile(r"每个?月|月均|平均一个月|一个月"), re.compile(r"[每一]\s*(?:辆|台车|部车)")
BY_VISIT, BY_GROUP = re.compile(r"[每一]个?人次"), re.compile(r"[每一]批次?")
BY_HEAD = re.compile(r"人均|[每一]个?(?:人(?![次民大])|名|位|职工|干部|员工)|人头")
ONLY_COUNT = re.compile(
    r"(?:现有|平均|按|每|一)*(?:\d+|[一二两三四五六七八九十]+)?个?(?:辆|台|部|人次|批次?|人|名|位|职工|干部|员工)(?:公?车)?"
    r"|(?:现有|平均)的?(?:公务?车|车辆?)(?:数量?)?|车辆?数量?|人均|人头|(?:按|现有|实有|在职|在编|在岗)+(?:人员|人数|职工|人)?数?|编制(?:人?数)?|车"
)
STAFF, POSTS = (
    re.compile(r"^(?:年末)?(?:实有|在职|在编|在岗)+(?:人员|职工|人数|干部职工)(?:总数|数)?$"),
    re.compile(r"^(?:人员)?编制(?:总数|数)?$"),
)
HEADCOUNT = "人数"  # the column of a row's own heads


def averaged(ask: Asking, node: Thing) -> Expression | None:
    """公务接待费平均每人次, 奖金平均到每个月, 公车运行费按现有车辆每辆."""
    question = ask.question
    divided = [p for p in (BY_MONTH, BY_CAR, BY_VISIT, BY_GROUP, BY_HEAD) if p.search(question)]
    if not divided or (divided[0] in (BY_MONTH, BY_CAR) and not AVERAGED.search(question)):
        return None  # 每个月支出多少 asks for the months' own figures
    words = [w for w in ask.words(node) if not ONLY_COUNT.fullmatch(w) and not any(p.search(w) for p in divided)]
    bound = ask.binder.thing(words) if words else None
    if not isinstance(bound, Bound) or bound.score < OWN_NAME or not ask.binder.is_money(ask.value(bound)):
        return None
    if divided[0] is BY_MONTH:
        return Combine(how="monthly", operands=[ask.value(bound)])
    count = _count(ask, divided[0], bound.select)
    return Combine(how="each", operands=[ask.value(bound), count]) if count is not None else None


def _count(ask: Asking, divided: re.Pattern[str], money: Select) -> Expression | None:
    """How many there are of what an amount is divided by."""
    if divided is BY_CAR:
        return ask.binder.counted("车辆")
    if divided is BY_HEAD:
        posts = "编制" in ask.question
        own = ask.binder.in_row(money, HEADCOUNT)
        return own or ask.binder.count_called(POSTS if posts else STAFF, ("人", "名"))
    units = ("人次", "人") if divided is BY_VISIT else ("批次", "批")
    return ask.binder.count_beside(money, units)
