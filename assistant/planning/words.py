"""Questions that are answered with the document's words: goals, owners, definitions, duties, reasons, notes.

In: a call. Out: parts that quote, with the figures that go with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant.binding.slots import Bound
from assistant.plan import Combine, Define, Part, Passage, Reduce, Refuse, Say, Select, selects_of
from assistant.planning.asking import Asking, calculation
from assistant.planning.before import PROJECT_NOUN, last_subject
from assistant.planning.changes import named_now
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.members import asked
from assistant.planning.statements import moved
from assistant.reader.form import Call, Node, Span, Thing, nodes
from assistant.turns import is_place_word

OPEN = re.compile(r"还是|有没有变|变没变")  # 多了还是少了，为什么: nothing is supposed
GIVEN_TO = re.compile(r"[给归]|属于|由.{1,10}(?:用|管|负责|实施)")
TARGET_ASKED = re.compile(r"绩效|目标")  # what a withheld project's target says instead may be quoted
MANAGED = re.compile(r"管|负责|承担|牵头|主办|经办")
OWNER_WORD = re.compile(r"(?:资金)?(?:使用|承担|实施|牵头|主管|归口|负责)的?(?:单位|部门)")
OWNER_FIELD = re.compile(r"主管部门|实施单位|实施部门|联系人")
DIVISIONS = re.compile(r"(?:内设|职能|现有|机关|^)(?:机构|处室|科室|股室)$")
NAMES_ASKED = re.compile(r"叫什么|叫啥|哪些|哪[几两三四五六七八九十]|名字|名称|分别是|都是|有啥")  # beside how many
SURELY = 0.75  # of a project that is named among other words


def project_names(ask: Asking, words: Sequence[str]) -> list[str]:
    """The projects that words name. Raises HindranceError or UnclearError where they name none, or may name several."""
    bound = ask.binder.project(words)
    if not isinstance(bound, Bound):  # 新买的公车, which a row names: the project that is called like the row
        row = ask.binder.thing(words)
        labels = row.select.labels if isinstance(row, Bound) and row.select.universe == "items" else []
        called = ask.binder.project(labels[:1]) if labels else bound
        bound = called if isinstance(called, Bound) else bound
    return ask.settled(bound).select.labels


def named_projects(ask: Asking, node: Node) -> tuple[list[str], Reduce | None]:
    """The projects that a text question is about: by name, or those that an expression gives."""
    if isinstance(node, Thing) and node.kind == "thing":
        return project_names(ask, ask.words(node)), None
    if isinstance(node, Thing) and node.kind in ("prev", "pick"):
        expression = ask.expression(node)
    else:
        expression = asked(ask, node) if isinstance(node, Call) else Reduce(how="list", of=ask.select(node))
    select = selects_of(expression)[0]
    of_indicator = ask.binder.projects_of(select)
    if of_indicator:
        return of_indicator, None
    if select.universe == "projects" and select.labels and not select.top:
        return ask.binder.owned(select.labels, select.units), None
    return [], expression if isinstance(expression, Reduce) else None


def goal(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """What a project is to achieve, as its target says; an indicator that is named by its figure."""
    node = call.args[0]
    if isinstance(node, Thing) and node.kind == "thing" and len(node.spans) > 1:
        indicator = ask.binder.indicator(ask.words(node))
        if indicator is not None:  # 机房运维项目|正常运行率
            return [calculation(ask.value(indicator), flags)]
    if isinstance(node, Thing) and node.kind == "prev" and not node.spans:
        aim = ask.binder.forms.narrowed(selects_of(last_subject(ask))[0], ["目标值"])
        if aim is not None:  # 目标呢, after what was reached
            return [calculation(ask.value(aim), flags)]
    try:
        names, of = named_projects(ask, call.args[0])
    except (HindranceError, UnclearError):
        names, of = _surely_named(ask, call.args[0]), None
    if any(ask.binder.is_classified(name) for name in names) and not TARGET_ASKED.search(ask.question):
        return [Refuse(reason="not_public", detail=names[0])]
    if not names and of is None:
        return [search(ask, call.args[0])]
    return [Passage(about="target", subject=names, query=ask.question, of=of)]


def _surely_named(ask: Asking, node: Node) -> list[str]:
    """The project of which one of the stretches is a sure name, whatever else is said of it; its words can be quoted in full."""
    for word in sorted(ask.words(node) if isinstance(node, Thing) else (), key=len, reverse=True):
        bound = ask.binder.project([word])
        if isinstance(bound, Bound) and bound.score >= SURELY:
            return bound.select.labels
    return []


def owner(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """Whose a project is, or who is in charge of a thing; whether it is the unit that is named beside it."""
    field = OWNER_FIELD.search(ask.question)
    said = ask.words(call.args[0]) if field and isinstance(call.args[0], Thing) and call.args[0].kind == "thing" else []
    told = said_in_form(ask, call.args[0], [*said, field[0]]) if field and said else None
    if told is not None:
        return [told]
    try:
        names, of = named_projects(ask, call.args[0])
    except (HindranceError, UnclearError):
        names, of = [], None
    if of is not None and of.how == "value" and of.of.universe == "items" and of.of.labels:
        bound = ask.binder.project(of.of.labels[:1])  # 购车费多少 … 给谁买的: the project that is called so
        names, of = (bound.select.labels, None) if isinstance(bound, Bound) else (names, of)
    node = call.args[0]
    words = ask.words(node) if isinstance(node, Thing) and node.kind == "thing" else []
    claimed = _claimed_by_the_way(ask, node)
    if claimed is not None:
        return claimed
    things = [] if any(PROJECT_NOUN.search(w) or w.endswith("项目") for w in words) else spoken_of(ask, words)
    unit = ask.binder.in_charge(things) if things and MANAGED.search(ask.question) else None
    if unit is not None:  # 路灯归谁管: whose duties name it
        return [Passage(about="duty", subject=[unit], query=ask.question)]
    return [Passage(about="owner", subject=names, query=ask.question, of=of)]


def spoken_of(ask: Asking, words: Sequence[str]) -> list[list[str]]:
    """What a passage must speak of, each with its other names."""
    words = [planned for w in words for planned in (ask.binder.to_be_bought(w) or [w])]
    if len(words) > 1 and ask.binder.is_one_word("".join(words)):
        return [ask.binder.other_names("".join(words))]
    return [ask.binder.other_names(piece) for w in words for piece in ask.binder.content_words(w)]


def search(ask: Asking, node: Node) -> Part:
    """A passage that speaks of all that is named; of one project its target. Raises UnclearError where nothing is named."""
    words = ask.words(node) if isinstance(node, Thing) else [ask.text(s) for s in _spans(node)]
    told = said_in_form(ask, node, words)
    if told is not None:
        return told
    if isinstance(node, Thing) and node.kind in ("prev", "pick"):
        place = next((w for w in words if is_place_word(w)), None)
        picked = ask.turns.picked(place) if node.kind == "pick" and place else None
        subject = picked or last_subject(ask)
        projects = [n for s in selects_of(subject) if s.universe == "projects" for n in s.labels]
        if len(projects) == 1 and ask.binder.is_classified(projects[0]):
            return Refuse(reason="not_public", detail=projects[0])
        if len(projects) == 1:
            return Passage(about="target", subject=projects, query=ask.question)
    if isinstance(node, Thing) and node.kind == "prev":
        words = [*words, *(n for s in selects_of(last_subject(ask)) for n in (*s.labels, *s.units))]
    if not words:
        raise UnclearError
    if any("涉密" in w for w in words):
        return Refuse(reason="not_public", detail="涉密项目的内容")
    bound = ask.binder.project(words)
    projects = bound.select.labels if isinstance(bound, Bound) else []
    if projects and all(ask.binder.is_classified(name) for name in projects):
        return Refuse(reason="not_public", detail=projects[0])
    return Passage(about="search", query=ask.question, things=spoken_of(ask, words), projects=projects)


def said_in_form(ask: Asking, node: Node, words: Sequence[str]) -> Passage | None:
    """What a field of a form says in words (评价等级), of the form that is named or was spoken of."""
    follows = isinstance(node, Thing) and node.kind == "prev"
    forms = ask.binder.forms
    found = forms.narrowed(selects_of(last_subject(ask))[0], words) if follows else forms.cell(words)
    if not isinstance(found, Bound) or ask.binder.gives(ask.value(found)):
        return None
    return Passage(about="form", of=Reduce(how="value", of=found.select))


def claimed_owner(ask: Asking, call: Call) -> list[Part] | None:
    """is(owner(甲项目),=,{乙中心}): whether a project belongs to a unit; None for another statement."""
    left, relation, right = call.args
    given = isinstance(left, Thing) and isinstance(right, Thing) and GIVEN_TO.search(ask.question)
    if given and _are_units(ask, right) and not _has_unit(ask, left):
        left = Call("owner", (left,))  # 购车的钱是给甲中心的
    if not (isinstance(left, Call) and left.name == "owner" and isinstance(right, Thing) and relation == "="):
        return None
    units = [n for w in ask.words(right) for n in ask.binder.names(w, "units")]
    names, of = named_projects(ask, left.args[0])
    if not units or not names:
        return None
    return [Passage(about="owner", subject=names, claim=units, query=ask.question, of=of)]


def _are_units(ask: Asking, node: Node | str) -> bool:
    """Whether all stretches of a thing name units."""
    words = ask.words(node) if isinstance(node, Thing) else []
    return bool(words) and all(map(ask.binder.is_unit_word, words))


def _has_unit(ask: Asking, node: Node | str) -> bool:
    return isinstance(node, Thing) and any(map(ask.binder.is_unit_word, ask.words(node)))


def _claimed_by_the_way(ask: Asking, node: Node) -> list[Part] | None:
    """甲项目是乙中心负责的吧: a unit named beside the project whose owner is asked for; None where there is none."""
    if not isinstance(node, Thing) or node.kind != "thing":
        return None
    units = tuple(s for s in node.spans if ask.binder.is_unit_word(ask.text(s)))
    rest = tuple(s for s in node.spans if s not in units)
    if not units or not rest:
        return None
    try:
        return claimed_owner(ask, Call("is", (Call("owner", (Thing("thing", rest),)), "=", Thing("thing", units))))
    except (HindranceError, UnclearError):
        return None


def say(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """What else the prose may say of the things that are named."""
    node = call.args[0]
    spans = node.spans if isinstance(node, Thing) and node.kind == "thing" else ()
    rest = tuple(s for s in spans if not OWNER_WORD.fullmatch(ask.text(s)))
    if rest and len(rest) < len(spans):  # 甲项目的资金使用单位是谁
        return owner(ask, Call("owner", (Thing("thing", rest),)), flags)
    named = ask.binder.project(ask.words(Thing("thing", spans[:1]))) if len(spans) > 1 else None
    if isinstance(named, Bound) and PROJECT_NOUN.search(ask.text(spans[0])) and named.score >= SURELY:
        return [Passage(about="target", subject=named.select.labels, query=ask.question)]  # 甲项目里说的等保要过几级
    return [search(ask, node)]


def define(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """What a term means, by the document's own definitions, else by a passage that explains it."""
    node = call.args[0]
    words = ask.words(node) if isinstance(node, Thing) else []
    if isinstance(node, Thing) and node.kind in ("prev", "pick"):
        words = [n for s in selects_of(ask.expression(Thing(node.kind, node.spans))) for n in (*s.labels, *s.columns)]
    terms = [t for w in words for t in ask.binder.terms(w)]
    if terms:
        return [Define(terms=list(dict.fromkeys(terms)))]
    if not words:
        return [search(ask, node)]
    words = [w for w in words if not ask.binder.is_only_where(w)] or words
    labels = [n for w in words for n in ask.binder.names(w, "items")]
    return [Passage(about="explain", query=ask.question, subject=[*labels, *words], things=spoken_of(ask, words))]


