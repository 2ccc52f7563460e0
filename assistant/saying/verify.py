"""Holds the finished text of an answer against what it cites.

In: the text, its statements, its number and quotation spans. Out: nothing, or UnverifiedError naming the first claim that does not
bind. The text must be its statements and nothing more, and each of them true of its values (`claims.py`). The text is also read
afresh, whoever wrote it: every digit must belong to a number that its facts give in that unit, row, column, year and sign,
or to a name, year, code or quotation that stands in the cited sources, or be the asker's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from assistant.evidence import MONTHLY, MONTHS, is_of_change
from assistant.saying.claims import check_statement, check_verdict
from assistant.saying.stated_names import UnverifiedError, plain, row_names
from assistant.saying.text import AnswerText, NumberSpan
from assistant.words.normal import normal
from assistant.words.quantities import quantities
from index.amounts import YUAN, is_money, parse_amount
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS
from index.parsing.rows import plain_label

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
CHINESE_DIGITS = re.compile(r"[〇零一二两三四五六七八九十百千]+(?=(?:亿|万|千|百)?(?:万|亿)?元)")
UNITS = sorted([*YUAN, "%", "平方米", "万平方米", "辆", "台", "个", "项", "人", "家", "套", "件", "条", "处", "次", "批",
                "公里", "倍", "份", "名", "位"], key=len, reverse=True)  # fmt: skip
TERM = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def verify(answer: AnswerText, question: str, derivation: str | None, bounds: Iterable[Decimal] = (),
           kinds: Mapping[str, str] = MappingProxyType({})) -> None:  # fmt: skip
    """Raises UnverifiedError for the first claim that does not bind. `bounds` are the asker's own, of earlier turns; `kinds` tells
    of each document whether it is a 预算, 决算 or 绩效."""
    text = answer.text
    for quote in answer.quotes:
        if plain(text[quote.start : quote.end]) not in plain(quote.chunk.body):
            raise UnverifiedError(f"引文与原文不符：{text[quote.start : quote.end][:40]}")
    results = _results(derivation, answer) if derivation else []
    for span in answer.numbers:
        _number(text, span, results, answer)
    own = _names(answer)
    asked = {m[0].replace(",", "") for m in DIGITS.finditer(unicodedata.normalize("NFKC", question))}
    asked |= {f"{bound.normalize():f}" for bound in bounds}
    asked |= {f"{q.value.normalize():f}" for q in quantities(normal(question))}
    spans = [(s.start, s.end) for s in answer.numbers] + [(q.start, q.end) for q in answer.quotes]
    for match in DIGITS.finditer(text):
        if any(start <= match.start() and match.end() <= end for start, end in spans):
            continue
        if not _in_name(text, match, own) and match[0].replace(",", "") not in asked:
            raise UnverifiedError(f"没有出处的数：{match[0]}")
    for match in CHINESE_DIGITS.finditer(text):
        inside = any(q.start <= match.start() < q.end for q in answer.quotes)
        if not inside and not any(match[0] in name for name in own) and match[0] not in question:
            raise UnverifiedError(f"没有出处的数：{match[0]}")
    for statement in answer.statements:
        check_statement(statement, kinds)
    check_verdict(answer.statements, answer.truth)
    if answer != answer.again():
        raise UnverifiedError("文字与所记的说法不符")


def _number(text: str, span: NumberSpan, results: list[Decimal], answer: AnswerText) -> None:
    value, printed = span.value, text[span.start : span.end]
    stated = parse_amount(printed)
    if stated is None or stated != value.amount:
        raise UnverifiedError(f"数与证据不符：{printed}")
    following = text[span.end :]
    known = [value.unit] if value.unit else []  # units of indicators are any word
    unit = next((u for u in (*known, *UNITS) if following.startswith(u)), "")
    counted = not value.unit and unit in ("个", "项", "倍")
    if (value.unit or "") != unit and not counted:
        raise UnverifiedError(f"单位与证据不符：{printed}{unit}")
    if not value.facts and (value.amount or value.label != "数量"):
        raise UnverifiedError(f"没有出处的数：{printed}")
    if value.computed:
        if not any(_same_amount(result, value.amount, is_money(value.unit)) for result in results):
            raise UnverifiedError(f"计算结果与算式不符：{printed}")
    elif value.label == "名次":
        own, *above = value.facts
        if (
            own.value is None
            or any(f.value is None or f.value <= own.value for f in above)
            or value.amount != len(above) + 1
        ):
            raise UnverifiedError(f"名次与所引单元格不符：{printed}")
    elif value.label == "数量":
        if Decimal(len(value.facts)) != value.amount:
            raise UnverifiedError(f"个数与所列不符：{printed}")
    else:
        for fact in value.facts:
            _is_value_of(stated, value.unit, fact)
        _named(text, span, value.facts[0], answer)


def _is_value_of(stated: Decimal, unit: str | None, fact: Fact) -> None:
    """A stated number is its fact's, in value, unit and size (a fall may be stated as its size with 减少 or 下降)."""
    if fact.value is None:
        raise UnverifiedError(f"出处是空白格：{fact.label}")
    if is_money(unit) and is_money(fact.unit):
        same = stated * YUAN[unit or ""] == abs(fact.value) * YUAN[fact.unit or ""] if is_of_change(fact) \
            else stated * YUAN[unit or ""] == fact.value * YUAN[fact.unit or ""]  # fmt: skip
    else:
        same = (unit or "") == (fact.unit or "") and abs(stated) == abs(fact.value)
    if not same:
        raise UnverifiedError(f"与所引单元格不符：{stated}，{fact.label}为{fact.text}")


