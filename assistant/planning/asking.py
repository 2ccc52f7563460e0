"""One question while its form becomes a plan: its words, bound in the documents.

In: nodes of a form. Out: Expressions and Selects. What a call or a turn before stands for is told by the rules, which the other
modules of this package give; so they may call one another through here, and none needs to know all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.binding.binder import Binder
from assistant.binding.slots import Ambiguous, Bound, Side, Unbound
from assistant.budgets.scoping import Budget
from assistant.plan import Calculate, Check, Combine, Expression, Reduce, Select
from assistant.planning.errors import HindranceError, UnclearError
from assistant.reader.form import Bound as SetBound
from assistant.reader.form import Call, Node, Span, Thing
from assistant.turns import SAME_ROW, Turns, is_place_word
from assistant.words.dictionary import tags
from assistant.words.normal import normal
from assistant.words.quantities import number
from assistant.words.sure_names import CLAUSE_END

SETS = ("projects", "units", "departments", "items", "indicators", "years")
NAMED = ("thing", "total", "income")
SIDES: dict[str, Side] = {"total": "支出", "income": "收入"}
LISTING = ("all", "which", "sort", "sortup")
WORKED_OUT = re.compile(
    r"[倒反推]推|推[算出回]|[倒反]算|算[出回]|应当?(?:该)?[是为]|照.{0,5}算|减[去掉回]|扣[掉除去]|加回|还原|算[给一算]"
)  # asks to work it out
CODE = re.compile(r"\d{3}类?\d{2}款?(?:\d{2}项?)?")  # 208类05款99项
OWN_NAME = 0.9  # the score of what is named by its own name
MOST_CUT_OFF = 2  # characters by which a stretch may be short of a word
THAT_UNIT = re.compile(r"(?:该|此|[这那]个?家?)(?:中心|单位|局|院|馆|站|所|校|家|机构)")
RATE_WORDS = re.compile(r"(?:同比)?增长率|增幅|增速|增长幅度|涨幅|降幅|下降率|变动率|同比增长")
ONE_OF = re.compile(r"谁|哪一?[个家项笔样块]|是哪位|何者")
FIRST_SO_MANY = re.compile(r"(?:前|后|头|末|倒数|最.{1,4}|哪|[Tt][Oo][Pp]\s*)$")
ALL_TOGETHER = re.compile(r"一共|总共|合计|加起来|加在一起|全部|都加")
UNITS = {"@元": "元", "@千元": "千元", "@万元": "万元", "@亿元": "亿元"}


@dataclass(frozen=True)
class Across:
    """`asked`: the budgets that a question names, or all; `known`: all in scope; `binder_of` binds in one of them."""

    asked: tuple[Budget, ...]
    known: tuple[Budget, ...]
    named: bool
    binder_of: Callable[[Budget], Binder]

    @property
    def own(self) -> Budget | None:
        """The one budget that a question is about."""
        return self.asked[0] if len(self.asked) == 1 else None

    def year_before(self, budget: Budget) -> Budget | None:
        """The same department's budget, or final accounts, of the year before."""
        same = (b for b in self.known if (b.department, b.kind) == (budget.department, budget.kind))
        return next((b for b in same if b.year == budget.year - 1), None)


@dataclass(frozen=True)
class Rules:
    """How calls are computed, what the words for turns before stand for, which set prev is, a set within its bounds, and what
    a node that names one of several budgets is the value of."""

    computed: Mapping[str, Callable[[Asking, Call], Expression]]
    before: Mapping[str, Callable[[Asking, Thing], Expression]]
    set_before: Callable[[Asking, Thing], Select]
    bounded: Callable[[Asking, Select, Sequence[SetBound]], Select]
    of_one_budget: Callable[[Asking, Node], Expression | None]


