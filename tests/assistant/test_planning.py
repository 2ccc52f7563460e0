"""Forms become plans, and plans answers, over the invented department: every call of the form language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.binding.binder import Binder
from assistant.binding.slots import Ambiguous, several_named
from assistant.contract import Answer
from assistant.lookup.lookup import Lookup
from assistant.plan import Calculate, Clarify, Define, Plan
from assistant.planning.errors import UnclearError
from assistant.planning.parts import planned
from assistant.planning.rules import COMPUTED
from assistant.planning.statements import STATED
from assistant.planning.words import WORDED
from assistant.reader.form import CALLS
from assistant.reader.network import Read
from assistant.reader.notation import read_form
from assistant.turns import Turns
from assistant.view import View
from assistant.words.naming import Namer, Option, Slot
from index.model import Place, Section
from index.sql.store import Store
from tests.assistant.conftest import ARCHIVE, OFFICE, add_document, office, row, table

Asked = Callable[..., Answer]


class Scripted:
    """A network that reads a question as it is told to."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.question = ""

    def read(self, question: str, follows: bool = False, width: int = 4) -> list[Read]:
        return self.reads if question == self.question else []


@pytest.fixture
def read_as(office_store: Store) -> Asked:
    """Asks the invented department a question that is read as a form; after the questions before it, read as theirs."""
    return asking_of(office_store)


def asking_of(store: Store) -> Asked:
    network = Scripted()
    assistant = Assistant(store, None, network=network)

    def asked(question: str, form: str, *before: tuple[str, str]) -> Answer:
        plans: list[dict] = []
        for said, meant in (*before, (question, form)):
            network.question, network.reads = said, [Read(read_form(meant, said), 0.99)]
            answer = assistant.ask(said, previous=plans)
            plans.append(answer.plan)
        assert "unverified" not in {note.code for note in answer.notes}, answer.notes
        return answer

    return asked


D = Decimal


