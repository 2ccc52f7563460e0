"""What the wording of a question tells beside its form.

In: a question. Out: the hints by which its names are bound; and the question without the asides that the reader would take for
names: examples in brackets, what goes without saying.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.binding.slots import Hints
from assistant.binding.things import SUBORDINATE, WITHOUT_BELOW
from assistant.planning.doubts import BOUGHT
from assistant.words.quantities import asked_count

BOTH_HALVES = re.compile(  # a bracket that only says of what all money consists: 全年预算（基本加项目）
    r"[（(](?![^（）()]*(?:各|分别|还是|或))(?:[^（）()]*基本[^（）()]*项目|[^（）()]*项目[^（）()]*基本)[^（）()]*[）)]"
)
BOTH_SCOPES = re.compile(  # each thing in basic and in project expenditure, all together
    r"(?:不分|不管|不论|无论|不区分)[^，。]{0,3}(?:基本|项目)"
    r"|连[^，。]{0,4}(?:基本|日常)[^，。]{0,8}带[^，。]{0,4}项目|连[^，。]{0,4}项目[^，。]{0,8}带[^，。]{0,4}(?:基本|日常)"
    r"|(?:基本|日常)[^，。]{0,8}项目[^，。]{0,6}(?:都算|合并|合起来|一起算|加在一起|合在一起|合起来|都加|都包括|都包含)"
)
# 钱是从哪里来的, in the words that the reader is surest of
WHENCE = re.compile(
    r"(?:^|(?<=[的些这那笔，。]))(?:钱|经费|资金|款项?)(?:都|又|主要)?是?(?:从|打|由)?哪(?:里|儿)?来的?"
)
WHENCE_PLAINLY = "钱从哪儿来"
WHENCE_ALONE = re.compile(rf"\W*(?:那么?)?(?:[这那][些笔]?)?{WHENCE_PLAINLY}[呢啊呀的]*\W*")
OWNED_ALREADY = re.compile(r"账上|现有|已有|原有|存量|手上|占有")
DEEPEST, LARGEST = (
    re.compile(r"细项|最[细末底](?:一?级|层)?的?(?:科目|项)|明细科目"),
    re.compile(r"[几各一二三四五六七八九十]个大类|按大类|哪个?大类"),
)
EXAMPLES = re.compile(  # a bracket that only gives examples: 按大类（一般公共服务、社保这种）
    r"[（(](?:(?:比如|例如|像|譬如)[^（）()]*|[^（）()]*(?:这种|这类|这些|之类的?|等等))[）)]"
)
# What is not left out either: 不光是财政拨的那部分, （不是只算财政拨款）
NOT_ONLY = re.compile(
    r"[，,（(、]\s*不(?:光|仅|单|止|只)(?:仅|单)?(?:是|算|看|含|指)?[^，,。；;？?（）()]{2,14}(?:[）)]|(?=[，,。；;？?]|$))"
    r"|[，,（(、]\s*不(?:是|要)(?:光|仅|单|只)[^，,。；;？?（）()]{2,14}(?:[）)]|(?=[，,。；;？?]|$))"
)
# What goes without saying beside the unit itself: 局机关自己、不带下属单位
ALONE = re.compile(rf"[、，,（(]?\s*也?{WITHOUT_BELOW.pattern}的?[）)]?")
# All of a department, its units with it: （连下属单位）
WITH_BELOW = re.compile(
    rf"[、，,（(]?\s*(?<!不)(?<!没)(?:连|含|包括|包含|带上?|算上|加上)(?:着|同)?(?:{SUBORDINATE})(?:的)?(?:单位|机构)?(?:一起|在内)?[）)]?"
)
EVEN_WITH = re.compile(
    r"[，,]?连(?:着)?(?:基本|日常)[^，。]{0,4}带(?:着|上)?项目(?:支出|经费|上的)?|[，,]?连(?:着)?项目[^，。]{0,4}带(?:着|上)?(?:基本|日常)(?:支出|开支|的)?"
)
IN_NAMES = re.compile(
    r"(?:名称|名字|项目名|名)[里中内上]?.{0,4}(?:带|有|含|写|叫|以|出现|包含)|以[^，。？?]{1,16}(?:结尾|收尾|开头|打头)"
)
IN_TARGETS = re.compile(r"(?:目标|绩效).{0,6}(?:提到|写到|谈到|讲到|说到|含有?|带有?|出现|引用|写着)")
BELOW, OWN = (
    re.compile(rf"(?:{SUBORDINATE})(?:的)?(?:预算)?单位"),
    re.compile(r"本级|本部|机关|全部单位|所有单位|[本我咱](?:局|委|厅|部|院|单位)|局里"),
)
THIS_YEAR, WITH_CARRIED = re.compile(r"[本当]年(?!度?预算)"), re.compile(r"总计")
COUNTING = re.compile(  # things by number, not by money
    r"(?:几|多少|\d+|[一二两三四五六七八九十]+)[辆台套栋间户名人位架艘](?!月|百|千|万|亿)"
    r"|(?:几|多少)个(?!月|百|千|万|亿)|数量|面积|平米|平方|保有量|多大"
)


def says_both_scopes(question: str) -> bool:
    """Whether each thing is meant in basic and in project expenditure, all together."""
    return bool(BOTH_SCOPES.search(question) or BOTH_HALVES.search(question))


def without_asides(question: str) -> str:
    """The question without what narrows nothing that it asks."""
    for aside in (EVEN_WITH, BOTH_HALVES, EXAMPLES, NOT_ONLY, WITH_BELOW):
        question = aside.sub("", question)
    question = WHENCE.sub(WHENCE_PLAINLY, question)
    return ALONE.sub("", question) if OWN.search(question) else question


def asks_only_whence(question: str) -> bool:
    """Whether a question without its asides asks where the money comes from, and names none: 这些钱哪来的."""
    return WHENCE_ALONE.fullmatch(question) is not None


def hints(question: str, both_scopes: bool) -> Hints:
    """What the wording tells beside the form."""
    field: Literal["name", "target"] | None = None
    if IN_NAMES.search(question):
        field = "name"
    elif IN_TARGETS.search(question):
        field = "target"
    below = bool(BELOW.search(question)) and not OWN.search(question)
    bought = bool(BOUGHT.search(question)) and not OWNED_ALREADY.search(question)
    level: Literal["leaf", "class"] | None = None
    if DEEPEST.search(question):
        level = "leaf"
    elif LARGEST.search(question):
        level = "class"
    carried = False if THIS_YEAR.search(question) else True if WITH_CARRIED.search(question) else None
    return Hints(bool(COUNTING.search(question)), field, below, both_scopes, level, bought, carried, question,
                 asked_count(question))  # fmt: skip
