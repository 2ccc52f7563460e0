"""The plan: what a question asks, as a small typed tree over a closed set of nodes.

It is what the local planner writes, what a language model may fill by its JSON schema, what a client sends back with the
next question, and what the lookup executes. Names in it are the documents' own labels; no number in it is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ReasonCode = Literal[
    "not_found", "other_year", "other_department", "no_amount", "not_public", "out_of_scope", "unsafe", "empty"
]
Universe = Literal["items", "projects", "units"]
Classification = Literal["functional", "economic", "three_public", "summary"]


class Node(BaseModel):
    """What all of a plan is made of: no field that is not declared."""

    model_config = ConfigDict(extra="forbid")


class Condition(Node):
    """A bound on a value, in its own unit."""

    operator: Literal["gt", "ge", "lt", "le", "eq", "about", "ne"]
    amount: Decimal = Decimal(0)
    unit: str | None = None
    of_share: bool = Field(False, description="the bound is on the member's share of the set, in per cent")
    than_mean: bool = Field(False, description="the bound is the mean of the set")
    than: Expression | None = Field(None, description="the bound is what this gives")


class Select(Node):
    """Which cells. Lists that are empty do not restrict; without `columns` the total column is meant."""

    node: Literal["select"] = "select"
    universe: Universe = "items"
    labels: list[str] = Field(default_factory=list, description="row labels as the documents name them")
    codes: list[str] = Field(default_factory=list, description="classification codes")
    numbering: str | None = Field(None, description="the printed number of a row: 五")
    under: list[str] = Field(default_factory=list, description="only rows below these labels")
    level: int | None = Field(None, description="1 类, 2 款, 3 项")
    classification: Classification | None = None
    tables: list[str] = Field(default_factory=list, description="table kinds")
    not_in: list[str] = Field(
        default_factory=list, description="table kinds left out: of income, where spending is asked"
    )
    titles: list[str] = Field(default_factory=list, description="titles, where tables of one kind differ by them")
    columns: list[str] = Field(default_factory=list, description="column names or scopes: 基本支出, 一般公共预算")
    units: list[str] = Field(default_factory=list, description="units of organisation (资金使用单位)")
    total: Literal["收入", "支出"] | None = Field(None, description="the total row of a side")
    carried: bool | None = Field(
        None,
        description="of a total: with what is carried over from and to other years (总计), or without it (本年…合计)",
    )
    side: Literal["收入", "支出"] | None = Field(None, description="only rows of a side of a two-sided table")
    form: str | None = Field(None, description="only cells of the performance form that is about this")
    short_of: str | None = Field(
        None, description="only rows whose value is less than in this column: 得分 less than 分值"
    )
    measure: str | None = Field(None, description="for figures of prose: 比上年增减 or 比上年增长率")
    exclude: list[str] = Field(default_factory=list, description="labels left out")
    where: list[Condition] = Field(default_factory=list)
    without_target: bool = Field(False, description="only projects that state no performance target")
    with_target: bool = Field(False, description="only projects that state a performance target")
    nth: int | None = Field(None, description="only the nth in the order of the list")
    top: int | None = Field(None, description="only the n largest (negative: smallest) of what the rest selects")
    years: list[int] = Field(default_factory=list)
    departments: list[str] = Field(default_factory=list)
    kinds: list[str] = Field(
        default_factory=list,
        description="预算, 决算 or 绩效: of the years and departments, whatever else the question is about",
    )

    def whose(self) -> dict[str, list]:
        """The fields that tell whose budget is meant, for another select over the same."""
        return {"years": self.years, "departments": self.departments, "kinds": self.kinds}


class Reduce(Node):
    """What to do with the cells of a select. `n` and `position` go with a ranking: the top n, or the nth alone."""

    node: Literal["reduce"] = "reduce"
    how: Literal["value", "list", "count", "sum", "mean", "rank"]
    of: Select
    descending: bool = True
    n: int | None = None
    position: int | None = None


class Combine(Node):
    """Arithmetic over two or more operands, each one number. `previous` is an amount without its change: the year before; `monthly`
    is one amount by twelve, `each` an amount by a number of things."""

    node: Literal["combine"] = "combine"
    how: Literal[
        "difference",
        "ratio",
        "share",
        "sum",
        "list",
        "greatest",
        "least",
        "previous",
        "rest",
        "excess",
        "mean",
        "descending",
        "ascending",
        "monthly",
        "each",
    ]
    operands: list[Expression]
    n: int | None = Field(None, description="of what is put in order, only the first n")


class Placed(Node):
    """Which place a thing takes among a set, the largest first."""

    node: Literal["placed"] = "placed"
    thing: Reduce
    among: Select


class Check(Node):
    """A statement to be held against the document: `left` stands in `relation` to `right` or to the claimed amount."""

    node: Literal["check"] = "check"
    left: Expression
    relation: Literal["gt", "ge", "lt", "le", "eq", "about", "ne", "exists", "agree", "rises", "falls", "same"]
    right: Expression | None = None
    claim: Condition | None = None
    negated: bool = Field(False, description="the asker denies it: 没有安排…")
    only: bool = Field(False, description="the claimed amount is said to be all there is")
    also: list[Check] = Field(default_factory=list, description="further statements that must hold too")


Expression = Annotated[Reduce | Combine | Placed, Field(discriminator="node")]


class Calculate(Node):
    """An answer that is numbers. `unit` is the unit of money asked for; `taken` says which words were read as what."""

    part: Literal["calculate"] = "calculate"
    expression: Annotated[Reduce | Combine | Placed | Check, Field(discriminator="node")]
    unit: str | None = None
    decimals: int | None = Field(None, description="rounded half up to so many decimals, where the asker wants that")
    names_only: bool = Field(False, description="projects: which ones was asked, not how much")
    with_code: bool = Field(False, description="say the classification codes of the rows too")
    with_table: bool = Field(False, description="say in which table the figures stand")
    with_owner: bool = Field(False, description="projects: say the unit they belong to")


class Define(Node):
    """Terms whose definitions are quoted."""

    part: Literal["define"] = "define"
    terms: list[str]


class Passage(Node):
    """A quoted passage: `about` says of what, `subject` of whom, `query` is what is searched for."""

    part: Literal["passage"] = "passage"
    about: Literal[
        "duty",
        "structure",
        "subordinates",
        "reason",
        "target",
        "owner",
        "note",
        "explain",
        "search",
        "difference",
        "form",
    ]
    subject: list[str] = Field(default_factory=list)
    query: str = ""
    tables: list[str] = Field(default_factory=list, description="note: the kinds of table whose notes are asked for")
    claim: list[str] = Field(default_factory=list, description="owner: the units that the asker takes it to belong to")
    of: Reduce | None = Field(None, description="the projects are those that this finds; form: its cells")
    projects: list[str] = Field(
        default_factory=list, description="search: whose targets may say it, where nothing else does"
    )
    things: list[list[str]] = Field(default_factory=list, description="what it must speak of, with other names for it")
    acts: list[list[str]] = Field(default_factory=list, description="what is done, which may be said otherwise")
    premise: Check | None = Field(None, description="what the question takes for granted; said where it does not hold")


class Clarify(Node):
    """A question back. Choices are whole questions."""

    part: Literal["clarify"] = "clarify"
    text: str
    choices: list[str]
    intended: Calculate | Passage | Define | None = Field(
        None, description="the likeliest reading, on which the next turn may lean"
    )


class Refuse(Node):
    """Nothing is answered: why, and what there is instead."""

    part: Literal["refuse"] = "refuse"
    reason: ReasonCode
    detail: str = ""
    suggestions: list[str] = Field(default_factory=list)
    intended: Calculate | None = Field(None, description="what would be calculated if the documents held it")
    nearest: Calculate | None = Field(None, description="what the documents have of it, said beside the refusal")


class Say(Node):
    """A greeting, thanks, or what the program can do."""

    part: Literal["say"] = "say"
    wording: str


Part = Annotated[Calculate | Define | Passage | Clarify | Refuse | Say, Field(discriminator="part")]


class Plan(Node):
    """All parts of a question, with how well they explain it (0 to 1) and what was read as what."""

    parts: list[Part]
    confidence: float = 1.0
    signs: dict[str, float] = Field(default_factory=dict, description="what the confidence rests on")
    leans: bool = Field(False, description="what is asked is told by the turns before")
    taken: list[str] = Field(default_factory=list, description="slips of the pen and how they were read")
    form: str = Field("", description="the form that the question was read as (docs/forms.md)")
    documents: list[str] = Field(default_factory=list, description="ids of the documents asked; empty: all of them")
    ranked: list[Part] = Field(
        default_factory=list,
        description="where this is of the first of very many budgets: how some of them were ranked",
    )


Condition.model_rebuild()
Select.model_rebuild()
Reduce.model_rebuild()
Combine.model_rebuild()
Placed.model_rebuild()
Check.model_rebuild()
Passage.model_rebuild()
Calculate.model_rebuild()
Refuse.model_rebuild()
Clarify.model_rebuild()


def selects_of(expression: Expression | Check) -> list[Select]:
    """All selects of an expression, left to right."""
    if isinstance(expression, Reduce):
        return [expression.of]
    if isinstance(expression, Placed):
        return [expression.thing.of, expression.among]
    if isinstance(expression, Check):
        right = selects_of(expression.right) if expression.right is not None else []
        return [*selects_of(expression.left), *right, *(s for other in expression.also for s in selects_of(other))]
    return [select for operand in expression.operands for select in selects_of(operand)]


def with_selects(expression: Expression | Check, change: Callable[[Select], Select]) -> Any:
    """The same expression with every select changed."""
    if isinstance(expression, Reduce):
        return expression.model_copy(update={"of": change(expression.of)})
    if isinstance(expression, Placed):
        thing = with_selects(expression.thing, change)
        return expression.model_copy(update={"thing": thing, "among": change(expression.among)})
    if isinstance(expression, Combine):
        return expression.model_copy(update={"operands": [with_selects(o, change) for o in expression.operands]})
    right = with_selects(expression.right, change) if expression.right is not None else None
    also = [with_selects(other, change) for other in expression.also]
    return expression.model_copy(update={"left": with_selects(expression.left, change), "right": right, "also": also})


def names_of(part: Part) -> set[str]:
    """The names of the documents that a part speaks of: labels, units, columns, projects, terms."""
    if isinstance(part, Define):
        return set(part.terms)
    if isinstance(part, Passage):
        return {*part.subject, *part.claim, *(name for names in part.things for name in names)}
    if not isinstance(part, Calculate):
        return set()
    selects = selects_of(part.expression)
    return {
        name
        for s in selects
        for name in (*s.labels, *s.units, *s.columns, *s.under, *s.departments, *s.exclude, *s.tables)
    }
