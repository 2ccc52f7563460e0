"""What a question that leans on the turns before stands for: prev, pick, others, next.

In: such a node. Out: an Expression or Select of what was spoken of, narrowed by what is said of it now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.binding.slots import Bound, Unbound
from assistant.plan import Combine, Expression, Passage, Reduce, Select, selects_of
from assistant.planning.across import owned, whose, within
from assistant.planning.asking import OWN_NAME, THAT_UNIT, Asking
from assistant.planning.errors import HindranceError, UnclearError
from assistant.reader.form import Node, Thing
from assistant.turns import is_of_budgets, is_place_word
from assistant.words.normal import bare, normal
from assistant.words.quantities import number, quantities

INSIDE = re.compile(r"其中|里面?|当中|之中|(?<!其)它|该|[这那][个家项笔]|占")
# A question with any of these may lean on the turn before; 监测中心那边 and 其他支出 do not.
MAY_LEAN = re.compile(
    r"[呢它该这各又也还再另占剩余刚才]|其(?!他)|中(?!心|央|学|小学|医)|前(?!年)|上(?!级)|去年相?比|(?<!合)同(?!比|时)|[前后]者|^那|那(?![边里儿块])|分别"
)
SO_MANY = re.compile(
    r"(?<!第)(?<!前)(?<!后)(?<![\d一二三四五六七八九十百])(?:([二两三四五六七八九])(?:[项个家笔块样者类]|部分|单位)|([俩仨]))(?!月|多)"
)
SO_MANY_UNITS = re.compile(r"[二两三四五六七八九]个?(?:家|单位|中心)")
THAT_PROJECT = re.compile(r"(?:[这那该]个?|^)(?:项目|专项|工程)[^，。；]{0,8}(?:钱|资金|预算|经费|金额|投入|花)")
EXECUTED = re.compile(r"(?:整个?|项目|资金|预算|总体?|的)*执行率")
RATE_COLUMNS = ("执行率", "预算执行率")
THE_OTHERS = re.compile(r"(?:另外?|其余|其他|其它|剩下|剩余|余下)的?[二两俩三仨四五六七八九几那]*[个家项笔类块样]")
PROJECT_NOUN = re.compile(r"^(?:项目|工程|专项)$")


def is_of_all(subject: Expression | None) -> bool:
    """Whether all that is spent or comes in was spoken of, and no part of it."""
    return isinstance(subject, Reduce) and subject.how == "value" and subject.of == Select(total=subject.of.total)


def last_subject(ask: Asking) -> Expression:
    """What the last answer was about. Raises UnclearError where there was none."""
    subject = ask.turns.subject()
    if subject is None:
        raise UnclearError
    return subject


def previous(ask: Asking, node: Thing) -> Expression:
    """What was spoken of, narrowed by what is said of it now."""
    if stands_alone(ask, node):
        return ask.value(ask.bind(ask.words(node)))
    subject = last_subject(ask)
    amount = money_of_project(ask, selects_of(subject)) if not node.spans else None
    if amount is not None:
        return amount
    if not node.spans:
        told = ask.binder.forms.again_asked(selects_of(subject))
        return ask.value(ask.settled(told)) if told is not None else subject
    return _of_subject(ask, subject, ask.words(node))


def _of_subject(ask: Asking, subject: Expression, words: list[str]) -> Expression:
    """What the words name of that which was spoken of: a place in its list, a cell of its form, a part, or itself narrowed."""
    first, *rest = words
    if is_of_budgets(subject):  # several came first alike: whose is asked for?
        raise UnclearError
    if is_place_word(first):  # 第二个的正常运行率
        chosen = ask.turns.picked(first)
        if chosen is None:
            raise UnclearError
        return Reduce(how="value", of=narrowed(ask, selects_of(chosen)[0], rest)) if rest else chosen
    rate = rate_of_project(ask, selects_of(subject)[0], words)
    if rate is not None:
        return rate
    counted = counted_of_project(ask, selects_of(subject)[0])
    if counted is not None:
        return counted
    units = owner_before(ask)
    if units and all(ask.binder.scope(w) or ask.binder.is_noun(w) for w in words):  # 归谁管 … 它的项目支出
        return Reduce(how="value", of=narrowed(ask, Select(units=units), words))
    told = ask.binder.forms.narrowed(selects_of(subject)[0], words)
    if told is not None:
        return ask.value(ask.settled(told))
    inside = part_named(ask, selects_of(subject)[0], words)
    if inside is not None:
        return inside
    try:
        return Reduce(how="value", of=narrowed(ask, selects_of(subject)[0], words))
    except HindranceError:
        alone = ask.binder.thing(words)
        whose = any(select.units for select in selects_of(subject)) or INSIDE.search(ask.question)
        if whose or not isinstance(alone, Bound) or alone.score < OWN_NAME:
            raise
        return ask.value(ask.settled(alone))  # 养车的运行费, after how many cars there are: no part of them


def stands_alone(ask: Asking, node: Thing) -> bool:
    """Whether a question names a row in full and nothing in it leans: 公积金交多少, after 各单位项目支出谁最多, asks for all of it."""
    words, subject = ask.words(node), ask.turns.subject()
    narrows = subject is None or any(s.columns or s.tables for s in selects_of(subject) if not s.form)
    named = len(words) == 1 and not node.bounds and ask.binder.is_row_name(words[0])
    return narrows and named and not MAY_LEAN.search(ask.question)


def money_of_project(ask: Asking, selects: Sequence[Select]) -> Expression | None:
    """这个专项给了多少钱, after one of its indicators: the project's amount; None where that is not asked for."""
    projects = (
        {name for s in selects for name in ask.binder.projects_of(s)} if THAT_PROJECT.search(ask.question) else set()
    )
    amount = Reduce(how="value", of=Select(universe="projects", labels=sorted(projects)))
    return amount if len(projects) == 1 and ask.binder.gives(amount) else None


