"""What must hold between questions and answers, whatever the document.

In: a budget and a source of chance. Out: trials, each some questions with what is true of their answers. Each function of
CHECKS draws one, or none where the draw does not do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from random import Random
from typing import Literal

from opencc import OpenCC
from rapidfuzz.distance import DamerauLevenshtein

from assistant.words.vocabulary import load_vocabulary
from eval.answers import Citation, Given
from eval.cells import Budget, Name, amount_of, is_money
from eval.measures import MONEY, Amount, half_up, same_amount
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS

# wrong: a number that is not true; refused: no number where one was due; other: another fault.
Outcome = Literal["held", "refused", "wrong", "other"]
SEVERITY: tuple[Outcome, ...] = ("wrong", "other", "refused", "held")
TELLING = ("taken", "unsure")  # the codes of notes that say what was answered
MONEY_END = re.compile(r"的?(?:支出|费用|经费|资金|拨款|预算|补助|费)$")
HALF_CENT = Decimal("0.005")

CELL_WORDINGS = ("{}是多少", "{}有多少", "给我查一下{}", "查查{}")
MONEY_WORDINGS = (*CELL_WORDINGS, "{}是多少钱", "{}是多少元")
PARAPHRASES = ("{}是多少", "{}有多少", "{}是多少钱", "查一下{}", "想知道{}是多少", "告诉我{}的金额", "{}一共是多少")
COURTESIES = (
    "请问{}？", "{}？谢谢", "麻烦问一下，{}", "您好，{}？", "{}呢", "{}啊？", "能告诉我{}吗？", "请问一下{}？谢谢！", "{}。", "“{}”",
)  # fmt: skip
UNITS = ("元", "万元", "亿元")
NOWHERE = ("哈尔滨市", "拉萨市", "三沙市", "白城市", "攀枝花市", "克拉玛依市")
OFFICES = ("水务局", "气象局", "档案馆", "林业局", "体育局", "残疾人联合会", "公园管理中心")
NO_YEARS = (2005, 2009, 2011, 2033, 2035)
RANKINGS = (
    "{}里{}最大的3个科目", "{}里{}最多的5项是哪些", "{}里{}最高的是哪一项", "{}里{}排前三的科目是什么", "{}里{}最少的是哪个科目",
    "{}里所有科目的{}加起来是多少", "{}里{}合计多少", "{}里各科目{}平均是多少",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    outcome: Outcome
    question: str
    expected: str
    got: str


@dataclass(frozen=True)
class Trial:
    """Questions, and a function from their answers to what came of it."""

    questions: tuple[str, ...]
    judge: Callable[[Sequence[Given]], Finding]


def said(amounts: Sequence[Amount]) -> str:
    return "、".join(map(str, amounts)) or "nothing"


def shown(given: Given) -> str:
    return f"{said(given.amounts)} [{given.reason or ''}] {given.answer[:110]}".replace("\n", " ")


def worst(findings: Sequence[Finding]) -> Finding:
    return min(findings, key=lambda finding: SEVERITY.index(finding.outcome))


def judged(question: str, given: Given, outcome: Outcome, expected: str) -> Finding:
    return Finding(outcome, question, expected, shown(given))


def one_of(question: str, given: Given, amounts: Sequence[Amount], slack: Decimal = Decimal(0)) -> Finding:
    """An answer whose numbers must be among these, within `slack` of its own unit."""
    outcome: Outcome = "held"
    if not given.amounts:
        outcome = "held" if given.asked_back and len(amounts) > 1 else "refused"
    elif not all(any(near(found, amount, slack) for amount in amounts) for found in given.amounts):
        outcome = "wrong"
    return judged(question, given, outcome, said(amounts))


def near(found: Amount, true: Amount, slack: Decimal) -> bool:
    if same_amount(found, true):
        return True
    if found.unit in MONEY and true.unit in MONEY:
        return abs(found.number - true.number * MONEY[true.unit] / MONEY[found.unit]) <= slack
    return found.unit == true.unit and abs(found.number - true.number) <= slack


def agreeing(questions: Sequence[str], amounts: Sequence[Amount]) -> Trial:
    """Questions that mean the same: each answer is true, and they say the same."""

    def judge(answers: Sequence[Given]) -> Finding:
        found = worst([one_of(q, a, amounts) for q, a in zip(questions, answers, strict=True)])
        if found.outcome == "refused" and not any(a.amounts for a in answers):
            return Finding("held", found.question, found.expected, found.got)  # they agree; `cell` counts the refusal
        first = {str(amount) for amount in answers[0].amounts}
        for question, answer in zip(questions, answers, strict=True):
            if found.outcome == "held" and {str(amount) for amount in answer.amounts} != first:
                return judged(question, answer, "other", f"as to {questions[0]}: {said(answers[0].amounts)}")
        return found

    return Trial(tuple(questions), judge)


def exact(expected: dict[str, Amount], slack: Decimal = Decimal(0)) -> Trial:
    """Questions with one number each."""

    def judge(answers: Sequence[Given]) -> Finding:
        return worst([one_of(q, a, [true], slack) for (q, true), a in zip(expected.items(), answers, strict=True)])

    return Trial(tuple(expected), judge)


# --- 1 to 4, 10: one cell ------------------------------------------------------------------------------------------
def cell(budget: Budget, draw: Random) -> Trial | None:
    fact = draw.choice(budget.cells)
    name = budget.name(fact, titled=draw.random() < 0.6 or fact.role == "total")
    amounts = budget.amounts(name)
    wording = draw.choice(MONEY_WORDINGS[: None if is_money(fact) else len(CELL_WORDINGS)])
    question = budget.owner + wording.format(name) if wording[0] == "{" else wording.format(f"{budget.owner}{name}")
    return Trial((question,), lambda answers: one_of(question, answers[0], amounts, HALF_CENT / 100))


def blank(budget: Budget, draw: Random) -> Trial | None:
    """A cell that prints nothing has no amount."""
    if not budget.blank:
        return None
    fact = draw.choice(budget.blank)
    if not fact.column_name and (fact.document, fact.table_index, fact.row_index) in budget.printed:
        return None  # its other columns may be meant
    name = budget.name(fact)
    question = f"{budget.owner}{name}是多少"
    if any(f.value is not None or f.text.strip() for f in budget.meant(name)):
        return None

    def judge(answers: Sequence[Given]) -> Finding:
        return judged(question, answers[0], "wrong" if answers[0].amounts else "held", "no number")

    return Trial((question,), judge)


def paraphrased(budget: Budget, draw: Random) -> Trial | None:
    name, amounts = _single(budget, draw)
    return agreeing([w.format(f"{budget.owner}{name}") for w in draw.sample(PARAPHRASES, 3)], amounts)


def courteous(budget: Budget, draw: Random) -> Trial | None:
    name, amounts = _single(budget, draw)
    plain = f"{budget.owner}{name}是多少"
    return agreeing([plain, *(w.format(plain) for w in draw.sample(COURTESIES, 2))], amounts)


def in_units(budget: Budget, draw: Random) -> Trial | None:
    name, amounts = _single(budget, draw)
    asked = {
        f"{budget.owner}{name}是多少{unit}": Amount(
            amounts[0].number * MONEY[amounts[0].unit or ""] / MONEY[unit], unit
        )
        for unit in UNITS
    }
    questions = tuple(asked)

    def judge(answers: Sequence[Given]) -> Finding:
        findings = [one_of(q, a, [true], HALF_CENT) for (q, true), a in zip(asked.items(), answers, strict=True)]
        for (question, true), answer in zip(asked.items(), answers, strict=True):
            if answer.amounts and answer.amounts[0].unit != true.unit:
                findings.append(judged(question, answer, "other", str(true)))
        return worst(findings)

    return Trial(questions, judge)


def written_otherwise(budget: Budget, draw: Random) -> Trial | None:
    """Traditional characters, full-width digits and letters."""
    name, amounts = _single(budget, draw)
    plain = f"{budget.owner}{name}是多少"
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in plain)
    traditional = OpenCC("s2t").convert(plain)
    return agreeing([plain, *dict.fromkeys(q for q in (traditional, wide) if q != plain)], amounts)


def _single(budget: Budget, draw: Random) -> tuple[Name, list[Amount]]:
    """A cell of money with the words that mean no other."""
    while True:
        fact = draw.choice(budget.cells)
        name = budget.name(fact, titled=draw.random() < 0.5 or fact.role == "total")
        amounts = budget.amounts(name)
        if len(amounts) == 1 and is_money(fact):
            return name, amounts


# --- 5, 6: several cells -------------------------------------------------------------------------------------------
def differences(budget: Budget, draw: Random) -> Trial | None:
    picked = _some(budget, draw, 2)
    if picked is None or picked[0][1] == picked[1][1]:
        return None
    (a, x), (b, y) = sorted(picked, key=lambda pair: -pair[1].number)
    where, what = a.where, a.what
    difference = Amount(x.number - y.number, x.unit)
    forms = (
        f"{a.row}和{b.row}{what}相差多少", f"{b.row}和{a.row}{what}相差多少",
        f"{a.row}比{b.row}{what}多多少", f"{b.row}比{a.row}{what}少多少",
    )  # fmt: skip
    return exact({f"{budget.owner}{where}{form}": difference for form in forms})


def quotients(budget: Budget, draw: Random) -> Trial | None:
    picked = _some(budget, draw, 2)
    if picked is None:
        return None
    asked = {}
    for (a, x), (b, y) in permutations(picked, 2):
        at = f"{budget.owner}{a.where}{a.row}{a.what}"
        asked[f"{at}是{b.row}的几倍"] = Amount(half_up(x.number / y.number, 2), "倍")
        asked[f"{at}占{b.row}的百分之几"] = Amount(half_up(x.number / y.number * 100, 2), "%")
    return exact(asked, HALF_CENT)


def sums(budget: Budget, draw: Random) -> Trial | None:
    picked = _some(budget, draw, draw.choice((2, 3)))
    if picked is None:
        return None
    orders = draw.sample(list(permutations(picked)), 2)
    total = Amount(sum((x.number for _, x in picked), Decimal(0)), picked[0][1].unit)
    at = f"{budget.owner}{picked[0][0].where}"
    return exact({f"{at}{'、'.join(a.row for a, _ in order)}{order[0][0].what}一共多少": total for order in orders})


def _some(budget: Budget, draw: Random, count: int) -> list[tuple[Name, Amount]] | None:
    """Cells of one column, none of them above another, each with words of its own."""
    column = [f for f in draw.choice(budget.columns) if f.value and is_money(f) and f.role != "total"]
    if len({f.name for f in column}) < count:
        return None
    facts = draw.sample(column, count)
    titled = draw.random() < 0.5
    names = [budget.name(f, titled) for f in facts]
    mixed = any(
        a.path[: len(b.path)] == b.path or a.name in b.name or b.name in a.name for a, b in permutations(facts, 2)
    )
    mixed |= len({f.role for f in facts}) > 1  # 甲局和乙中心的办公费 is both their 办公费
    if mixed or len({n.column for n in names}) > 1 or any(len(budget.amounts(n)) > 1 for n in names):
        return None
    return [(name, amount_of(f)) for name, f in zip(names, facts, strict=True)]


def families(budget: Budget, draw: Random) -> Trial | None:
    """The shares of what stands below a row add up to all of it; the rows below add up to what is computed for them."""
    if not budget.families:
        return None
    parent, children = draw.choice(budget.families)
    children = [child for child in children if child.value and is_money(child)]
    whole, parts = budget.name(parent), [budget.name(child) for child in children]
    if not parent.value or not 2 <= len(parts) <= 6 or any(len(budget.amounts(n)) > 1 for n in (whole, *parts)):
        return None
    at, total = f"{budget.owner}{whole.where}", sum((c.value or Decimal(0) for c in children), Decimal(0))
    shares = {
        f"{at}{part.row}{whole.what}占{whole.row}的百分之几": half_up((child.value or 0) / parent.value * 100, 2)
        for part, child in zip(parts, children, strict=True)
    }
    added = f"{at}{'、'.join(part.row for part in parts)}{whole.what}合计多少"
    inside = f"{at}{whole.row}下面各项{whole.what}加起来是多少"

    def judge(answers: Sequence[Given]) -> Finding:
        *each, listed, below = answers
        findings = [one_of(q, a, [Amount(s, "%")], HALF_CENT) for (q, s), a in zip(shares.items(), each, strict=True)]
        findings.append(one_of(added, listed, [Amount(total, amount_of(parent).unit)]))
        findings.append(one_of(inside, below, [Amount(total, amount_of(parent).unit), amount_of(parent)]))
        found = sum((a.amounts[0].number for a in each if a.amounts), Decimal(0))
        if total == parent.value and all(a.amounts for a in each) and abs(found - 100) > HALF_CENT * len(each):
            findings.append(Finding("wrong", next(iter(shares)), "shares that add up to 100 %", str(found)))
        return worst(findings)

    return Trial((*shares, added, inside), judge)


# --- 7, 8: what is not there ---------------------------------------------------------------------------------------
def absent_year(budget: Budget, draw: Random) -> Trial | None:
    name, _ = _single(budget, draw)
    year = draw.choice([y for y in NO_YEARS if y != budget.year])
    owner = budget.department if budget.owner else ""
    return _refused(f"{owner}{year}年{name}是多少", "other_year")


def absent_department(budget: Budget, draw: Random) -> Trial | None:
    name, _ = _single(budget, draw)
    if name.unit:  # which is there
        return None
    year = f"{budget.year}年" if budget.owner else ""
    return _refused(f"{draw.choice(NOWHERE)}{draw.choice(OFFICES)}{year}{name}是多少", "other_department")


def _refused(question: str, reason: str) -> Trial:
    def judge(answers: Sequence[Given]) -> Finding:
        (answer,) = answers
        right: Outcome = "held" if answer.refused and answer.reason == reason else "other"
        return judged(question, answer, "wrong" if answer.amounts else right, f"refused: {reason}")

    return Trial((question,), judge)


def made_up_label(budget: Budget, draw: Random) -> Trial | None:
    """The beginning of one label with the end of another: no number, or a note that says what it was taken for."""
    labels = sorted({f.name for f in budget.cells if 4 <= len(f.name) <= 12 and f.role == "item"})
    if len(labels) < 2:
        return None
    one, other = draw.sample(labels, 2)
    label = one[: draw.randint(2, len(one) - 2)] + other[draw.randint(2, len(other) - 2) :]
    real = {f.name for f in budget.facts} | {part for f in budget.facts for part in f.column}
    known = real | {word for words in load_vocabulary().synonyms.values() for word in words}
    if any(label in name for name in real) or re.search(r"[（）、]", label):
        return None
    if any(label.startswith(word) or label.endswith(word) for word in known if len(word) > 1):
        return None  # the name of something, with more
    if any(MONEY_END.sub("", label) in name for name in real):
        return None  # a fragment of one, with another word for money
    question = f"{budget.owner}{label}是多少"
    close = any(DamerauLevenshtein.distance(label, name) <= 1 for name in real)

    def judge(answers: Sequence[Given]) -> Finding:
        (answer,) = answers
        taken = any(note.get("code") in TELLING for note in answer.notes)
        outcome: Outcome = "held" if not answer.amounts or taken else "wrong"
        return judged(
            question, answer, outcome, "what it was taken for" if close else "no number, or what it was taken for"
        )

    return Trial((question,), judge)


# --- 9: rows and what is below them --------------------------------------------------------------------------------
def hierarchies(budget: Budget, draw: Random) -> Trial | None:
    columns = [
        c for c in budget.columns if c[0].table_kind not in FORM_KINDS and len({f.path for f in c if f.value}) > 3
    ]
    nested = [c for c in columns if any(len(f.path) > 1 for f in c) and is_money(c[0])]
    if not nested:
        return None
    fact = draw.choice(draw.choice(nested))
    wording, column = draw.choice(RANKINGS), fact.column_name or "金额"
    question = f"{budget.owner}{wording.format(budget.title(fact), column)}"

    def judge(answers: Sequence[Given]) -> Finding:
        (answer,) = answers
        cited = [f for citation in answer.citations if (f := _cited(budget, citation)) is not None]
        pairs = [(a, b) for a, b in permutations(cited, 2) if _is_above(a, b)]
        shown_pair = "; ".join(f"{'/'.join(a.path)} above {'/'.join(b.path)}" for a, b in pairs[:1])
        outcome: Outcome = "wrong" if pairs else "held" if answer.amounts else "refused"
        return judged(question, answer, outcome, f"no row beside one above it{': ' if pairs else ''}{shown_pair}")

    return Trial((question,), judge)


def _cited(budget: Budget, citation: Citation) -> Fact | None:
    place = (citation.document, citation.table_index, citation.row_index, citation.column_index)  # type: ignore[attr-defined]
    return next(
        (f for f in budget.cells if (f.document, f.table_index, f.row_index, f.column_index) == place), None
    )  # fmt: skip


def _is_above(a: Fact, b: Fact) -> bool:
    """Whether one cell's amount holds the other's: same table and column, the row of a total, a unit or an ancestor."""
    if (a.document, a.table_index, a.column_index, a.side) != (b.document, b.table_index, b.column_index, b.side):
        return False
    if a.row_index == b.row_index:
        return False
    if a.code and b.code and a.budget_unit == b.budget_unit:
        return b.code != a.code and b.code.startswith(a.code)
    if a.role == "total":
        return b.role != "total"
    return len(b.path) > len(a.path) and b.path[: len(a.path)] == a.path


CHECKS: dict[str, Callable[[Budget, Random], Trial | None]] = {
    "cell by its path": cell,
    "blank cell": blank,
    "paraphrases": paraphrased,
    "courtesies": courteous,
    "元 and 万元": in_units,
    "differences": differences,
    "quotients": quotients,
    "sums": sums,
    "parents and children": families,
    "absent year": absent_year,
    "absent department": absent_department,
    "made-up label": made_up_label,
    "no row with its parts": hierarchies,
    "written otherwise": written_otherwise,
}