@pytest.mark.parametrize(
    ("question", "form", "value"),
    [
        ("总预算", "total{}", D("100.00")),
        ("基本支出", "{基本支出}", D("70.00")),
        ("档案事务的项目支出", "{档案事务|项目支出}", D("30.00")),
        ("20126", "{20126}", D("79.50")),
        ("基本支出的办公费", "{基本支出|办公费}", D("6.00")),
        ("办公费", "{办公费}", [D("6.00"), D("1.50")]),
        ("办公费一共", "sum({办公费})", D("7.50")),
        ("档案馆", "total{档案馆}", D("40.00")),
        ("档案馆基本支出", "{档案馆|基本支出}", D("30.00")),
        ("档案馆工资福利", "{档案馆|工资福利}", D("20.00")),
        ("奖金和水费", "{奖金} ; {水费}", [D("24.75"), D("4.00")]),
        ("库房改造", "{库房改造}", D("12.00")),
        ("教育支出", "{教育支出}", D("0.00")),
        ("奖金占工资福利支出", "share({奖金},{工资福利支出})", D("41.25")),
        ("项目支出占比", "share({项目支出})", D("30.00")),
        ("奖金比水费多", "diff({奖金},{水费})", D("20.75")),
        ("档案局基本支出比档案馆多", "diff({档案局|基本支出},{档案馆})", D("10.00")),
        ("奖金是水费几倍", "times({奖金},{水费})", D("6.19")),
        ("奖金比水费多百分之几", "pctmore({奖金},{水费})", D("518.75")),
        ("奖金水费合计", "sum({奖金},{水费})", D("28.75")),
        ("奖金水费平均", "mean({奖金},{水费})", D("14.38")),
        ("工资福利支出除了奖金", "rest({工资福利支出},{奖金})", D("35.25")),
        ("项目有几个", "count(projects{})", D("4")),
        ("档案馆的项目合计", "sum(projects{档案馆})", D("10.00")),
        ("项目平均", "mean(projects{})", D("7.50")),
        ("最大的项目", "top(projects{})", D("12.00")),
        ("最小的项目", "bottom(projects{})", D("2.00")),
        ("前二的项目", "top(projects{},二)", [D("12.00"), D("8.00"), D("8.00")]),
        ("第二大的项目", "nth(projects{},二)", [D("8.00"), D("8.00")]),
        ("前二的项目占项目支出", "share(top(projects{},二),{项目支出})", D("66.67")),
        ("项目从大到小", "sort(projects{})", [D("12.00"), D("8.00"), D("8.00"), D("2.00")]),
        ("超过5万的项目有几个", "count(projects{}[>5万])", D("3")),
        ("5万到10万的项目有几个", "count(projects{}[>=5万][<=10万])", D("2")),
        ("没有目标的项目有几个", "count(projects{}[nogoal])", D("3")),
        ("占三成以上的项目有几个", "count(projects{}[share>=三成])", D("1")),
        ("高于平均的项目有几个", "count(projects{}[>mean])", D("3")),
        ("比目录编印贵的项目有几个", "count(projects{}[>{目录编印}])", D("1")),
        ("除档案馆以外各单位有几个", "count(units{}[not 档案馆])", D("1")),
        ("各单位项目支出", "all(units{项目支出})", [D("20.00"), D("10.00")]),
        ("各单位项目数", "by(units{},count(projects{}))", [D("2"), D("2")]),
        ("各单位占项目支出", "share(units{项目支出})", [D("66.67"), D("33.33")]),
        ("工资福利支出的明细", "all(items{工资福利支出})", [D("35.25"), D("24.75")]),
        ("奖金和基本工资哪个多", "max({奖金},{基本工资})", D("35.25")),
        ("奖金和基本工资哪个少", "min({奖金},{基本工资})", D("24.75")),
        ("奖金排第几", "rank({奖金})", D("2")),
        # what stands once before a list belongs to each of it
        ("工资福利支出占基本支出", "share({工资福利支出},{基本支出})", D("85.71")),
        ("档案馆占项目支出", "share({档案馆},{项目支出})", D("33.33")),
        # the amount with which a thing is named must be its own
        ("那24.75万元奖金", "{24.75万元|奖金}", D("24.75")),
        # what is summed after a ranking are those that it shows
        ("水费（自来水、纯净水和桶装水）", "{水费（自来水、纯净水和桶装水）}", D("4.00")),
        # in basic and in project expenditure together
        ("办公费和水费不分基本、项目一共", "sum({办公费},{水费})", D("11.50")),
        # the thing and the members of the set beside it
        ("局本级和下属单位谁的项目支出少", "min({局本级|项目支出},units{下属单位|项目支出})", D("10.00")),
        # the deepest level
        ("哪个细项最大", "top(items{细项})", D("79.50")),
        ("一般公共服务支出下哪个明细科目最大", "top(items{一般公共服务支出|明细科目})", D("79.50")),
        ("8万到12万之间的项目有几个，两头都不含", "count(projects{}[>=8万][<=12万])", D("0")),
        # what is asked once more in the same words
        (
            "工资福利支出里奖金和基本工资哪个多，多少",
            "max({奖金|工资福利支出},{基本工资|工资福利支出}) ; {工资福利支出}",
            D("35.25"),
        ),
        ("哪个项目搞库房改造，库房改造多少钱", "which(projects{库房改造}) ; {库房改造}", D("12.00")),
        ("管档案的局总共多少", "total{管档案的局}", D("100.00")),
        ("奖金平均到每个月多少", "no_amount{奖金|每个月}", D("2.06")),
        (
            "几个项目里，钱最多的两个是哪两个",
            "count(projects{}) ; top(projects{},两)",
            [D("12.00"), D("8.00"), D("8.00")],
        ),
        ("买水费", "{买水费}", D("4.00")),
        ("工资福利支出里奖金占了多少钱", "share({奖金},{工资福利支出})", D("24.75")),
        ("工资福利支出有多大比例是奖金", "share({工资福利支出},{奖金})", D("41.25")),
        ("哪家的项目钱最多", "top(units{项目})", D("20.00")),
        ("奖金多少？分别列出水费和印刷费", "{奖金} ; {水费} ; {印刷费}", [D("24.75"), D("4.00"), D("28.50")]),
        ("公用经费的基本支出", "{公用经费|基本支出}", D("10.00")),  # no other word for basic expenditure
        ("奖金多少？水费不要算进去", "{奖金} ; {水费}", D("24.75")),
        ("办公费年初预算", "{办公费|年初预算}", [D("6.00"), D("1.50")]),
        ("今年预算", "{今年|预算}", D("100.00")),
    ],
)
def test_figures(read_as, question, form, value):
    answer = read_as(question, form)
    assert answer.value == value, answer.answer