@dataclass
class Asking:
    """A question with what its names are bound by. `score` and `taken` gather how sure the bindings are, and slips."""

    question: str
    binder: Binder
    turns: Turns
    rules: Rules
    score: float = 1.0
    taken: list[tuple[str, str]] = field(default_factory=list)
    described: dict[tuple[str, ...], list[str]] = field(
        default_factory=dict
    )  # the projects that words were found to mean
    shared: frozenset[Span] = frozenset()  # the stretches that several things have in common
    across: Across | None = None  # where the store has several budgets
    leans: bool = False  # something was told by the turns before, though no word says so
    own: Budget | None = None  # the budget in whose words everything is bound; None where there are several

    @property
    def asks_several(self) -> bool:
        """Whether things of several budgets may be meant."""
        return self.across is not None and self.own is None

    def text(self, span: Span) -> str:
        """A stretch as it stands in the question."""
        text = self.question[span.start : span.end]
        return text if is_balanced(text) else text.strip("（）()")  # cut out of a bracket: 财政拨款）

    def words(self, thing: Thing) -> list[str]:
        """The stretches of a thing; those that together are one known word (结转|下年) as that word."""
        words: list[str] = []
        start = end = -1
        for span in self.whole_words(thing.spans):
            gap = self.question[end : span.start] if words else None
            joined = self.question[start : span.end]
            if gap in ("", "的") and self.binder.is_one_word(joined):
                words[-1] = joined
            elif gap == "" and self.text(span) == "项目":
                words[-1] = joined  # said as a name: 无人机采购项目
            elif words and gap in ("类", "款", "") and CODE.fullmatch(normal(joined)):
                words[-1] = "".join(re.findall(r"\d", normal(joined)))
            else:
                words.append(self.text(span))
                start = span.start
            end = span.end
        return [self._that_unit(word) for word in words]

    def _that_unit(self, word: str) -> str:
        """该中心, 这家单位: the unit that was spoken of last."""
        return (self.turns.last_unit() or word) if THAT_UNIT.fullmatch(word) else word

    def whole_words(self, spans: Sequence[Span]) -> list[Span]:
        """The stretches, one that is cut out of a longer known word as that word: 公车 of 买公车."""
        known = [Span(a, b) for a, b in self.binder.known(self.question) if is_balanced(self.question[a:b])]
        found = []
        for span in spans:
            if span in self.shared:  # 公务用车 of 公务用车购置费比运行维护费
                found.append(span)
                continue
            longer = next((k for k in known if k.start <= span.start and span.end <= k.end and k != span
                           and not CLAUSE_END.search(self.question[k.start : k.end])), None)  # fmt: skip
            others = [s for s in spans if s != span]
            inside = longer is not None and not any(s.start < longer.end and longer.start < s.end for s in others)
            found.append(longer if longer is not None and inside else self._grown(span, spans))
        return found

    def _grown(self, span: Span, spans: Sequence[Span]) -> Span:
        """A stretch that means nothing, as the known word that it was cut out of, if there is one."""
        text = self.text(span)
        if self.binder.is_empty(text) or (self.binder.means_something(text) and not self._is_slip_in_word(span)):
            return span
        for more in range(1, MOST_CUT_OFF + 1):
            for start, end in ((span.start, span.end + more), (span.start - more, span.end)):
                overlaps = any(s != span and s.start < end and start < s.end for s in spans)
                if (
                    start >= 0
                    and end <= len(self.question)
                    and self.question[start:end].isalnum()
                    and not overlaps
                    and self.binder.is_one_word(self.question[start:end])
                ):
                    return Span(start, end)
        return self._whole_tokens(span, spans)

    def _is_slip_in_word(self, span: Span) -> bool:
        """Whether a stretch begins inside a word, and is only like a name: 支预算 of 收支预算."""
        inside = any(a < span.start < b < span.end for a, b, _ in tags(self.question))
        return inside and self.binder.is_slip(self.text(span))

    def _whole_tokens(self, span: Span, spans: Sequence[Span]) -> Span:
        """A stretch that means nothing and begins or ends inside a word, with the whole word: 审专家 of 评审专家."""
        if re.search(r"\d", self.text(span)):
            return span
        words = [(start, end) for start, end, _ in tags(self.question)]
        start = next((a for a, b in words if a < span.start < b), span.start)
        end = next((b for a, b in words if a < span.end < b), span.end)
        overlaps = any(s != span and s.start < end and start < s.end for s in spans)
        is_form_word = self.binder.forms.words.is_form_word
        cut = is_form_word(self.text(span)) and not is_form_word(self.question[start:end])  # 自评 of 自评得
        return span if overlaps or cut else Span(start, end)

    def bind(self, words: Sequence[str], total: Side | None = None) -> Bound:
        """What words name; `total`: the side whose total is meant where they name no row. Raises as `settled` does."""
        found = next((names for said, names in self.described.items() if said and set(said) <= set(words)), None)
        if found:  # 哪个项目管路灯，路灯多少钱
            return Bound(Select(universe="projects", labels=found))
        bound = self.binder.thing(words, total)
        if isinstance(bound, Ambiguous):  # 运维那个, after a list that has just one of them
            shown = [m for m in self.turns.members() if isinstance(m, Reduce) and set(m.of.labels) & set(bound.names)]
            if len(shown) == 1 and isinstance(shown[0], Reduce):
                return Bound(shown[0].of)
        return self.settled(bound)

    def settled(self, bound: Bound | Unbound | Ambiguous) -> Bound:
        """The binding, with its doubts noted. Raises HindranceError or UnclearError where there is none."""
        if isinstance(bound, Unbound):
            raise HindranceError(bound.reason, bound.words, bound.near)
        if isinstance(bound, Ambiguous):
            raise UnclearError(bound.words, [self.with_name(bound.words, name) for name in bound.names])
        self.score = min(self.score, bound.score)
        self.taken += bound.taken
        return bound

    def with_name(self, words: str, name: str) -> str:
        """The question with a full name where the words stand; where they stand apart, from the first to the last."""
        if words in self.question:
            return self.question.replace(words, name)
        pieces = words.split("、")
        start, end = self.question.find(pieces[0]), self.question.find(pieces[-1]) + len(pieces[-1])
        return self.question[:start] + name + self.question[end:] if 0 <= start < end else f"{name}预算多少"

    def value(self, bound: Bound) -> Expression:
        """The figure of what is bound; a list where the words name several things at once."""
        one = Reduce(how="value", of=bound.select)
        return (
            Combine(how="list", operands=[one, *(Reduce(how="value", of=s) for s in bound.also)]) if bound.also else one
        )

    def expression(self, node: Node) -> Expression:
        """What a thing or call is the value of."""
        found = self.rules.of_one_budget(self, node) if self.asks_several else None
        if found is not None:
            return found
        if isinstance(node, Call):
            rule = self.rules.computed.get(node.name)
            if rule is None:
                raise UnclearError
            return rule(self, node)
        assert isinstance(node, Thing)
        if node.kind in self.rules.before:
            return self.rules.before[node.kind](self, node)
        if node.kind == "thing" and len(node.spans) > 1 and self.turns.any and is_place_word(self.words(node)[0]):
            return self.rules.before["pick"](self, node)  # 排第二的那个项目，运行率多少
        if node.kind in SETS:
            return Reduce(how="sum", of=self.select(node))
        if node.kind not in NAMED:
            raise UnclearError("".join(self.words(node)))
        return self._against_last_year(node) or self._of_subject(node) or self._named(node)

    def _against_last_year(self, node: Thing) -> Expression | None:
        """What 去年, or a word for growth, among the stretches of a thing asks for."""
        before = [s for s in node.spans if self.binder.is_last_year(self.text(s))]
        named_so = any(not re.search(r"\d", self.text(s)) for s in before)  # a year by its number is another document's
        if named_so or (before and WORKED_OUT.search(self.question)):
            return self.rules.computed["prev_year"](self, Call("prev_year", (node,)))
        rates = [s for s in node.spans if RATE_WORDS.fullmatch(self.text(s))]
        rate = next((s for s in rates if not self.binder.means_something(self.text(s))), None)
        if rate is None or len(node.spans) == 1:
            return None
        grown = Thing(node.kind, tuple(s for s in node.spans if s != rate))  # 机关运行经费的增长率
        return self.rules.computed["growth"](self, Call("growth", (grown,)))

    def _of_subject(self, node: Thing) -> Expression | None:
        """What a thing is of what was spoken of before: all of which that is a part, or the same row elsewhere."""
        if any(b.kind == "[of" for b in node.bounds):
            return self.rules.before["whole"](self, node)
        subject = self.turns.subject() if SAME_ROW.search(self.question) else None
        if not isinstance(subject, Reduce) or not subject.of.labels or not node.spans:
            return None
        again = self.binder.narrowed(subject.of, self.words(node))  # 基本支出那边同一科目
        return self.value(self.settled(again)) if isinstance(again, Bound) else None

    def _named(self, node: Thing) -> Expression:
        """What is called as a thing is, in the documents."""
        side = SIDES.get(node.kind)
        words = self.words(self._without_lent_row(node))
        listed = self.binder.lists.rows(words) if words and ALL_TOGETHER.search(self.question) else None
        if listed is not None and isinstance(self.binder.thing(words, side), Unbound):
            return Reduce(how="sum", of=listed)  # 重点任务一共投多少
        return self.value(self.bind(words, side))

    def _without_lent_row(self, node: Thing) -> Thing:
        """甲费的预算是乙费的几倍: the second is 乙费, and no 乙费 of 甲费, where the form lends it the row of the first."""
        lent = [s for s in node.spans if s in self.shared and self.binder.is_row_name(self.text(s))]
        own = [s for s in node.spans if s not in self.shared and self.binder.is_row_name(self.text(s))]
        if not lent or not own or isinstance(self.binder.thing(self.words(node)), Bound):
            return node
        return Thing(node.kind, tuple(s for s in node.spans if s not in lent), node.bounds)

    def select(self, node: Node) -> Select:
        """The Select of a set; of a thing its parts; of a ranking its top."""
        if isinstance(node, Call) and node.name in ("top", "bottom"):
            select = self.select(node.args[0])
            n = self.first_so_many(node)
            return select.model_copy(update={"top": n if node.name == "top" else -n})
        if isinstance(node, Call) and node.name in LISTING and len(node.args) == 1:
            return self.select(node.args[0])
        if isinstance(node, Thing) and node.kind == "prev":
            return self.rules.set_before(self, node)
        if isinstance(node, Thing) and node.kind in (*SETS, "thing"):
            kind = node.kind if node.kind in SETS else "items"
            words = self.words(node)
            select = self.settled(self.binder.set(kind, words)).select
            if select.universe == "projects" and len(select.labels) == 1:
                self.described[tuple(words)] = select.labels
            return self.rules.bounded(self, select, node.bounds)
        raise UnclearError

    def how_many(self, node: Node) -> int:
        """How many: 三, 前5, 仨."""
        text = normal(self.text(node)) if isinstance(node, Span) else ""
        text = text.replace("仨", "三").replace("俩", "两")
        digits = re.search(r"\d+|[一二三四五六七八九十百两]+", text)
        try:
            return max(1, int(number(digits[0]))) if digits else 1
        except ValueError:
            return 1

    def first_so_many(self, call: Call) -> int:
        """How many a ranking is to give."""
        said = call.args[1] if len(call.args) > 1 else None
        return self.how_many(said) if isinstance(said, Span) and not self._counts_all(said) else 1

    def _counts_all(self, span: Span) -> bool:
        """Whether a number tells how many there are, of which one is asked: 三家单位谁最小."""
        before, behind = self.question[: span.start], self.question[span.end :]
        return (
            bool(ONE_OF.search(self.question))
            and not FIRST_SO_MANY.search(before)
            and not re.match(r".{0,2}最", behind)
        )

    def is_set(self, node: Node) -> bool:
        """Whether a node stands for members, of which none alone is meant."""
        if isinstance(node, Call):
            return node.name in ("top", "bottom", *LISTING)
        return isinstance(node, Thing) and (node.kind in SETS or node.kind == "prev")


def is_balanced(text: str) -> bool:
    """Whether no bracket opens or closes inside alone: 公车（购置 is no word."""
    return len(re.findall(r"[（(]", text)) == len(re.findall(r"[）)]", text))


def calculation(expression: Expression | Check, flags: set[str], names_only: bool = False) -> Calculate:
    """The part that gives an expression, in the unit and with the additions that the flags ask for."""
    unit = next((UNITS[f] for f in flags if f in UNITS), None)
    decimals = next((int(f[1:]) for f in flags if f[1:].isdigit()), None)
    return Calculate(expression=expression, unit=unit, decimals=decimals, names_only=names_only,
                     with_owner="@owner" in flags, with_code="@code" in flags)  # fmt: skip
