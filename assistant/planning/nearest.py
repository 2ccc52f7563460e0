"""What a budget has of a detail that it does not publish.

In: the words of a question by the month, by head or so far. Out: the same for the whole year, to be said beside the refusal; None
where a word is left that is neither such a detail nor a name of the documents, since the figure would be of another thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding.slots import Bound
from assistant.plan import Calculate, Reduce
from assistant.planning.asking import OWN_NAME, Asking, calculation

YEAR = r"(?:(?:20)?\d\d年|[今本当]年)?"
PART_OF_YEAR = re.compile(
    rf"^{YEAR}(?:\d{{1,2}}|[一二三四五六七八九十]+)月份?$|^{YEAR}第?[一二三四1-4]季度?$|^{YEAR}[上下前后]半年$"
)
DETAIL = re.compile(
    rf"^{YEAR}(?:(?:\d{{1,2}}|[一二三四五六七八九十两几上下每个这本]+)个?(?:月|季度|周|天|日|号|小时).{{0,2}}"
    r"|第?[一二三四1-4]季度?|[上下前后]半年|月均|日均|人均|每.{1,4}|平均.{0,4}|单价|均价"
    r"|截[至止到].*|(?:到)?(?:目前|现在|如今|至今)(?:为止)?|已经?.{0,4}|实际.{0,4}|执行.{0,3}|进度|完成.{0,3}|(?:支付|花|用|交|发|付)[了掉出]?)$"
)


def whole_year(ask: Asking, words: Sequence[str]) -> Calculate | None:
    """What is named beside such a detail, for the whole year: one amount of money that the documents have."""
    named = [word for word in words if not DETAIL.match(word)]
    bound = ask.binder.thing(named) if named and len(named) < len(words) else None
    if not isinstance(bound, Bound) or bound.score < OWN_NAME or bound.projects_found:
        return None
    value = ask.value(bound)
    one = isinstance(value, Reduce) and value.how == "value" and ask.binder.is_money(value) and ask.binder.gives(value)
    return calculation(value, set()) if one else None