def rate_of_project(ask: Asking, select: Select, words: Sequence[str]) -> Expression | None:
    """整个项目的资金执行率, after one of its indicators: of all its money, not of one of its funds."""
    projects = ask.binder.projects_of(select) or (select.labels if select.universe == "projects" else [])
    if len(projects) != 1 or not any(EXECUTED.fullmatch(word) for word in words):
        return None
    for column in RATE_COLUMNS:
        rate = Reduce(how="value", of=Select(universe="projects", labels=projects, columns=[column]))
        if ask.binder.gives(rate):
            return rate
    return None


def counted_of_project(ask: Asking, select: Select) -> Expression | None:
    """要培训多少人次, after a project: the indicator of its form that counts them."""
    of_one = select.universe == "projects" and len(select.labels) == 1 and bool(ask.binder.hints.units)
    told = ask.binder.forms.counted_in(select.labels[0]) if of_one else None
    return ask.value(ask.settled(told)) if told is not None else None


def owner_before(ask: Asking) -> list[str]:
    """The unit that was given as the owner of a project just before."""
    part = ask.turns.last_part()
    units = ask.binder.owners(part.subject) if isinstance(part, Passage) and part.about == "owner" else []
    return units if len(units) == 1 else []


def part_named(ask: Asking, select: Select, words: Sequence[str]) -> Expression | None:
    """The one direct part of a thing whose name has the word: of 三公经费 what has to do with 车."""
    if len(words) != 1 or not ask.binder.may_be_row(words[0]):
        return None
    parts = ask.binder.parts(select) if select.labels else None
    members = ask.binder.members(parts) if parts is not None else []
    fitting = [m for m in members if says(ask, m, words[0])]
    return fitting[0] if len(fitting) == 1 else None


def previous_set(ask: Asking) -> Select:
    """The set that the last answer showed; of one thing its parts."""
    ranked = ranked_before(ask, Thing("prev"))
    if ranked is not None:
        return ranked
    subject = last_subject(ask)
    select = selects_of(subject)[0]
    if isinstance(subject, Reduce) and subject.how != "value":
        if subject.n:
            return select.model_copy(update={"top": subject.n if subject.descending else -subject.n})
        return select
    if isinstance(subject, Reduce) and len(select.labels) > 1 and len(ask.binder.members(select)) > 1:
        return select  # several things, not one that goes by several names
    if select.units and not select.labels:
        return Select(universe="projects", units=select.units, **select.whose())
    of_project = select.universe == "projects" and len(select.labels) == 1  # whose parts are figures of its target
    parts = (ask.turns.last_set() if of_project else None) or ask.binder.parts(select) or ask.turns.last_set()
    if parts is None:
        raise UnclearError
    return parts


def set_before(ask: Asking, node: Thing) -> Select:
    """The set that prev stands for, narrowed by its words and bounds."""
    words = ask.words(node)
    if words and words[-1].endswith("指标"):  # 还有哪些指标, after one of a form
        spoken = selects_of(last_subject(ask))[0]
        of = [spoken.form] if spoken.form else spoken.labels if spoken.universe == "projects" else []
        return ask.rules.bounded(ask, ask.settled(ask.binder.set("indicators", [*of, *words])).select, node.bounds)
    return narrowed_set(ask, previous_set(ask), node)


