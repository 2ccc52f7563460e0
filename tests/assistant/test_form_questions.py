"""Questions about performance forms, over two projects' forms and the department's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.binding.form_words import roles_asked
from assistant.contract import Answer
from index.model import Document, Table
from index.parsing.forms.form import form_tables
from index.sql.store import Store
from tests.assistant.conftest import add_document, conversation
from tests.index.spans import draft

OFFICE = "某县档案局"
HEAD = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"


def form(title: str, *lines: str) -> list[Table]:
    return form_tables(draft(title, *lines, unit=None))


def money(whole: str, public: str, other: str) -> tuple[str, ...]:
    return (
        f"资金（万元）|年度资金总额|{whole}|<|<|<|<", f"^|其中：财政拨款|{public}|<|<|<|<", f"^|其他资金|{other}|<|<|<|<",
    )  # fmt: skip


def forms() -> Document:
    archive = form(
        "库房改造项目绩效自评表", f"项目名称|库房改造|<|<|主管部门|{OFFICE}|<", *money("12.50", "10.00", "2.50"),
        "总体目标|改造库房三间，添置密集架。|<|<|<|<|<", HEAD,
        "产出指标|数量指标|改造库房间数|≥3间|3间|20|20", "^|质量指标|工程验收合格率|≥95%|90%|20|18",
        "效益指标|社会效益指标|档案保管条件|明显改善|明显改善|20|20", "满意度指标|服务对象满意度指标|查档群众满意度|≥90%|96%|10|10",
        "总分|<|<|||70|68",
    )  # fmt: skip
    catalogue = form(
        "目录编印项目绩效自评表", f"项目名称|目录编印|<|<|主管部门|{OFFICE}|<", *money("8.00", "8.00", "0.00"),
        "总体目标|编印全宗目录。|<|<|<|<|<", HEAD,
        "产出指标|数量指标|编印目录册数|≥200册|210册|30|30", "^|时效指标|完成及时率|100%|100%|30|30",
        "满意度指标|服务对象满意度指标|查档群众满意度|≥92%|93%|10|10", "总分|<|<|||70|70",
    )  # fmt: skip
    whole = form(
        "部门整体绩效自评表", f"部门名称|{OFFICE}|<|<|<|<|<", HEAD,
        "产出指标|数量指标|接待查档次数|≥30次|20|10|6.67", "^|^|讲座场次|≥4场|5|10|10",
        "评价等级|优|<|<|<|<|<",
    )  # fmt: skip
    return Document(title="", department=OFFICE, year=2024, kind="部门决算", budget_units=[OFFICE],
                    tables=[*archive, *catalogue, *whole], sections=[])  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    store = Store.open(tmp_path_factory.mktemp("forms"))
    add_document(store, forms(), b"forms", "自评.pdf")
    yield Assistant(store, None)
    store.close()


@pytest.fixture
def talk(assistant: Assistant) -> Callable[..., Answer]:
    """The last answer of a conversation."""

    def talked(*questions: str) -> Answer:
        last = conversation(assistant, *questions)[-1]
        assert "unverified" not in {note.code for note in last.notes}, last.notes
        return last

    return talked


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("库房改造项目，工程验收合格率的指标值定的是多少？", "95", "%"),
        ("库房改造项目工程验收合格率实际完成了多少", "90", "%"),
        ("库房改造项目的工程验收合格率得了几分", "18", "分"),
        ("编印目录册数的目标值是多少册", "200", "册"),
        ("目录编印项目查档群众满意度要达到多少", "92", "%"),
        ("讲座场次实际完成值是多少", "5", "场"),
        ("库房改造项目自评总分是多少", "68", "分"),
        ("库房改造项目绩效自评表里其他资金是多少", "2.50", "万元"),
    ],
)
def test_a_cell_of_a_form_is_found_by_its_names(
    question: str, value: str, unit: str, talk: Callable[..., Answer]
) -> None:
    answer = talk(question)
    assert (answer.value, answer.unit) == (Decimal(value), unit)


def test_an_indicator_is_printed_with_its_bound_and_its_project(talk: Callable[..., Answer]) -> None:
    answer = talk("库房改造项目工程验收合格率的指标值是多少")
    assert answer.answer == "2024年某县档案局：库房改造“工程验收合格率”的年度指标值为≥95%。"
    assert [c.row for c in answer.citations] == [["库房改造", "产出指标", "质量指标", "工程验收合格率"]]


def test_target_and_result_are_given_in_the_order_asked(talk: Callable[..., Answer]) -> None:
    answer = talk("库房改造项目工程验收合格率目标值和完成值各是多少")
    assert (answer.value, answer.unit) == ([Decimal(95), Decimal(90)], "%")


def test_an_indicator_of_several_projects_is_given_with_each(talk: Callable[..., Answer]) -> None:
    answer = talk("查档群众满意度的指标值是多少")
    assert answer.value == [Decimal(90), Decimal(92)]
    assert "库房改造“查档群众满意度”" in answer.answer and "目录编印“查档群众满意度”" in answer.answer


def test_an_indicator_in_words_is_quoted(talk: Callable[..., Answer]) -> None:
    answer = talk("库房改造项目档案保管条件的指标值是什么")
    assert (answer.value, answer.refused) == (None, False)
    assert "档案保管条件 明显改善" in answer.answer


@pytest.mark.parametrize("question", ["库房改造项目获奖数量的指标值是多少", "库房改造项目消防验收合格率的指标值是多少",
                                      "目录编印项目工程验收合格率的指标值是多少"])  # fmt: skip
def test_a_look_alike_is_no_indicator(question: str, talk: Callable[..., Answer]) -> None:
    answer = talk(question)
    assert (answer.value, answer.refused, answer.reason) == (None, True, "not_found")


def test_follow_ups_go_on_in_the_row_and_in_the_form(talk: Callable[..., Answer]) -> None:
    first = "库房改造项目工程验收合格率的目标值是多少"
    assert talk(first, "实际完成了多少").value == Decimal(90)
    assert talk(first, "这一项得了几分").value == Decimal(18)
    assert talk(first, "改造库房间数呢").value == Decimal(3)


def test_what_did_not_get_all_its_points_is_listed(talk: Callable[..., Answer]) -> None:
    answer = talk("部门整体绩效自评，哪些三级指标没拿到满分？")
    assert answer.value == ["接待查档次数"]
    assert "6.67分" in answer.answer


def test_indicators_of_a_project_are_listed_as_printed_and_counted(talk: Callable[..., Answer]) -> None:
    listed = talk("库房改造项目有哪些数量指标").answer
    assert "改造库房间数 ≥3间" in listed and "合格率" not in listed
    assert talk("库房改造项目一共有几个三级指标").value == Decimal(4)


def test_projects_are_ranked_by_what_their_forms_give(talk: Callable[..., Answer]) -> None:
    assert talk("按年度资金总额从高到低排一下所有项目").value == [Decimal("12.50"), Decimal("8.00")]
    lowest = talk("绩效自评得分最低的项目是哪个")
    assert (lowest.value, lowest.unit, "库房改造" in lowest.answer) == (Decimal(68), "分", True)


def test_fields_in_words_are_quoted(talk: Callable[..., Answer]) -> None:
    assert f"主管部门 {OFFICE}" in talk("库房改造项目的主管部门是谁").answer
    assert "改造库房三间，添置密集架。" in talk("库房改造项目的总体目标是什么").answer


@pytest.mark.parametrize(
    ("question", "roles"),
    [
        ("设备完好率目标值和完成值各是多少", ("target", "reached")),
        ("这一项得了几分", ("score",)),
        ("接通率要达到多少", ("target",)),
        ("库房有几间", ()),
    ],
)
def test_what_is_asked_of_an_indicator_is_told_by_the_question(question: str, roles: tuple[str, ...]) -> None:
    assert roles_asked(question) == roles