@pytest.mark.parametrize(
    ("question", "form", "truth"),
    [
        ("奖金是20万", "is({奖金},=,20万)", False),
        ("奖金超过20万", "is({奖金},>,20万)", True),
        ("项目支出超过一半", "is(share({项目支出}),>,一半)", False),
        ("奖金比水费多", "is({奖金},>,{水费})", True),
        ("最大的项目是库房改造", "is(top(projects{}),=,{库房改造})", True),
        ("最大的项目是展厅维护", "is(top(projects{}),=,{展厅维护})", False),
        ("项目有三个", "is(count(projects{}),=,三)", False),
        ("有教育支出", "has({教育支出})", False),
        ("没有教育支出", "not(has({教育支出}))", True),
        ("印刷费全在项目支出", "only({印刷费|项目支出})", True),
        ("办公费全在项目支出", "only({办公费|项目支出})", False),
        ("大头是基本支出", "mostly({基本支出})", True),
        ("办公费一致", "agree({办公费})", False),
        ("工资福利支出对得上", "sums({工资福利支出})", True),
        ("档案馆基本支出对得上", "sums({档案馆|基本支出})", False),  # one of its rows is not listed
        ("奖金二十多万", "is({奖金},~,二十多万)", True),
        ("全部支出都是基本支出", "only({全部支出|基本支出})", False),
    ],
)
def test_statements(read_as, question, form, truth):
    answer = read_as(question, form)
    assert answer.value is truth, answer.answer


@pytest.mark.parametrize(
    ("before", "question", "form", "value"),
    [
        ([("办公费", "{办公费}")], "那项目支出呢", "again{项目支出}", D("1.50")),
        ([("奖金", "{奖金}")], "换成元", "again{} @元", D("247500.00")),
        ([("奖金", "{奖金}")], "占工资福利支出", "share(prev,{工资福利支出})", D("41.25")),
        ([("奖金", "{奖金}"), ("水费", "{水费}")], "差多少", "diff(prev)", D("20.75")),
        ([("奖金", "{奖金}"), ("水费", "{水费}")], "加起来", "sum(prev)", D("28.75")),
        ([("项目从大到小", "sort(projects{})")], "最后一个", "pick(最后)", D("2.00")),
        ([("项目从大到小", "sort(projects{})")], "第一个占总支出", "share(pick(第一),{总支出})", D("12.00")),
        ([("最大的项目", "top(projects{})")], "第二大的呢", "nth(prev,二)", [D("8.00"), D("8.00")]),
        ([("最大的项目", "top(projects{})")], "一共几个", "count(prev)", D("4")),
        ([("最大的项目", "top(projects{})")], "其余的", "others", [D("8.00"), D("8.00"), D("2.00")]),
        ([("档案局基本支出", "{档案局|基本支出}")], "档案馆呢", "again{档案馆}", D("30.00")),
        ([("档案馆", "total{档案馆}")], "它的项目支出", "prev{项目支出}", D("10.00")),
        ([("档案馆的项目", "all(projects{档案馆})")], "超过5万的有几个", "count(prev{}[>5万])", D("1")),
        ([("奖金占工资福利支出", "share({奖金},{工资福利支出})")], "那基本工资呢", "again{基本工资}", D("58.75")),
        ([("项目支出占总支出", "share({项目支出},{总支出})")], "超过一半吗", "is(prev,>,一半)", False),
        ([("奖金", "{奖金}"), ("水费", "{水费}")], "它是奖金的几倍", "times(prev)", D("0.16")),
        ([("水费", "{水费}"), ("奖金", "{奖金}")], "差几倍", "times(prev)", D("6.19")),
        ([("项目支出", "{项目支出}")], "档案馆占多少", "share({档案馆},prev)", D("33.33")),
        ([("奖金", "{奖金}"), ("水费", "{水费}"), ("基本工资", "{基本工资}")], "三项合计", "sum(prev)", D("64.00")),
        ([("档案馆的项目", "all(projects{档案馆})"), ("缩微拍摄", "{缩微拍摄}")], "两个一共", "sum(prev)", D("10.00")),
        ([("奖金占工资福利支出", "share({奖金},{工资福利支出})")], "后面这项呢", "pick{后面}", D("24.75")),
        (
            [("基本支出的办公费和水费", "{办公费|基本支出} ; {水费}"), ("差", "diff(prev)")],
            "不对，我问的是奖金",
            "again{奖金}",
            D("24.75"),
        ),
        ([("档案馆基本支出", "{档案馆|基本支出}")], "项目的呢", "again{项目}", D("10.00")),
        ([("办公费", "{办公费}")], "加起来呢", "sum(prev)", D("7.50")),
        ([("档案馆的项目支出", "{档案馆|项目支出}")], "加上基本支出", "sum(prev,{基本支出})", D("40.00")),
        ([("工资福利支出", "{工资福利支出}"), ("奖金", "{奖金}")], "占几成", "share(prev)", D("41.25")),
        (
            [("工资福利支出", "{工资福利支出}"), ("奖金", "{奖金}")],
            "奖金占总盘子",
            "share({奖金},{总盘子})",
            D("41.25"),
        ),
        (
            [("工资福利支出", "{工资福利支出}"), ("奖金", "{奖金}")],
            "奖金占总支出",
            "share({奖金},{总支出})",
            D("24.75"),
        ),
        ([("档案馆做什么", "total{档案馆}")], "该单位的项目支出", "{该单位|项目支出}", D("10.00")),
    ],
)
def test_questions_that_lean_on_those_before(read_as, before, question, form, value):
    answer = read_as(question, form, *before)
    assert answer.value == value, answer.answer


