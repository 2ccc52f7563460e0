"""A parsed document as the contract prints it."""

import json

from builders import PROJECTS, SUMMARY, budget

from index.show import document_json


def test_the_contract_is_kept():
    shown = json.loads(json.dumps(document_json(budget(SUMMARY, PROJECTS, prose="收入5万元。"))))
    assert {"title", "department", "year", "kind", "tables", "sections"} <= shown.keys()
    assert {"title", "kind", "unit", "columns", "rows", "notes", "place"} <= shown["tables"][0].keys()
    assert {"label", "path", "code", "budget_unit", "cells", "values", "place"} <= shown["tables"][0]["rows"][0].keys()
    assert shown["sections"][-1] == {
        "path": ["第三部分 2024年部门预算情况说明", "一、收支情况"],
        "text": "收入5万元。",
        "place": shown["sections"][-1]["place"],
    }


def test_values_are_decimal_strings_and_null_where_blank():
    row = document_json(budget(SUMMARY))["tables"][0]["rows"][3]
    assert (row["label"], row["cells"], row["values"]) == ("一、一般公共服务支出", ["", "80.00"], [None, "80.00"])


def test_columns_of_words_are_no_value_columns():
    table = document_json(budget(PROJECTS))["tables"][0]
    assert [column[-1] for column in table["columns"]] == ["总计", "合计", "一般公共预算"]
    assert table["rows"][2]["texts"] == {"绩效目标": "整理档案，完成率达到99.5%以上。"}
    assert table["place"] == {"line": 15}