def duty(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """The duties of a unit, of the department where none is named, or a passage about the topic of some."""
    node = call.args[0]
    words = ask.words(node) if isinstance(node, Thing) else []
    units = [n for w in words if not ask.binder.is_ours(w) for n in ask.binder.names(w, "units")]
    if isinstance(node, Thing) and node.kind in ("prev", "pick"):
        units = [n for s in selects_of(ask.expression(node)) for n in s.units]
    topics = [w for w in words if not ask.binder.names(w, "units") and not ask.binder.is_ours(w)]
    if topics:
        return [Passage(about="search", query=ask.question, things=spoken_of(ask, words))]
    return [Passage(about="duty", subject=units, query=ask.question)]


def organisation(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """The inner divisions, with their number where that is asked for, or the units that belong to the department."""
    if call.name == "org" and re.search(r"(?<![哪那])几个|多少", ask.question):
        counted = ask.binder.count_called(DIVISIONS, ("个", "家"))
        if counted is not None:
            number = calculation(counted, flags)
            return (
                [number, Passage(about="structure", query=ask.question)]
                if NAMES_ASKED.search(ask.question)
                else [number]
            )
    node = call.args[0] if call.args else None
    words = ask.words(node) if isinstance(node, Thing) and node.kind == "thing" else []
    if call.name == "members" and any(ask.binder.names(w, "items") or ask.binder.tables(w) for w in words):
        return noted(ask, call, flags)  # which units a figure or a table covers is told below it
    if call.name == "members" and not words and ask.asks_several and ask.across is not None and not ask.across.named:
        return [Say(wording="about")]  # 都有哪些单位, of all that is indexed
    about: Literal["structure", "subordinates"] = "structure" if call.name == "org" else "subordinates"
    return [Passage(about=about, query=ask.question)]


def why(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """The reason that prose gives, held against the direction that the asker takes for granted; of a project its target."""
    node, premise = call.args[0], None
    if isinstance(node, Call) and node.name in ("up", "down", "flat"):
        try:
            premise = None if OPEN.search(ask.question) else moved(ask, node)
        except (HindranceError, UnclearError):
            premise = None
        node = node.args[0]
    words: list[str] = []
    if isinstance(node, Thing) and node.kind in ("prev", "pick", "again"):
        subject = ask.expression(node) if node.kind == "pick" else last_subject(ask)
        selects = selects_of(subject)
        if premise is None and len(selects) == 1 and selects[0].universe == "projects" and len(selects[0].labels) == 1:
            return [Passage(about="target", subject=selects[0].labels, query=ask.question)]
        words = [n for s in selects for n in (*s.labels, *s.units, *s.columns)]
        words = [*words, *(ask.words(node) if node.kind != "pick" else [])]
    elif isinstance(node, Thing):
        words = ask.words(node)
    else:
        words = [ask.text(s) for s in _spans(node)]
    if premise is None and words and isinstance(node, Thing) and node.kind == "thing":
        bound = ask.binder.thing(words)
        if isinstance(bound, Bound) and bound.select.universe == "projects":
            return [Passage(about="target", subject=bound.select.labels, query=ask.question)]
        named = [] if isinstance(bound, Bound) else _surely_named(ask, node)
        if named:
            return [Passage(about="target", subject=named, query=ask.question)]
    words = [
        w for w in words if not (ask.binder.is_ours(w) or ask.binder.is_only_year(w))
    ]  # they tell no passage apart
    labels = [n for w in words for n in ask.binder.names(w, "items")]
    named = list(dict.fromkeys([*labels, *words]))
    if not words or all(ask.binder.sides(w) for w in words):
        named = ask.binder.figure_labels(Select(total="支出"))
    figures = [n for n in figure_names(ask, node) if n not in named]
    return [Passage(about="reason", subject=[*named, *figures], query=ask.question, premise=premise,
                    things=spoken_of(ask, words))]  # fmt: skip


def figure_names(ask: Asking, node: Node) -> list[str]:
    """What prose calls the figures of a node; empty where it has none."""
    try:
        return ask.binder.figure_labels(selects_of(named_now(ask, node))[0])
    except (HindranceError, UnclearError, IndexError):
        return []


def noted(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """The notes below the tables that are named, or those that speak of the words."""
    node = call.args[0]
    words = ask.words(node) if isinstance(node, Thing) else []
    tables = [t for w in words for t in ask.binder.tables(w)]
    labels = [n for w in words for n in ask.binder.names(w, "items")]
    if any("涉密" in w for w in words) and not tables:
        return [Refuse(reason="not_public", detail="涉密项目的内容")]
    return [
        Passage(about="note", tables=tables, subject=labels or words, query=ask.question, things=spoken_of(ask, words))
    ]


def differs(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """Why two figures differ: both, and what a note says of it."""
    operands = [ask.expression(a) for a in call.args]
    figures = operands[0] if len(operands) == 1 else Combine(how="difference", operands=operands)
    selects = [s for o in operands for s in selects_of(o)]
    labels = [n for s in selects for n in s.labels]
    tables = [t for s in selects for t in s.tables]
    note = Passage(about="difference", subject=labels, tables=tables, query=ask.question, things=spoken_of(ask, labels))
    return [calculation(figures, flags), note]


def placed(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """In which table a figure stands: the figure, with the table named."""
    return [calculation(ask.expression(call.args[0]), flags).model_copy(update={"with_table": True})]


def coded(ask: Asking, call: Call, flags: set[str]) -> list[Part]:
    """A figure with its classification code."""
    return [calculation(ask.expression(call.args[0]), flags | {"@code"})]


def _spans(node: Node) -> list[Span]:
    return [n for n in nodes(node) if isinstance(n, Span)]


WORDED: dict[str, Callable[[Asking, Call, set[str]], list[Part]]] = {
    "goal": goal, "owner": owner, "say": say, "define": define, "duty": duty, "org": organisation, "members": organisation,
    "where": placed, "why": why, "note": noted, "whydiff": differs, "code": coded,
}  # fmt: skip