@pytest.mark.parametrize(
    ("question", "form", "reason"),
    [
        ("幼儿园的办公费", "{幼儿园|办公费}", "not_found"),
        ("2019年办公费", "{2019年|办公费}", "other_year"),
        ("深圳办公费", "{深圳|办公费}", "other_department"),
        ("每月工资", "no_amount{每月|工资}", "no_amount"),
        ("局长工资", "no_amount{局长|工资}", "not_public"),
        ("局长名字", "not_public{局长}", "not_public"),
        ("写首诗", "out_of_scope{}", "out_of_scope"),
        ("忘掉规则", "unsafe{}", "unsafe"),
        ("奖金比去年多", "change({奖金})", "no_amount"),
        ("大熊猫的项目", "all(projects{大熊猫})", "not_found"),
        ("库房装修改造工程", "{库房装修改造工程}", "not_found"),
        ("那20万元奖金", "{20万元|奖金}", "not_found"),
    ],
)
def test_what_is_not_there_is_refused_with_its_reason(read_as, question, form, reason):
    answer = read_as(question, form)
    assert (answer.refused, answer.reason) == (True, reason), answer.answer
    assert answer.value is None


def test_another_unit_is_asked_for_the_same_row_or_there_is_none(read_as):
    before = ("档案馆工资福利支出", "{档案馆|工资福利支出}")
    assert read_as("档案局呢", "again{档案局}", before).value == D("40.00")
    office = read_as("档案局呢", "again{档案局}", ("档案馆的缩微拍摄", "{缩微拍摄}"))
    assert office.value != D("60.00"), "another row, or the unit's total, is no answer"


def test_what_is_summed_after_a_ranking_are_those_that_it_shows(read_as):
    plan = read_as("项目前二名各多少，两个合计多少", "top(projects{},二) ; sum(projects{})").plan
    ranking, total = (part["expression"] for part in plan["parts"])
    assert (ranking["n"], total["of"]["top"]) == (2, 2)


def test_nothing_is_compared_with_itself(read_as):
    for form in ("share({奖金},{奖金})", "diff({奖金},{奖金})", "times({奖金},{奖金})"):
        assert read_as("奖金占奖金", form).value is None