def narrowed_set(ask: Asking, select: Select, node: Thing) -> Select:
    """A set narrowed by the words and bounds of a node; bounds that leave nothing take the place of those before."""
    if select.universe == "units" and any(PROJECT_NOUN.search(w) for w in ask.words(node)):
        units = [n for s in selects_of(last_subject(ask)) for n in s.units]  # 哪个单位最多 … 其中最大的项目
        return ask.rules.bounded(ask, Select(universe="projects", units=units), node.bounds)
    if node.spans:
        bound = ask.binder.set("projects" if select.universe == "projects" else "items", ask.words(node), select)
        select = ask.settled(bound).select
    bounded = ask.rules.bounded(ask, select, node.bounds)
    if select.where and node.bounds and not ask.binder.members(bounded):  # 刚好100万的, after those over 100万
        bounded = ask.rules.bounded(ask, select.model_copy(update={"where": []}), node.bounds)
    return bounded


def ranked_before(ask: Asking, node: Node) -> Select | None:
    """The whole set in which the last answer found one: 一共多少 after 最大的是哪个."""
    expression = ask.turns.last_expression()
    ranked = isinstance(expression, Reduce) and expression.how == "rank" and bool(expression.position)
    return expression.of if is_plain_prev(node) and ranked else None  # type: ignore[union-attr]


def budgets_before(ask: Asking, node: Node) -> list[Expression]:
    """What the last answer put in order, where that was of several budgets: 那最少的呢, after 哪个部门最多; empty otherwise."""
    plain = isinstance(node, Thing) and node.kind == "prev" and all(map(ask.binder.is_empty, ask.words(node)))
    return ask.turns.ranked_budgets() if plain and not node.bounds else []  # type: ignore[union-attr]


def several_before(ask: Asking, node: Node) -> list[Expression] | None:
    """The members of the last answer, where prev stands for several things that were named one by one."""
    if not (isinstance(node, Thing) and node.kind == "prev" and all(map(ask.binder.is_empty, ask.words(node)))):
        return None
    count = said_count(ask.question)
    if count is not None:
        return ask.turns.so_many(count, of_units=bool(SO_MANY_UNITS.search(ask.question))) or None
    side_by_side = ask.turns.side_by_side()
    if len(side_by_side) > 1:
        return side_by_side
    subject = ask.turns.subject()
    if isinstance(subject, Combine):
        return ask.turns.members()
    if isinstance(subject, Reduce) and subject.how in ("value", "sum"):
        whole = ask.turns.last_expression()
        if isinstance(whole, Combine) and len(whole.operands) == 2:
            return ask.turns.members()
        before = ask.turns.before()
        alike = isinstance(before, Reduce) and before.how == subject.how
        return [before, subject] if before is not None and (alike or subject.how == "value") else None
    return None


def said_count(question: str) -> int | None:
    """How many things 三项总共, 这两家 or 俩加起来 speaks of; None where no number of them is said."""
    found = SO_MANY.search(normal(question))
    said = (found[1] or found[2]) if found else ""
    return int(number(said.replace("俩", "二").replace("仨", "三").replace("两", "二"))) if said else None


def whole_of_subject(ask: Asking, node: Thing) -> Expression:
    """All that the unit has of which was spoken, or its project expenditure where that is named; without a unit all expenditure."""
    select = selects_of(last_subject(ask))[0]
    units = select.units or ask.binder.owners(select.labels)
    whole = Select(units=units) if units else Select(total="支出")
    return Reduce(how="value", of=narrowed(ask, whole, ask.words(node)) if node.spans else whole)


def picked(ask: Asking, node: Thing) -> Expression:
    """The one of what was shown that the words mean, by its place or by its name."""
    words = ask.words(node)
    places = [w for w in words if is_place_word(w)]
    asked = [w for w in words if w not in places and not ask.binder.is_noun(w)]
    found = ask.turns.picked("".join(places or words))
    if found is not None and places and asked:  # 第二个|正常运行率
        return Reduce(how="value", of=narrowed(ask, selects_of(found)[0], asked))
    if found is not None:
        return found
    for members in (ask.turns.members(), ask.turns.shown()):
        fitting = [m for m in members if all(says(ask, m, w) for w in words)]
        if len(fitting) == 1:
            return fitting[0]
    if is_place_word("".join(words)):
        raise UnclearError
    subject = ask.turns.subject()
    if subject is not None and ask.binder.is_unit_word("".join(words)) and selects_of(subject)[-1].labels:
        return Reduce(how="value", of=narrowed(ask, selects_of(subject)[-1], words))  # 局本级的这一项
    return ask.value(ask.bind(words))


