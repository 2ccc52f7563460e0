"""Whether the statements of an answer are true of what they rest on.

In: a statement (a wording with what stands in its slots) and the kind of each document. Out: nothing, or UnverifiedError. A name
must be put together from what the cited source itself says; a set's words must hold for each member; a wording that compares, orders,
adds or divides must be so of the values in it. A wording that is not listed here is never stated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.compose import LONGEST_LIST, NOUNS, change_text, counted_unit, place_text, set_text, sought_text
from assistant.evidence import MONTHS, Value
from assistant.forms import is_of_form
from assistant.lookup.values import cell_of, in_yuan, meets, value_of
from assistant.plan import Select
from assistant.text import Named, Slot, Statement
from index.amounts import YUAN, is_money, quotient
from index.chunks import Chunk
from index.facts import Fact
from index.kinds import BY_NAME, FORM_KINDS
from index.rows import plain_label

JOINTS = {*"的、，：（）《》与()/,:", "合计", "数量", "平均", "占比"}
CLASSES = {"functional": "功能分类", "economic": "经济分类"}
TRUE, FALSE = ("affirmed", "exists", "affirmed_none"), ("denied", "not_exists", "denied_none")
SOME, NONE = ("exists", "denied_none"), ("not_exists", "affirmed_none")


class UnverifiedError(Exception):
    """A claim of an answer that its sources do not bear out."""


def check_statement(statement: Statement, kinds: Mapping[str, str]) -> None:
    """Raises UnverifiedError where a statement is not true of its values. `kinds`: a document to 预算, 决算 or 绩效."""
    for name, slot in statement.slots.items():
        for named in _named(slot):
            if name == "scope":
                _check_scope(named, values_in(statement))
            elif name == "set":
                _check_set(named, statement)
            else:
                _check_name(named, kinds)
    if statement.wording not in CLAIMS:
        raise UnverifiedError(f"没有说明意思的措辞：{statement.wording}")
    claim = CLAIMS[statement.wording]
    if claim is not None and not claim(statement):
        raise UnverifiedError(f"说法与数不符：{statement.wording}")


def check_verdict(statements: Sequence[Statement], truth: bool | None) -> None:
    """A verdict must be the one that was found, and its 有 or 没有 be so of the numbers behind it."""
    said = [s.wording for s in statements]
    if any(wording in (FALSE if truth else TRUE) for wording in said) or (
        truth is None and any(wording in TRUE + FALSE for wording in said)
    ):
        raise UnverifiedError("结论与核对不符")
    some = any(value.amount or _is_rounded(value) for s in statements for value in values_in(s))
    if any(wording in (NONE if some else SOME) for wording in said):
        raise UnverifiedError("有无与数不符")


# --- slots ---------------------------------------------------------------------------------------------------------
def named_in(statement: Statement) -> Iterator[Named]:
    """The names that a statement states."""
    for slot in statement.slots.values():
        yield from _named(slot)


def _named(slot: Slot) -> Iterator[Named]:
    if isinstance(slot, Named):
        yield slot
    elif isinstance(slot, Sequence) and not isinstance(slot, str):
        for item in slot:
            yield item if isinstance(item, Named) else item[0]


def values_in(statement: Statement) -> list[Value]:
    """The numbers that a statement states."""
    found: list[Value] = []
    for slot in statement.slots.values():
        if isinstance(slot, Value):
            found.append(slot)
        elif isinstance(slot, Sequence) and not isinstance(slot, str):
            found += [item[1] for item in slot if not isinstance(item, Named)]
    return found


# --- names ---------------------------------------------------------------------------------------------------------
def plain(text: str) -> str:
    """A text without spaces and quotation marks, its characters of one width."""
    return re.sub(r"[\s“”\"‘’'*]", "", unicodedata.normalize("NFKC", text))


def row_names(fact: Fact) -> set[str]:
    """The names by which a row may be stated; a total row by its column or table scope too."""
    names = {plain(fact.label), plain(plain_label(fact.label))}
    if fact.role == "total":
        names |= {plain(name) for name in (fact.column_name, *fact.facets) if name and name not in ("收入", "支出")}
    return names


def _check_scope(named: Named, values: Iterable[Value]) -> None:
    """The year and department that are said are those of every number."""
    facts = [fact for value in values for fact in value.facts]
    if named.words and any(named.words != f"{fact.year}年{fact.department}：" for fact in facts):
        raise UnverifiedError(f"年份或部门与出处不符：{named.words}")


def _check_name(named: Named, kinds: Mapping[str, str]) -> None:
    """A name is put together from what its sources say, and names the row that its number stands in."""
    own = {plain(word) for source in named.sources for word in _words_of(source, kinds)}
    if named.select is not None:
        own.add(plain(set_text(named.select)))
        _check_members(named.select, named.sources)
    if named.value is not None and named.value.computed:
        own.add(plain(named.value.label))
    if not _made_of(plain(named.words), own | JOINTS):
        raise UnverifiedError(f"名称不是出处所写：{named.words}")
    first = named.sources[0] if named.sources else None
    if named.value is None or named.select is not None or not isinstance(first, Fact):
        return
    names = row_names(first)
    if named.value.computed:
        names |= {plain(first.budget_unit or first.department), plain(named.value.label)}
    if not any(name in plain(named.words) for name in names):
        raise UnverifiedError(f"没有指明是哪一行：{first.label}")
    row, column = plain(named.words).removeprefix(plain(plain_label(first.label))), plain(first.column_name)
    if column not in row and any(
        plain(f) in row for s in named.sources if isinstance(s, Fact) for f in s.facets
    ):  # the whole table in place of the column
        raise UnverifiedError(f"没有指明是哪一栏：{first.column_name}")


def _words_of(source: Fact | Chunk, kinds: Mapping[str, str]) -> set[str]:
    """What a source says that may be part of a name."""
    if isinstance(source, Chunk):
        return {source.heading, source.subject}
    leaf = source.column[-1] if source.column else ""
    words = {
        source.label, plain_label(source.label), source.name, source.column_name, *source.facets, source.budget_unit or "",
        f"{source.year}年{source.department}", source.table_title, source.side or "", source.code or "",
        CLASSES.get(BY_NAME.get(source.table_kind, BY_NAME["other"]).rows, ""), kinds.get(source.document, ""),
    }  # fmt: skip
    if source.table_kind in FORM_KINDS:
        words |= {source.path[0], plain_label(re.sub(r"[（(].*?[)）]$", "", leaf)), source.text}
    if source.source == "figure" and source.value is not None and source.column_name:
        words |= {change_text(source)}
    return words


def _made_of(text: str, words: Iterable[str]) -> bool:
    """Whether a text is these words one after another."""
    known = {word for word in words if word}
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in known if text.startswith(word, start)}
    return len(text) in reached


# --- sets ----------------------------------------------------------------------------------------------------------
def _check_set(named: Named, statement: Statement) -> None:
    """What a set is called is what was looked up, and holds for each of its members."""
    select = named.select
    if select is None or named.words not in (set_text(select), sought_text(select)):
        raise UnverifiedError(f"范围与所查不符：{named.words}")
    _check_members(select, named.sources)
    bounds = [c for c in select.where if not (c.than or c.than_mean or c.of_share)]
    members = _items(statement) if "items" in statement.slots else statement.among
    if not all(meets(value_of(v.facts[0]) if _is_rounded(v) else v, bounds) for v in members):
        raise UnverifiedError(f"不合所说的条件：{named.words}")


def _check_members(select: Select, members: Iterable[Fact | Chunk]) -> None:
    """The units, the row above and the columns of a Select are those of each fact."""
    for fact in members:
        if not isinstance(fact, Fact) or is_of_form(select):
            continue
        units = {plain_label(fact.budget_unit or ""), *map(plain_label, fact.path), fact.department}
        columns = {fact.column_name, *fact.facets, *map(plain_label, fact.column)}
        if (
            (select.units and not units & {plain_label(unit) for unit in select.units})
            or (select.under and not {plain_label(part) for part in select.under} & set(map(plain_label, fact.path)))
            or not set(select.columns) <= columns
        ):
            raise UnverifiedError(f"不在所说的范围里：{fact.label}")


# --- what a wording claims -----------------------------------------------------------------------------------------
def _number(statement: Statement, slot: str = "number") -> Value:
    value = statement.slots[slot]
    assert isinstance(value, Value)
    return value


def _of(statement: Statement, slot: str) -> Value:
    """The value that a name in a slot names."""
    named = statement.slots[slot]
    assert isinstance(named, Named) and named.value is not None
    return named.value


def _items(statement: Statement, slot: str = "items") -> list[Value]:
    items = statement.slots[slot]
    assert isinstance(items, Sequence)
    return [item[1] for item in items if isinstance(item, tuple)]


def _own_names(statement: Statement) -> bool:
    """Each number of a list stands behind its own name."""
    lists = [slot for slot in statement.slots.values() if isinstance(slot, Sequence) and not isinstance(slot, str)]
    pairs = [item for slot in lists for item in slot if isinstance(item, tuple)]
    return all(name.value == value for name, value in pairs)


def _comes(number: Value, exact: Decimal, operands: Sequence[Value], unit: str | None = None) -> bool:
    """Whether a number is this amount (in yuan where it is money), as far as its decimals go, in the unit that is named or in one like
    the operands', and cites what they cite."""
    like = operands[0].unit
    if (
        number.unit != unit
        if unit is not None
        else number.unit != like and not (is_money(number.unit) and is_money(like))
    ):
        return False
    cited, known = set(map(cell_of, number.facts)), [set(map(cell_of, v.facts)) for v in operands]
    if not cited <= set().union(*known) or not all(
        own <= cited if v.computed else own & cited for v, own in zip(operands, known, strict=True)
    ):
        return False
    if is_money(number.unit):
        exact = exact / YUAN[number.unit or ""]
    exponent = number.amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return number.amount in (exact, exact.quantize(Decimal(1).scaleb(min(exponent, 0)), ROUND_HALF_UP))


