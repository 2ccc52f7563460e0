"""Several services over PostgreSQL and a Chroma server: they answer as one over SQLite and embedded Chroma does, and alike, while
another process indexes, and what that has indexed they see without a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest

from index.ingest import SHIPPED
from index.settings import Settings, get_settings
from tests.conftest import Service, budget_qa, serving
from tests.services import Chroma, PostgreSQL, environment
from tests.web.test_serve import SECOND, ask, documents

QUESTIONS = [
    "总预算是多少", "办公费是多少", "项目支出占总支出的百分之几", "金额最大的三个项目是哪些", "什么是三公经费", "三公经费是多少",
    "基本支出和项目支出哪个多", "有多少个项目", "部门的主要职责是什么", "政府采购预算是多少", "2019年的总预算是多少", "人员经费有哪些",
    "绩效目标是怎么设定的", "一般公共预算支出是多少", "收入从哪里来", "你好",
]  # fmt: skip


@pytest.fixture(scope="module")
def on_servers(tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSQL, chroma: Chroma) -> Settings:
    """Settings of an empty database and a Chroma server."""
    return get_settings(
        store=tmp_path_factory.mktemp("servers") / "store", database_url=postgresql.database(), chroma_url=chroma.url
    )


@pytest.fixture(scope="module")
def replicas(on_servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Service]]:
    """Two services that start at once over the empty database, each with a folder of its own, as on two machines."""
    started: list[Service] = []
    with ExitStack() as stack:

        def start() -> None:
            folder = tmp_path_factory.mktemp("replica") / "store"
            started.append(stack.enter_context(serving(folder, **environment(on_servers))))

        threads = [Thread(target=start) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(started) == 2
        yield started


def told(service: Service, question: str) -> dict:
    answer = ask(service.url, question)
    del answer["elapsed_ms"]
    return answer


@pytest.mark.slow
def test_replicas_that_start_at_once_index_the_shipped_document_once(replicas: list[Service]) -> None:
    assert [len(documents(replica.url)) for replica in replicas] == [1, 1]
    assert all("Traceback" not in "".join(replica.log) for replica in replicas)
    assert not any((replica.store / "service.json").exists() for replica in replicas)


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_sqlite_and_embedded_chroma(
    service: Service, replicas: list[Service], question: str
) -> None:
    assert told(replicas[0], question) == told(replicas[1], question) == told(service, question)


@pytest.mark.slow
def test_replicas_answer_alike_while_a_third_process_indexes_and_then_see_it(
    replicas: list[Service], on_servers: Settings, tmp_path: Path, run_budget_qa: Callable
) -> None:
    (only,) = documents(replicas[0].url)
    before = {question: ask(replicas[0].url, question, documents=[only["id"]]) for question in QUESTIONS[:4]}
    folder = tmp_path / "文件"
    folder.mkdir()
    for year in range(2021, 2024):
        (folder / f"{year}.txt").write_text(SECOND.replace("2023", str(year)), "utf-8")
    done, wrong = Event(), []

    def question(replica: Service) -> None:
        while not done.is_set():
            for asked, answer in before.items():
                again = ask(replica.url, asked, documents=[only["id"]])
                if (again["answer"], again["citations"]) != (answer["answer"], answer["citations"]):
                    wrong.append((replica.url, asked, again["answer"]))

    threads = [Thread(target=question, args=(replica,)) for replica in replicas]
    for thread in threads:
        thread.start()
    indexed = run_budget_qa("ingest", str(folder), "--store", str(tmp_path / "third"), **environment(on_servers))
    done.set()
    for thread in threads:
        thread.join()
    assert (indexed.returncode, wrong) == (0, []), indexed.stderr
    for replica in replicas:
        assert len(documents(replica.url)) == 4
        answer = ask(replica.url, "临江市水文站2021年农林水支出是多少")
        assert (answer["value"], answer["citations"][0]["year"]) == (300, 2021)


def test_ingest_tells_that_the_servers_are_down(tmp_path: Path) -> None:
    nowhere = {
        "BUDGET_QA_DATABASE_URL": "postgresql+psycopg://u:secret@127.0.0.1:1/x",
        "BUDGET_QA_CHROMA_URL": "http://127.0.0.1:1",
    }
    done = budget_qa("ingest", str(SHIPPED), "--store", str(tmp_path), **nowhere)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1), done.stderr
    assert "BUDGET_QA_DATABASE_URL" in done.stderr and "secret" not in done.stderr
