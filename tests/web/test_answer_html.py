"""An answer as HTML, on hand-made answers."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.contract import Answer, Citation, Note, Number
from assistant.web.chat.answer_html import answer_html, question_html


def citation(identifier: str, **fields: object) -> Citation:
    known = {
        "kind": "cell",
        "document": "d",
        "department": "某局",
        "year": 2024,
        "table": "支出表",
        "row": ["办公费"],
        "column": ["预算"],
    }
    cell = {
        "text": "1.00",
        "value": Decimal(1),
        "unit": "万元",
        "place": {"line": 1},
        "table_index": 0,
        "row_index": 0,
        "column_index": 0,
    }
    return Citation.model_validate({"id": identifier, **known, **cell, **fields})


def answer(text: str, *printed: str, **fields: object) -> Answer:
    """Each printed number cites a citation of its own."""
    numbers, at = [], 0
    for index, number in enumerate(printed, 1):
        at = text.index(number, at)
        numbers.append(Number(text=number, start=at, end=at + len(number), citations=[f"c{index}"]))
        at += len(number)
    cited = [citation(f"c{i}") for i in range(1, len(printed) + 1)]
    return Answer.model_validate({"question": "", "answer": text, "numbers": numbers, "citations": cited, **fields})


def rows(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<tr><th scope="row">([^<]*)</th><td><strong class="bq-number">([^<]*)', html)


def test_number_and_unit_are_emphasised_with_their_mark() -> None:
    html = answer_html(answer("办公费为1.00万元。", "1.00"))
    assert '<strong class="bq-number">1.00<small>万元</small></strong><button type="button" class="bq-mark"' in html
    assert html.index("bq-text") < html.index("bq-sources")


def test_list_becomes_a_table() -> None:
    html = answer_html(answer("从大到小：甲 3.00万元、乙（二、三） 2.00万元、丙 1.00万元。", "3.00", "2.00", "1.00"))
    assert rows(html) == [("甲", "3.00"), ("乙（二、三）", "2.00"), ("丙", "1.00")]
    assert "从大到小：</p>" in html


def test_count_before_and_total_after_a_list_stay_text() -> None:
    text = "共3个：甲 3.00万元、乙 2.00万元、丙 1.00万元。合计6.00万元。"
    html = answer_html(answer(text, "3", "3.00", "2.00", "1.00", "6.00"))
    assert len(rows(html)) == 3
    assert re.sub(r"<[^>]+>", "", html.split("<table")[0]) == "共3个1："
    assert html.split("</table>")[1].startswith('<p class="bq-text">合计')


def test_two_values_stay_a_sentence() -> None:
    assert rows(answer_html(answer("办公费：甲 3.00万元、乙 2.00万元。", "3.00", "2.00"))) == []


def test_number_of_many_sources_has_one_mark() -> None:
    given = answer("合计9.00万元。", "9.00")
    given.citations = [citation(f"c{i}") for i in range(1, 31)]
    given.numbers[0].citations = [c.id for c in given.citations]
    html = answer_html(given)
    assert html.count("bq-mark") == 1
    assert "1等30处" in html
    assert "其余 26 处来源" in html
    assert html.count('class="bq-cite"') == 30


def test_derivation_and_notes_are_lines() -> None:
    html = answer_html(
        answer("占1.00%。", "1.00", derivation="1 ÷ 100 = 1%", notes=[Note(code="taken", text="按甲理解")])
    )
    assert "1 ÷ 100 = 1%" in html
    assert "按甲理解" in html


def test_refusal_has_its_reason_and_no_sources() -> None:
    html = answer_html(answer("没有这一年。", refused=True, reason="other_year"))
    assert "没有这个年度" in html
    assert "bq-sources" not in html


def test_choices_of_a_question_back_are_left_to_the_buttons() -> None:
    assert "总预算" not in answer_html(answer("请说明想查哪一项：总预算；基本支出", reason="ambiguous"))


def test_sources_of_several_documents_say_which() -> None:
    given = answer("甲 1.00万元、乙 1.00万元。", "1.00", "1.00")
    given.citations[1] = citation("c2", document="e", year=2023)
    assert "2023年某局" in answer_html(given)


def test_everything_is_escaped() -> None:
    bad = "<script>alert(1)</script>\"'&"
    given = answer(f"{bad}为1.00万元。", "1.00", derivation=bad, notes=[Note(code="x", text=bad)], reason=bad)
    given.citations = [citation("c1", table=bad, row=[bad], column=[bad], text=bad, unit=bad, document=bad)]
    for html in (answer_html(given), question_html(bad)):
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert re.search(r'="[^"]*<', html) is None


def test_long_question_is_cut_with_its_length() -> None:
    html = question_html("预" * 10_000)
    assert len(html) < 1000
    assert "共 10,000 字" in html


def test_how_an_answer_came_about_is_folded_up_below_its_sources() -> None:
    html = answer_html(answer("办公费为1.00万元。", "1.00", explanation="在《支出表》中查“办公费”<1>。"))
    why = html[html.index("<details") :]
    assert why.startswith(
        '<details class="bq-why"><summary>为什么这样回答</summary><p>在《支出表》中查“办公费”&lt;1&gt;。'
    )
    assert html.index("bq-sources") < html.index("bq-why")