def _total(values: Iterable[Value]) -> Decimal:
    return sum(map(in_yuan, values), Decimal(0))


def _value(s: Statement) -> bool:
    return _of(s, "label") == _number(s)


def _share(s: Statement) -> bool:
    part, whole = _of(s, "part"), _of(s, "whole")
    return bool(whole.amount) and _comes(_number(s), quotient(in_yuan(part) * 100, in_yuan(whole)), [part, whole], "%")


def _ratio(s: Statement) -> bool:
    part, whole = _of(s, "part"), _of(s, "whole")
    return bool(whole.amount) and _comes(_number(s), quotient(in_yuan(part), in_yuan(whole)), [part, whole], "")


def _apart(s: Statement) -> bool:
    operands = [_of(s, "part"), _of(s, "whole")]
    part, whole = map(in_yuan, operands)
    way = "more" if part > whole else "less" if part < whole else "same"
    by = _comes(_number(s), abs(part - whole), operands)
    of = bool(whole) and _comes(_number(s), abs(quotient((part - whole) * 100, whole)), operands, "%")
    return s.wording == f"difference_{way}" and (by or of)


def _changed(s: Statement) -> bool:
    change, number = _of(s, "label"), _number(s)
    way = "more" if change.amount > 0 else "less" if change.amount < 0 else "same"
    same_sign = change.computed or all((f.value or 0) * change.amount >= 0 for f in change.facts)
    return (
        s.wording.endswith(way) and same_sign and number.amount == abs(change.amount) and number.facts == change.facts
    )


