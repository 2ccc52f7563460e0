"""What the list of projects says of all of them, on hand-built documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.catalog import Catalog, ProjectFilter, build_catalog
from assistant.web.api.project_export import export_of
from assistant.web.pages.project_html import Shown, list_html
from index.sql.store import Store
from tests.assistant.conftest import add_document
from tests.assistant.test_catalog import document, project, projects_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A budget and final accounts of one bureau, and the budget of another in another unit and year."""
    documents = [
        document(2023, projects_of(2023, project("甲项目", "1.00"))),
        document(2023, projects_of(2023, project("乙项目", "3.00")), kind="部门决算"),
        document(2024, projects_of(2024, project("丙项目", "70000.00"), unit="元"), department="某市林业局"),
    ]
    opened = Store.open(tmp_path)
    for number, one in enumerate(documents):
        add_document(opened, one, str(number).encode(), f"{number}.txt")
    return opened


@pytest.fixture
def catalog(store: Store) -> Catalog:
    return build_catalog(store)


def headline(catalog: Catalog, **wanted: object) -> str:
    selection = catalog.select(ProjectFilter(**wanted))  # type: ignore[arg-type]
    said = re.search(r'<p role="status">(.*?)</p>', list_html(selection, Shown("amount_desc", 0, "", "")))
    assert said is not None
    return re.sub(r"<[^>]+>", "", said[1])


def test_headline_adds_up_each_year_by_itself_and_says_whose(catalog: Catalog) -> None:
    assert headline(catalog) == "3 个项目　2 个部门　部门决算、部门预算　各年合计 2024年 7.00万元2023年 4.00万元"


def test_headline_of_one_year_and_department_names_them(catalog: Catalog) -> None:
    assert headline(catalog, years=(2024,)) == "1 个项目　某市林业局　部门预算　合计 2024年 70,000.00元"


def test_workbook_notes_no_sum_over_years(store: Store, catalog: Catalog) -> None:
    notes = export_of(
        catalog.select(ProjectFilter()), ProjectFilter(), {info.id: info for info in store.documents()}
    ).notes
    totals = {name: value for name, value in notes if "年合计" in name}
    assert {name: float(str(value)) for name, value in totals.items()} == {
        "2024年合计（元）": 70_000, "2024年合计（万元）": 7, "2023年合计（元）": 40_000, "2023年合计（万元）": 4,
    }  # fmt: skip
    assert not any(name.startswith("合计") for name, _ in notes)