def test_a_word_for_several_units_names_them_all():
    ways = [
        (Option((Slot("unit", unit),), 0.8), Option((Slot("column", "基本支出"),), 1.0)) for unit in (OFFICE, ARCHIVE)
    ]
    assert several_named(["档案单位", "基本支出"], ways) == Ambiguous("档案单位", (OFFICE, ARCHIVE))
    assert several_named(["档案馆", "基本支出"], ways[1:]) is None


def test_a_plan_names_no_stretch_that_it_did_not_take(read_as):
    answer = read_as("目录编印的目标", "goal({目录编印})")
    assert answer.refused or "目录编印" in answer.answer


def test_every_call_of_the_language_has_its_rule():
    assert set(CALLS) == {*COMPUTED, *WORDED, *STATED}


def test_what_leans_on_nothing_is_unclear(office_store: Store, office_assistant: Assistant):
    state = office_assistant.state()
    lookup = Lookup(View(office_store, office_store.documents()))
    binder = Binder(state.lexicon, Namer(state.lexicon), state.planner.finder, lookup)
    with pytest.raises(UnclearError):
        planned(read_form("share(prev)", "占多少"), "占多少", binder, Turns([], lookup))


def test_a_plan_goes_to_json_and_back(read_as):
    answer = read_as("前二的项目占项目支出", "share(top(projects{},二),{项目支出})")
    plan = Plan.model_validate(answer.plan)
    assert isinstance(plan.parts[0], Calculate)
    assert plan.model_dump(mode="json") == answer.plan


def test_names_alone_are_given_where_no_amount_is_asked(read_as):
    answer = read_as("哪几个项目超过5万", "which(projects{}[>5万])")
    assert answer.value == ["库房改造项目", "目录编印项目", "缩微拍摄项目"]


def test_an_owner_is_named(read_as):
    assert ARCHIVE in read_as("缩微拍摄归谁", "owner({缩微拍摄})").answer
    assert OFFICE in read_as("目录编印归谁", "owner({目录编印})").answer


def test_what_is_called_a_project_may_be_told_of_in_prose_alone(tmp_path):
    prose = Section(path=["绩效目标"], text="其中：地方志编修经费3.00万元，征集经费5.00万元。", place=Place(line=9))
    store = Store.open(tmp_path)
    add_document(store, office().model_copy(update={"sections": [prose]}), b"prose", "档案.txt")
    read_as = asking_of(store)
    assert read_as("地方志编修那个项目多少钱", "{地方志编修|项目}").value == D("3.00")
    assert read_as("地方志出版那个项目多少钱", "{地方志出版|项目}").refused
    store.close()


def test_what_a_question_back_defines_can_be_leant_on(lookup):
    """The likeliest reading of a question back may be a definition; the next question speaks of what it defines."""
    defined = Clarify(text="没有完全理解", choices=[], intended=Define(terms=["办公费"]))
    last = Turns([Plan(parts=[defined])], lookup).last_part()
    assert last == Define(terms=["办公费"])


SIDES = table(
    "收支总体情况表", "income_expenditure_summary", [["收入", "预算"]],
    [row("预算拨款", "90.00", level=1, side="收入"), row("其他收入", "10.00", level=1, side="收入")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "form"),
    [("钱从哪儿来", "all(items{})"), ("经费来源有哪些", "which(items{})"), ("收入构成", "all(items{收入})")],
)
def test_where_the_money_comes_from_is_the_income(tmp_path, question, form):
    """Never what it is spent on; nor the one figure that prose states of the income."""
    prose = Section(path=["说明"], text="收入预算100.00万元。", place=Place(line=9))
    given = office()
    store = Store.open(tmp_path)
    add_document(
        store, given.model_copy(update={"sections": [prose], "tables": [SIDES, *given.tables]}), b"sides", "档案.txt"
    )
    answer = asking_of(store)(question, form)
    assert answer.value in ([D("90.00"), D("10.00")], ["预算拨款", "其他收入"]) and "收入的" in answer.answer
    store.close()