def _sum(s: Statement) -> bool:
    return _comes(_number(s), _total(_items(s)), _items(s)) and _own_names(s)


def _mean(s: Statement) -> bool:
    return _comes(_number(s), _total(_items(s)) / len(_items(s)), _items(s)) and _own_names(s)


def _sum_of_set(s: Statement) -> bool:
    count = _number(s, "count").amount == len(s.among)
    return count and _comes(_number(s), _total(s.among), s.among) and _noun(s)


def _mean_of_set(s: Statement) -> bool:
    count = _number(s, "count").amount == len(s.among)
    return count and _comes(_number(s), _total(s.among) / len(s.among), s.among) and _noun(s)


def _noun(s: Statement) -> bool:
    named = s.slots["set"]
    return isinstance(named, Named) and named.select is not None and s.slots["noun"] == NOUNS[named.select.universe]


def _list(s: Statement) -> bool:
    return _own_names(s) and _noun(s) and min(_number(s, "count").amount, LONGEST_LIST) == len(_items(s))


def _rest(s: Statement) -> bool:
    whole, parts = _of(s, "whole"), _items(s)
    left = _comes(_number(s), in_yuan(whole) - _total(parts), [whole, *parts])
    return whole == _number(s, "amount") and left and _own_names(s)


def _previous(s: Statement) -> bool:
    now, (change,) = _number(s, "amount"), s.among
    return _of(s, "label") == now and _comes(_number(s), in_yuan(now) - in_yuan(change), [now, change])


def _monthly(s: Statement) -> bool:
    return _comes(_number(s), in_yuan(_of(s, "part")) / MONTHS, [_of(s, "part")])


def _each(s: Statement) -> bool:
    part, whole = _of(s, "part"), _of(s, "whole")
    mean = _comes(_number(s), in_yuan(part) / in_yuan(whole), [part, whole])
    return s.slots["unit"] == counted_unit(whole) and mean


def _greatest(s: Statement) -> bool:
    return max(map(in_yuan, _items(s))) > min(map(in_yuan, _items(s, "others"))) and _before_others(s, max)


