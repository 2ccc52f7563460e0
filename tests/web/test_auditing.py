"""The audit of very many departments: one at a time."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.web.api import audit as api_audit
from assistant.web.service import problems
from assistant.web.service.auditing import MOST_DEPARTMENTS, Audit, TooManyError, Wanted
from index.sql.store import Store
from tests.assistant.conftest import add_document
from tests.assistant.test_large_library import budget


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