def says(ask: Asking, member: Expression, words: str) -> bool:
    """Whether a row or unit of a member has the words in its name."""
    names = [bare(n) for s in selects_of(member) for n in (*s.labels, *s.units)]
    return any(bare(words) in n for n in names)


def rest_of_set(ask: Asking, node: Thing) -> Expression:
    """The members that were not shown; of `next` the place behind the last that was."""
    expression = ask.turns.last_expression()
    if isinstance(expression, Reduce) and expression.how == "rank":
        if node.kind == "next" and expression.position:
            said = [q for q in quantities(normal(ask.question)) if q.kind == "rank" and q.text == "第"]
            place = int(said[0].value) if said else expression.position + 1
            return expression.model_copy(update={"position": place})
        shown = [name for m in ask.turns.members() for s in selects_of(m) for name in (s.labels or s.units)]
        return Reduce(how="list", of=expression.of.model_copy(update={"exclude": [*expression.of.exclude, *shown]}))
    if isinstance(expression, Reduce) and expression.how != "value" and expression.of.exclude:
        return Reduce(how="list", of=expression.of)  # 剩下两项分别是多少, after their sum: the same others
    subject = last_subject(ask)
    select = selects_of(subject)[0]
    peers = ask.binder.peers(select)
    owners = ask.binder.owners(select.labels) if THAT_UNIT.search(ask.question) and not peers.units else []
    if len(owners) == 1:  # 这单位另外还有什么项目
        peers = peers.model_copy(update={"units": owners})
    shown = select.labels or select.units
    return Reduce(how="list", of=peers.model_copy(update={"exclude": [*peers.exclude, *shown]}))


def one_of_members(ask: Asking, words: Sequence[str]) -> Expression | None:
    """我指运维那个: the one of several that were shown whose name has the words."""
    if any(ask.binder.is_one_word(w) for w in words):
        return None
    members = ask.turns.members()
    fitting = [m for m in members if all(says(ask, m, w) for w in words)]
    return fitting[0] if len(fitting) == 1 < len(members) else None


def narrowed(ask: Asking, select: Select, words: Sequence[str]) -> Select:
    """What was spoken of, narrowed or changed by the words. Raises HindranceError where the documents have no such."""
    budget = whose(ask, select)
    if budget is not None:
        return owned(narrowed(within(ask, budget), select, words), budget)
    elsewhere = ask.own is not None and ask.turns.was_of_others(ask.own.documents)
    if elsewhere and len(words) == len(select.labels) == 1 and select.universe == "items" and ask.binder.holds(select):
        said = bare(words[0])
        if len(said) > 1 and said in bare(select.labels[0]) and not ask.binder.is_row_name(words[0]):
            return select  # 同年预算打算收多少捐赠, after 捐赠收入: the same row
    bound = ask.binder.narrowed(select, words)
    units = [n for w in words if ask.binder.is_unit_word(w) for n in ask.binder.names(w, "units")]
    if (
        isinstance(bound, Unbound) and len(units) == 1
    ):  # the next turn may lean on this unit, though it has no such amount
        wanted = Reduce(how="value", of=select.model_copy(update={"units": units}))
        raise HindranceError(bound.reason, bound.words, bound.near, wanted)
    found = ask.settled(bound).select
    if select.units and not found.units and THAT_UNIT.search(ask.question):  # 这家单位的工资福利: never of all units
        own = found.model_copy(update={"units": select.units, "tables": [], "columns": select.columns})
        own = own if ask.binder.holds(own) else own.model_copy(update={"columns": []})
        if not ask.binder.holds(own):
            raise HindranceError("not_found", "、".join(words))
        return own
    return found


def others(ask: Asking, node: Node) -> Expression | None:
    """另外两类: what is left of the set that was spoken of; None where no others are."""
    said = isinstance(node, Thing) and node.kind == "others"
    return (
        rest_of_set(ask, Thing("others")) if said or (is_plain_prev(node) and THE_OTHERS.search(ask.question)) else None
    )


def is_plain_prev(node: Node) -> bool:
    """Whether a node stands for what was spoken of before, and nothing more is said of it."""
    return isinstance(node, Thing) and node.kind == "prev" and not node.spans and not node.bounds


EXPRESSIONS: dict[str, Callable[[Asking, Thing], Expression]] = {
    "prev": previous, "pick": picked, "whole": whole_of_subject, "others": rest_of_set, "next": rest_of_set,
}  # fmt: skip
