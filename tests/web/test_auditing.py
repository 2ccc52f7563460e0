"""The audit of very many departments: one at a time; how an identity reads on the page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.web.api import audit as api_audit
from assistant.web.pages.audit_html import list_html
from assistant.web.service import problems
from assistant.web.service.auditing import MOST_DEPARTMENTS, Audit, Checked, TooManyError, Wanted
from assistant.web.sources.named_cells import NamedCells
from index.checks.identity import Identity, IdentityCell
from index.sql.store import Store, document_id_of
from tests.assistant.conftest import add_document
from tests.assistant.test_large_library import budget
from tests.web.test_evidence import row, table


class _Desk:
    """What the routes of the audit use of a desk."""

    def __init__(self, store: Store) -> None:
        self.store, self.audit = store, Audit(store)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> _Desk:
    store = Store.open(tmp_path_factory.mktemp("province"))
    for number in range(MOST_DEPARTMENTS + 1):
        add_document(store, budget(f"{number}号局", number), str(number).encode(), f"{number}.txt")
    return _Desk(store)


def test_all_of_very_many_departments_are_not_audited_at_once(desk: _Desk) -> None:
    with pytest.raises(TooManyError, match="61个部门，一次最多核对60个"):
        desk.audit.find(Wanted())
    (one,) = {checked.info.department for checked in desk.audit.find(Wanted(department="7号局"))}
    assert one == "7号局"


def test_the_api_says_what_to_name(desk: _Desk) -> None:
    app = FastAPI()
    app.include_router(api_audit.router(desk))  # type: ignore[arg-type]
    problems.install(app)
    client = TestClient(app)
    refused = client.get("/api/audit", params={"year": 2024})
    assert refused.status_code == 422 and "department" in refused.json()["detail"]
    assert client.get("/api/audit", params={"department": "7号局"}).json()["total"] > 0
    assert client.get("/api/audit.csv").status_code == 422


@pytest.mark.parametrize(("of_parts", "printed"), [(False, ["40,052,896.08"]), (True, ["40,052,000.00", "896.08"])])
def test_what_is_printed_in_another_unit_reads_in_the_unit_of_the_comparison_too(
    tmp_path: Path, of_parts: bool, printed: list[str]
) -> None:
    rows = [row("合计", "4,005.29"), row("支出", *printed)]
    store, content = Store.open(tmp_path), b"units"
    tables = [table([["合计"]], rows[:1]), table([[str(i)] for i in range(len(printed))], rows[1:], unit="元")]
    add_document(store, budget("某局", 0).model_copy(update={"tables": tables}), content, "某局.txt")
    (info,) = store.documents()
    left = IdentityCell(0, 0, 0, "4,005.29", Decimal("4005.29"), "万元")
    right = [IdentityCell(1, 0, i, text, Decimal(text.replace(",", "")), "元") for i, text in enumerate(printed)]
    identity = Identity(document_id_of(content), "表间一致", "合计", (left,), tuple(right))
    html = list_html([Checked(identity, identity.verdict, info)], NamedCells(store))
    assert "4,005.29万元</button>" in html
    assert "<b>4,005.289608万元</b>" in html
    for text, in_wan in zip(
        printed, ["4,005.20万元", "0.089608万元"] if of_parts else ["4,005.289608万元"], strict=True
    ):
        assert f"<b>{in_wan}</b>" in html
        assert f">{text}元</button>" in html
