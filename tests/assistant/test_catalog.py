"""All projects of several documents: counted once, filtered, added up, and found again in other years."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.catalog import Catalog, ProjectFilter, Projects, build_catalog, share_of
from assistant.project_entries import are_alike, undated
from index.model import Document, Place, Row, Table
from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import get_settings
from index.sql.store import Store, document_id_of
from tests.assistant.conftest import add_document, office, row, table
from tests.services import Chroma

BUREAU = "某市水务局"


def projects_of(year: int, *rows: Row, unit: str = "万元", kind: str = "project_list", title: str = "项目支出表",
                columns: list[list[str]] | None = None) -> Table:  # fmt: skip
    return Table(title=title, kind=kind, unit=unit, columns=columns or [["合计"]], rows=list(rows), place=Place(line=1))


def document(year: int, *tables: Table, department: str = BUREAU, kind: str = "部门预算") -> Document:
    return Document(title=f"{year}年{department}{kind}", department=department, year=year, kind=kind, budget_units=[department],
                    tables=list(tables), sections=[])  # fmt: skip


def project(name: str, amount: str, **fields: object) -> Row:
    return row(name, amount, role="project", **fields)


Made = Callable[..., Catalog]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A catalog over these documents."""

    def make(*documents: Document) -> Catalog:
        store = Store.open(tmp_path / "store")
        for number, one in enumerate(documents):
            add_document(store, one, str(number).encode(), f"{number}.txt")
        return build_catalog(store)

    return make


@pytest.fixture(scope="module")
def catalog(office_store: Store) -> Catalog:
    return build_catalog(office_store)


def names(catalog: Catalog, *, order: str | None = None, **wanted: object) -> list[str]:
    return [e.name for e in catalog.select(ProjectFilter(**wanted), order).entries]  # type: ignore[arg-type]


# --- what is a project ---------------------------------------------------------------------------------------------
def test_rows_of_the_list_are_projects_with_their_cell(catalog: Catalog) -> None:
    assert names(catalog) == ["库房改造项目", "目录编印项目", "缩微拍摄项目", "展厅维护项目"]
    entry = catalog.entries[0]
    assert (entry.fact.text, entry.fact.unit, entry.amount) == ("12.00", "万元", Decimal("120000.00"))
    assert catalog.get(entry.id) is entry


def test_form_of_a_listed_project_is_the_same_project_and_gives_its_target(made: Made) -> None:
    listed = projects_of(2024, project("2024河道清淤项目", "1200000"), unit="元")
    goals = table("项目支出绩效目标表", "performance_projects", [["预算金额"], ["年度目标"]], [
        Row(label="2024年河道清淤项目", path=["2024年河道清淤项目"], cells=["120.00", "清淤12公里。"], values=[Decimal("120.00"), None],
            role="project", place=Place(line=1)),
    ])  # fmt: skip
    made_of = made(document(2024, listed, goals))
    (entry,) = made_of.entries
    assert [fact.text for fact in entry.also] == ["120.00"]
    assert [words.text for words in entry.targets] == ["清淤12公里。"]
    assert made_of.select(ProjectFilter()).total == Decimal(1_200_000)


def test_form_without_its_project_in_the_list_is_shown_and_not_counted(made: Made) -> None:
    listed = projects_of(2024, project("河道清淤", "120.00"), project("水库加固", "30.00"))
    goals = projects_of(2024, project("水利工程", "150.00"), kind="performance_projects", title="绩效目标表")
    selection = made(document(2024, listed, goals)).select(ProjectFilter())
    assert [(e.name, e.counted) for e in selection.entries] == [
        ("水利工程", False),
        ("河道清淤", True),
        ("水库加固", True),
    ]
    assert (selection.total, len(selection.summed)) == (Decimal(1_500_000), 2)


def test_same_name_in_one_table_is_two_projects(made: Made) -> None:
    rows = [project("购置经费", "1.00", budget_unit="甲中心"), project("购置经费", "2.00", budget_unit="乙中心")]
    assert len(made(document(2024, projects_of(2024, *rows))).entries) == 2


def test_project_that_final_accounts_repeat_counts_with_its_budget(made: Made) -> None:
    budget = document(2024, projects_of(2024, project("河道清淤", "120.00")))
    final = document(2024, projects_of(2024, project("河道清淤", "118.00")), kind="部门决算")
    (entry,) = made(final, budget).entries
    assert (entry.kind, entry.fact.text, [f.text for f in entry.also]) == ("部门预算", "120.00", ["118.00"])


def test_blank_amount_is_a_project_without_one(made: Made) -> None:
    selection = made(document(2024, projects_of(2024, project("涉密项目", ""), project("河道清淤", "0.00")))).select(
        ProjectFilter()
    )
    assert [(e.name, e.amount) for e in selection.entries] == [("河道清淤", Decimal(0)), ("涉密项目", None)]
    assert len(selection.summed) == 1


# --- filters and totals --------------------------------------------------------------------------------------------
def test_filters_restrict_together(catalog: Catalog) -> None:
    assert names(catalog, with_target=True) == ["库房改造项目"]
    assert names(catalog, with_target=False, units=("某县档案馆",)) == ["缩微拍摄项目", "展厅维护项目"]
    assert names(catalog, least=Decimal(80_000), most=Decimal(80_000)) == ["目录编印项目", "缩微拍摄项目"]
    assert names(catalog, years=(2023,)) == names(catalog, departments=("别的局",)) == []


