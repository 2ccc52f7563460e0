"""The check for uncited numbers: strict, but fair."""

import pytest

from eval.uncited import uncited_numbers

PROSE = "2024年本部门财政拨款安排“三公”经费33.8万元，比上年增加16万元，增长89.9%，主要原因是购置一台公务用车。"


def texts(given, question="问"):
    return [number.text for number in uncited_numbers(given, [question])]


def test_a_cited_value_is_fine_in_any_unit_of_money(given, cite):
    for text, printed in [("8,124.85万元", "8,124.85"), ("81,248,500元", "81,248,500"), ("0.81亿元", "0.81")]:
        assert texts(given(text, cites={printed: ["c1"]}, citations=[cite(value=8124.85)])) == []


@pytest.mark.parametrize("text", ["8,124.58万元", "8,124.85元", "8,124.8万元", "-8,124.85万元"])
def test_an_altered_digit_unit_or_sign_is_found(given, cite, text):
    printed = text.rstrip("万元")
    assert texts(given(text, cites={printed: ["c1"]}, citations=[cite(value=8124.85)])) == [printed]


def test_a_planted_number_is_found(given, cite):
    answer = given("共8,124.85万元，其中33.80万元", cites={"8,124.85": ["c1"]}, citations=[cite(value=8124.85)])
    assert texts(answer) == ["33.80"]


def test_numerals_in_words_are_numbers_too(given):
    assert texts(given("大约三百万元，百分之五十")) == ["三百", "百分之五十"]


def test_an_entry_must_cite_what_exists_and_stand_at_its_number(given, cite):
    assert texts(given("5万元", cites={"5": []})) == ["5"]
    assert texts(given("5万元", cites={"5": ["c9"]}, citations=[cite(value=5)])) == ["5"]
    beside = [{"text": "5", "start": 0, "end": 1, "citations": ["c1"]}]
    assert texts(given("共5万元", numbers=beside, citations=[cite(value=5)])) == ["5", "5"]


def test_a_right_derivation_from_cited_values_is_fine(given, cite):
    cited = [cite(value=3764.44), cite("c2", value=8124.85)]
    answer = given("占46.33%", 46.33, "%", cites={"46.33": ["c1", "c2"]}, citations=cited)
    assert texts(answer) == ["46.33"]
    right = answer.model_copy(update={"derivation": "3,764.44 ÷ 8,124.85 = 46.33%"})
    assert texts(right) == []
    assert texts(right.model_copy(update={"derivation": "3,764.44 ÷ 8,124.00 = 46.34%"}))
    assert texts(right.model_copy(update={"citations": right.citations[:1]})) == ["46.33"]


def test_a_derivation_on_an_uncited_operand_covers_nothing(given, cite):
    answer = given(
        "共14万元", 14, "万元", cites={"14": ["c1"]}, citations=[cite(value=5)], derivation="5.00 + 9.00 = 14.00"
    )
    assert texts(answer) == ["14"]


def test_a_sum_may_be_printed_in_another_unit_but_not_in_a_wrong_one(given, cite):
    cited = [cite(value=5), cite("c2", value=9)]
    for text, found in [("140,000元", []), ("14元", ["14"]), ("14万元", [])]:
        printed = text.rstrip("万元")
        answer = given(
            text, unit="元", cites={printed: ["c1", "c2"]}, citations=cited, derivation="5.00 + 9.00 = 14.00"
        )
        assert texts(answer) == found


def test_a_mean_divides_by_the_number_of_terms(given, cite):
    cited = [cite(str(i), value=v) for i, v in enumerate((15.88, 700, 20))]
    derivation = "15.88 + 700.00 + 20.00 = 735.88；735.88 ÷ 3 = 245.29"
    answer = given("平均245.29万元", 245.29, "万元", cites={"245.29": ["0", "1", "2"]}, citations=cited)
    assert texts(answer.model_copy(update={"derivation": derivation})) == []
    assert texts(answer.model_copy(update={"derivation": derivation.replace("÷ 3 = 245.29", "÷ 2 = 367.94")})) == [
        "245.29"
    ]