def _named(text: str, span: NumberSpan, fact: Fact, answer: AnswerText) -> None:
    """The words before a number must name its row, its column and its unit of organisation, and its way for a change."""
    before = [s.end for s in answer.numbers if s.end <= span.start]
    clause = plain(text[max(before, default=0) : span.start])
    sentence = plain(text[: span.start])
    if not any(name in clause for name in row_names(fact)):
        raise UnverifiedError(f"没有指明是哪一行：{fact.label}")
    if is_of_change(fact):
        assert fact.value is not None
        words = ("增加", "增长") if fact.value > 0 else ("减少", "下降") if fact.value < 0 else ("持平", "增减")
        if not any(word in clause for word in words):
            raise UnverifiedError(f"增减方向与原文不符：{fact.label}")
    elif fact.column_name and plain(fact.column_name) not in sentence:
        raise UnverifiedError(f"没有指明是哪一栏：{fact.column_name}")
    if fact.budget_unit and fact.role == "item" and plain(fact.budget_unit) not in sentence:
        raise UnverifiedError(f"没有指明是哪个单位：{fact.budget_unit}")
    if f"{fact.year}年{plain(fact.department)}" not in sentence:
        raise UnverifiedError(f"没有指明年份和部门：{fact.year}年{fact.department}")


def _results(derivation: str, answer: AnswerText) -> list[Decimal]:
    """The results of a derivation, in which every operand is a cited value, an earlier result or a number of things."""
    values = [span.value for span in answer.numbers]
    most = max((len(value.facts) for value in values), default=0)
    monthly = any(value.label == MONTHLY for value in values)
    sources = [(f.value, is_money(f.unit)) for f in answer.cited if isinstance(f, Fact) and f.value is not None]
    results: list[tuple[Decimal, bool]] = []

    def known(term: Decimal) -> bool:
        return any(_same_amount(term, amount, money) for amount, money in [*sources, *results])

    for line in derivation.split("；"):
        if "≈" in line:
            exact, rounded = (Decimal(t) for t in line.split(" ≈ "))
            if not known(exact) or exact.quantize(rounded, ROUND_HALF_UP) != rounded:
                raise UnverifiedError(f"四舍五入不成立：{line}")
            results.append((rounded, True))
            continue
        left, _, right = line.partition(" = ")
        terms = [Decimal(t.replace(",", "")) for t in TERM.findall(left)]
        stated = TERM.search(right)
        if not terms or stated is None:
            raise UnverifiedError(f"算式没有得数：{line}")
        result = Decimal(stated[0].replace(",", ""))
        for index, term in enumerate(terms):
            counts = "÷" in left and index == 1 and (term <= most or (monthly and term == MONTHS))
            if not counts and not known(term):
                raise UnverifiedError(f"算式里的数没有出处：{term}")
        if _evaluate(left, terms, right.endswith("%")) != result:
            raise UnverifiedError(f"算式不成立：{line}")
        results.append((result, not right.endswith("%")))
    return [result for result, _ in results]


def _same_amount(term: Decimal, source: Decimal, money: bool) -> bool:
    """Equal, or where it is money equal after a conversion between its units."""
    if abs(term) == abs(source):
        return True
    return money and any(abs(term) * a == abs(source) * b for a in YUAN.values() for b in YUAN.values())


def _evaluate(left: str, terms: list[Decimal], percent: bool) -> Decimal:
    if "÷" in left:
        quotient = terms[0] / terms[1] * (100 if percent else 1) if terms[1] else Decimal("NaN")
        return quotient.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if "−" in left:
        return terms[0] - sum(terms[1:], Decimal(0))
    return sum(terms, Decimal(0))


def _names(answer: AnswerText) -> set[str]:
    """Everything in the cited sources that may hold digits and is no amount: labels, titles, departments, years."""
    # Names that are stated are held against their sources by themselves.
    names = {named.words for statement in answer.statements for _, named in statement.names()}
    for source in answer.cited:
        if isinstance(source, Chunk):
            names |= {source.subject, source.heading}
        else:
            names |= {source.label, plain_label(source.label), *source.path, source.table_title, source.department,
                      f"{source.year}年", source.code or "", source.budget_unit or "", *source.column}  # fmt: skip
            if source.table_kind in FORM_KINDS:  # told as printed
                names |= {source.text.strip()}
    return {name for name in names if re.search(r"\d|[一二三四五六七八九十]", name)}


def _in_name(text: str, match: re.Match[str], names: set[str]) -> bool:
    for name in names:
        start = text.find(name)
        while start >= 0:
            if start <= match.start() and match.end() <= start + len(name):
                return True
            start = text.find(name, start + 1)
    return False