def test_words_are_found_in_name_unit_and_target(catalog: Catalog) -> None:
    assert names(catalog, words="拍摄") == ["缩微拍摄项目"]
    assert names(catalog, words="三间") == ["库房改造项目"]
    assert names(catalog, words="档案馆 维护") == ["展厅维护项目"]
    assert names(catalog, words="展厅维护改造") == ["展厅维护项目"]  # most of its characters
    assert names(catalog, words="区块链") == []


def test_words_are_found_while_the_vectors_cannot_be_read(office_store: Store, chroma: Chroma) -> None:
    vectors = Vectors.connect(chroma.url, None, "catalog", load_embedding(get_settings()))
    chroma.stop()
    try:
        assert names(build_catalog(office_store, vectors), words="拍摄") == ["缩微拍摄项目"]
    finally:
        chroma.start()


def test_orders(catalog: Catalog) -> None:
    assert names(catalog, order="amount_asc")[0] == "展厅维护项目"
    assert names(catalog, order="name") == ["库房改造项目", "目录编印项目", "缩微拍摄项目", "展厅维护项目"]  # by pinyin


def test_total_of_mixed_units_is_exact(made: Made) -> None:
    first = document(2024, projects_of(2024, project("甲项目", "0.1"), project("乙项目", "0.2")))
    other = document(2024, projects_of(2024, project("丙项目", "0.03"), unit="元"), department="某市林业局")
    selection = made(first, other).select(ProjectFilter())
    assert (selection.total, selection.total_unit) == (Decimal("3000.03"), "万元")


def test_total_of_one_unit_is_said_in_it(catalog: Catalog) -> None:
    selection = catalog.select(ProjectFilter())
    assert (selection.total, selection.total_unit) == (Decimal(300_000), "万元")


def test_each_year_adds_up_by_itself(made: Made) -> None:
    catalog = made(
        document(2023, projects_of(2023, project("甲项目", "1.00"))),
        document(2024, projects_of(2024, project("甲项目", "2.00"), project("乙项目", "3.00"))),
        document(2024, projects_of(2024, project("丙项目", "70000"), unit="元"), department="某市林业局"),
    )
    by_year = catalog.select(ProjectFilter()).by_year
    assert [(year, found.total) for year, found in by_year.items()] == [
        (2024, Decimal(120_000)),
        (2023, Decimal(10_000)),
    ]


# --- other years and shares ----------------------------------------------------------------------------------------
def test_same_project_of_other_years_is_sure_or_only_likely(made: Made) -> None:
    made_of = made(
        document(2025, projects_of(2025, project("2025年度河道清淤项目", "130.00"))),
        document(2024, projects_of(2024, project("2024年度河道清淤项目", "120.00"), project("水库加固", "5.00"))),
        document(2023, projects_of(2023, project("全市河道清淤项目", "110.00"))),
    )
    entry = next(e for e in made_of.entries if e.fact.year == 2025)
    found = [(n.entry.name, n.sure) for n in made_of.other_years(entry)]
    assert found == [("2024年度河道清淤项目", True), ("全市河道清淤项目", False)]


def test_project_of_another_department_is_another(made: Made) -> None:
    made_of = made(
        document(2025, projects_of(2025, project("购置经费", "1.00"))),
        document(2024, projects_of(2024, project("购置经费", "1.00")), department="某市林业局"),
    )
    assert all(made_of.other_years(entry) == [] for entry in made_of.entries)


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("河道清淤工程", "水库加固工程", False), ("全市河道清淤项目", "河道清淤项目", True), ("智慧水务平台一期", "智慧水务平台二期", False),
])  # fmt: skip
def test_names_alike(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike


@pytest.mark.parametrize(("name", "plain"), [
    ("2026年信访专项经费", "信访专项经费"), ("2026信访专项经费", "信访专项经费"), ("信息化项目（2025-2026年度）", "信息化项目"), ("2026", "2026"),
    ("12345热线运维", "12345热线运维"), ("20241234号线", "20241234号线"),
])  # fmt: skip
def test_years_are_no_part_of_a_name(name: str, plain: str) -> None:
    assert undated(name) == plain


def test_share_is_of_the_project_expenditure_that_the_document_states(office_store: Store, catalog: Catalog) -> None:
    share = share_of(office_store, catalog.entries[0])
    assert share is not None
    assert (share.percent, share.total.amount, share.total.unit) == (Decimal("40.00"), Decimal("30.00"), "万元")
    assert share.total.facts[0].text == "30.00"


def test_no_share_where_no_total_is_stated(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_document(store, document(2024, projects_of(2024, project("河道清淤", "120.00"))), b"0", "0.txt")
    assert share_of(store, build_catalog(store).entries[0]) is None


def test_catalog_is_made_again_when_the_store_changes(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    projects = Projects(store)
    assert projects.current().entries == ()
    add_document(store, office(), b"office", "档案.txt")
    first = projects.current()
    assert len(first.entries) == 4
    assert projects.current() is first
    store.remove(document_id_of(b"office"))
    assert projects.current().entries == ()