def test_a_ratio_is_no_amount_of_money(given, cite):
    cited = [cite(value=3), cite("c2", value=2)]
    for text, found in [("1.50倍", []), ("1.50万元", ["1.50"])]:
        answer = given(text, cites={"1.50": ["c1", "c2"]}, citations=cited, derivation="3.00 ÷ 2.00 = 1.5")
        assert texts(answer) == found


def test_a_count_is_the_number_of_cells_cited(given, cite):
    cited = [cite(str(i), value=i, row=[f"项目{i}"]) for i in range(3)]
    for text, found in [("共3个", []), ("共4个", ["4"])]:
        answer = given(text, cites={text[1]: ["0", "1", "2"]}, citations=cited)
        assert texts(answer) == found


def test_a_cited_number_of_things_is_no_count_of_cells(given, cite):
    cited = [cite(value=0, unit="台")]
    assert texts(given("设备0台", cites={"0": ["c1"]}, citations=cited)) == []
    assert texts(given("设备1台", cites={"1": ["c1"]}, citations=cited)) == ["1"]


def test_a_rank_is_the_place_of_the_value_among_those_cited(given, cite):
    cited = [cite(str(i), value=v) for i, v in enumerate((9, 7, 5))]
    for rank, found in [("2", []), ("3", ["3"])]:
        answer = given(f"排第{rank}", 7, "万元", cites={rank: ["0", "1", "2"]}, citations=cited)
        assert texts(answer) == found


def test_a_fall_is_printed_without_its_sign(given, cite):
    cited = [cite(value=-2)]
    assert texts(given("比上年减少2万元", cites={"2": ["c1"]}, citations=cited)) == []
    assert texts(given("比上年增加2万元", cites={"2": ["c1"]}, citations=cited)) == ["2"]


def test_a_quotation_needs_no_entries_but_must_be_true(given, cite):
    cited = [cite(kind="passage", text=PROSE)]
    assert texts(given(f"文件说明：{PROSE}", citations=cited)) == []
    assert texts(given(PROSE.replace("89.9", "98.9"), citations=cited)) == ["98.9"]
    assert texts(given("“三公”经费是33.8万元", citations=cited)) == ["33.8"]
    assert texts(given("“三公”经费是33.8万元", citations=[cite(kind="figure", text="33.8万元")])) == ["33.8"]


def test_digits_of_names_codes_and_years_are_words(given, cite):
    cited = [cite(value=6.5, row=["12345政务服务热线"], code="2010301", table="表1 收支总体情况表")]
    text = "韶关市局2024年《表1 收支总体情况表》12345政务服务热线（2010301，第1行）6.5万元"
    assert texts(given(text, cites={"6.5": ["c1"]}, citations=cited)) == []
    altered = text.replace("2024", "2023").replace("2010301", "2010302").replace("第1行", "第7行")
    assert texts(given(altered, cites={"6.5": ["c1"]}, citations=cited)) == ["2023", "2010302", "7"]


def test_an_indexed_document_may_be_named_without_a_citation(given):
    refusal = given("库中只有2024年的文件", refused=True, reason="other_year")
    assert texts(refusal, "2022年呢") == ["2024"]
    assert uncited_numbers(refusal, ["2022年呢"], ["2024年部门预算", "2024"]) == []


def test_the_askers_number_may_be_repeated_in_its_unit_only(given):
    assert texts(given("超过100万元"), "超过一百万元的有哪些") == []
    assert texts(given("没有12万元"), "有12辆车吗") == ["12"]


def test_lines_of_a_list_may_be_numbered(given):
    assert texts(given("如下：\n1. 甲\n2. 乙")) == []
    assert texts(given("如下：\n1. 甲\n7. 乙")) == ["7"]


def test_notes_are_checked_against_all_citations(given, cite):
    for text, found in [("表中为5.00万元", []), ("表中为6.00万元", ["6.00"])]:
        answer = given("见注", notes=[{"code": "table", "text": text}], citations=[cite(value=5)])
        assert texts(answer) == found


def test_how_many_values_the_answer_lists_needs_no_citation(given, cite):
    cited = [cite(value=5), cite("c2", value=9)]
    answer = given("共2个项目：5万元、9万元", [5, 9], "万元", cites={"5": ["c1"], "9": ["c2"]}, citations=cited)
    assert texts(answer) == []
    assert texts(answer.model_copy(update={"answer": answer.answer.replace("2个", "3个")})) == ["3"]