def _least(s: Statement) -> bool:
    return min(map(in_yuan, _items(s))) < max(map(in_yuan, _items(s, "others"))) and _before_others(s, min)


def _before_others(s: Statement, end: Callable[[Iterable[Decimal]], Decimal]) -> bool:
    items, others = (list(map(in_yuan, _items(s, slot))) for slot in ("items", "others"))
    return end(items) == end([*items, *others]) and _own_names(s)


def _alike(s: Statement) -> bool:
    return len(set(map(in_yuan, _items(s)))) == 1 and _own_names(s)


def _falling(s: Statement) -> bool:
    amounts = [in_yuan(v) for v in _items(s)]
    return amounts == sorted(amounts, reverse=True) and _own_names(s)


def _rising(s: Statement) -> bool:
    amounts = [in_yuan(v) for v in _items(s)]
    return amounts == sorted(amounts) and _own_names(s)


def _is_rounded(value: Value) -> bool:
    return "≈" in value.derivation


def _every(s: Statement) -> list[Decimal]:
    """All of which some are listed, rounded as those are."""
    rounded = next((v for v in _items(s) if _is_rounded(v)), None)
    if rounded is None:
        return [in_yuan(v) for v in s.among]
    exponent = rounded.amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return [in_yuan(v.to(rounded.unit).rounded(-exponent)) for v in s.among]


def _first_of_all(s: Statement) -> bool:
    """What is listed in an order comes in that order, and before all that is not listed."""
    falling = s.slots["order"] == "从大到小"
    listed, every = [in_yuan(v) for v in _items(s)], sorted(_every(s), reverse=falling)
    return (_falling(s) if falling else _rising(s)) and every[: len(listed)] == listed and _by(s, s.slots["by"])


def _place_of_all(s: Statement) -> bool:
    """What is said to take a place takes it among all."""
    every = _every(s)
    named = s.slots["set"]
    assert isinstance(named, Named) and named.select is not None
    by = "、".join(named.select.columns) if named.select.universe == "projects" else ""
    own = in_yuan(_items(s)[0])
    places = [
        place_text(by or "金额", falling, place)
        for falling in (True, False)
        for place in range(sum(o > own if falling else o < own for o in every) + 1,
                           sum(o >= own if falling else o <= own for o in every) + 1)
    ]  # fmt: skip
    return s.slots["order"] in places and all(in_yuan(v) == own for v in _items(s)) and _own_names(s)


def _by(s: Statement, by: Slot) -> bool:
    named = s.slots["set"]
    assert isinstance(named, Named) and named.select is not None
    return by == "金额" or by == "、".join(named.select.columns)


def _placed(s: Statement) -> bool:
    own = in_yuan(_number(s, "amount"))
    return _of(s, "label") == _number(s, "amount") and _number(s).amount == 1 + sum(in_yuan(v) > own for v in s.among)


def _together(s: Statement) -> bool:
    return _comes(_number(s), _total(s.among), s.among)


def _told_by(source: str) -> Callable[[Statement], bool]:
    return lambda s: _value(s) and all(fact.source == source for fact in _number(s).facts)


CLAIMS: dict[str, Callable[[Statement], bool] | None] = {
    "value": _value, "values": _own_names, "values_told": _own_names, "several": _own_names, "they_are": _own_names,
    "among_them": _own_names, "added": _own_names, "several_descending": _falling, "several_ascending": _rising,
    "share": _share, "ratio": _ratio, "difference_more": _apart, "difference_less": _apart, "difference_same": _apart,
    "sum": _sum, "mean_of": _mean, "sum_set": _sum_of_set, "mean": _mean_of_set, "list": _list, "rest": _rest,
    "previous": _previous, "monthly": _monthly, "each": _each, "each_number": _each,
    **dict.fromkeys(("greatest", "greatest_of_all", "greatest_first"), _greatest), **dict.fromkeys(("least", "least_of_all", "least_first"), _least),
    "all_alike": _alike, "rank_many": _first_of_all, "rank_one": _place_of_all, "placed": _placed,
    "change_more": _changed, "change_less": _changed, "change_same": _changed, "growth_more": _changed,
    "growth_less": _changed, "together": _together, "prose_says": _told_by("figure"), "table_says": _told_by("cell"),
    "count": lambda s: bool(_number(s).amount), "count_none": lambda s: not _number(s).amount,
    **dict.fromkeys((*TRUE, *FALSE, "not_listed", "quote", "quoted", "quoted_next", "quoted_on", "target_says", "owner",
                     "owner_of", "of_form", "cell", "and", "end", "from_tables", "code")),
}  # fmt: skip
