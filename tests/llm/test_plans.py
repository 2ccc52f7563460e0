"""Any plan that a model could write, over the invented department: it is rejected with a reason, or it gives a verified answer."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Assistant
from assistant.llm.checking import RejectedError, check_plan
from assistant.llm.offering import Offered, offered
from assistant.llm.schema import PARTS, WRITTEN, plan_schema, read_plan
from assistant.lookup.lookup import Lookup
from assistant.plan import Combine
from assistant.view import View
from index.sql.store import Store
from tests.assistant.conftest import ARCHIVE, OFFICE, add_document, office

NAMES = [
    "办公费",
    "奖金",
    "工资福利支出",
    "一般公共服务支出",
    "教育支出",
    "其他支出",
    "水费",
    "库房改造项目",
    "展厅维护项目",
    ARCHIVE,
    "合计",
    "月球旅行费",
    "",
]
REACHED: Counter[str] = Counter()
QUESTION = "前3名里大于5万元的办公费、奖金和水费，各单位2024年一共多少"


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assistant, Lookup, Offered]:
    store = Store.open(tmp_path_factory.mktemp("planned"))
    add_document(store, office(), b"office", "档案.txt")
    assistant = Assistant(store, None)
    state = assistant.state()
    return (
        assistant,
        Lookup(View(store, store.documents())),
        offered(QUESTION, state.lexicon, state.retriever, state.view),
    )  # type: ignore[arg-type]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2)


def maybe(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(st.just({}), values.map(lambda value: {key: value}))


def merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


CONDITIONS = st.fixed_dictionaries({"operator": st.sampled_from(["gt", "ge", "lt", "le", "eq", "about", "ne"])}, optional={
    "amount": st.sampled_from([0, 3, 5]), "unit": st.sampled_from(["万元", "%"]), "of_share": st.booleans(), "than_mean": st.booleans()})  # fmt: skip
SELECTS = merged(
    st.just({"node": "select"}), maybe("universe", st.sampled_from(["items", "projects", "units"])), maybe("labels", some(NAMES)),
    maybe("under", some(NAMES)), maybe("columns", some(["基本支出", "项目支出", "一般公共预算"])), maybe("units", some([OFFICE, ARCHIVE])),
    maybe("total", st.sampled_from(["收入", "支出"])), maybe("level", st.integers(1, 3)), maybe("where", st.lists(CONDITIONS, max_size=2)),
    maybe("exclude", some(NAMES)), maybe("measure", st.just("比上年增减")),
    maybe("years", st.lists(st.just(2024), max_size=1)), maybe("classification", st.sampled_from(["functional", "economic"])),
)  # fmt: skip
REDUCES = merged(
    st.just({"node": "reduce"}), st.sampled_from(["value", "list", "count", "sum", "mean", "rank"]).map(lambda how: {"how": how}),
    SELECTS.map(lambda of: {"of": of}), maybe("descending", st.booleans()), maybe("n", st.sampled_from([1, 3])), maybe("position", st.sampled_from([1, 3])),
)  # fmt: skip
HOWS = list(get_args(Combine.model_fields["how"].annotation))
EXPRESSIONS = st.recursive(
    REDUCES,
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {
                "node": st.just("combine"),
                "how": st.sampled_from(HOWS),
                "operands": st.lists(inner, min_size=1, max_size=3),
            }
        ),
        st.fixed_dictionaries({"node": st.just("placed"), "thing": REDUCES, "among": SELECTS}),
    ),
    max_leaves=4,
)
CHECKS = merged(
    st.just({"node": "check"}), EXPRESSIONS.map(lambda left: {"left": left}), maybe("right", EXPRESSIONS), maybe("claim", CONDITIONS),
    st.sampled_from(["gt", "lt", "eq", "exists", "agree", "rises", "falls", "same"]).map(lambda relation: {"relation": relation}),
)  # fmt: skip
CALCULATIONS = merged(
    st.just({"part": "calculate"}),
    st.one_of(EXPRESSIONS, CHECKS).map(lambda e: {"expression": e}),
    maybe("unit", st.sampled_from(["元", "万元"])),
)
PARTS_WRITTEN = st.one_of(
    CALCULATIONS, CALCULATIONS, CALCULATIONS, some(NAMES).map(lambda terms: {"part": "define", "terms": terms}),
    merged(st.just({"part": "passage"}),
           st.sampled_from(["duty", "reason", "target", "owner", "search"]).map(lambda about: {"about": about}),
           some(NAMES).map(lambda subject: {"subject": subject}), maybe("query", st.sampled_from(["", "职责", "x" * 50]))),
    st.sampled_from(["not_found", "out_of_scope"]).map(lambda reason: {"part": "refuse", "reason": reason}),
)  # fmt: skip
PLANS = st.lists(PARTS_WRITTEN, min_size=1, max_size=2).map(lambda parts: {"parts": parts})


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(PLANS)
def test_a_plan_is_rejected_or_gives_a_verified_answer(
    over: tuple[Assistant, Lookup, Offered], written: dict[str, Any]
) -> None:
    assistant, lookup, names = over
    plan = read_plan(json.dumps(written, ensure_ascii=False))
    if plan is None:
        return
    try:
        check_plan(plan, QUESTION, [], names, lookup)
    except RejectedError:
        return
    asked = assistant._asked(QUESTION, None, [])
    answer = assistant._meant(asked, plan, asked_back := assistant._told(asked, asked.plan))
    assert answer is asked_back or "unverified" not in {note.code for note in answer.notes}
    REACHED["local" if answer is asked_back else "answered"] += 1


def test_enough_of_those_plans_came_through() -> None:
    """Else the test above proves little; it runs after that."""
    assert REACHED["answered"] > 3 and REACHED["local"] > 10, REACHED


NO_PLANS = [
    "", "null", "[]", "{}", '{"parts":[]}', '{"parts":[{}]}', '{"parts":{}}', "9" * 5000, "[" * 3000,
    '{"parts":[{"part":"say","wording":"x"}]}', '{"parts":[{"part":"refuse","reason":"not_found"}],"confidence":1}',
]  # fmt: skip


@pytest.mark.parametrize("text", NO_PLANS)
def test_what_is_no_plan_of_its_own_is_none(text: str) -> None:
    assert read_plan(text) is None


def test_amounts_are_read_exactly() -> None:
    select = '{"node":"select","where":[{"operator":"gt","amount":0.1,"unit":"万元"}]}'
    plan = read_plan(
        f'{{"parts":[{{"part":"calculate","expression":{{"node":"reduce","how":"list","of":{select}}}}}]}}'
    )
    assert plan is not None and plan.parts[0].expression.of.where[0].amount == Decimal("0.1")  # type: ignore[union-attr]


def test_the_schema_is_one_that_servers_take() -> None:
    text = json.dumps(plan_schema())
    assert (
        not {"oneOf", "discriminator", "default", "title"} & set(json.loads(text))
        and '"oneOf"' not in text
        and '"discriminator"' not in text
    )
    assert {"Clarify", "Say"}.isdisjoint(plan_schema()["$defs"]) and set(PARTS) <= set(WRITTEN)
    for name, node in plan_schema()["$defs"].items():
        assert set(node["properties"]) == set(WRITTEN[name]) and not node["additionalProperties"]
