"""Plain retrieval over the shipped document, with a toy embedding in place of the model."""

import zlib

import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from eval.answers import Given
from eval.baseline import Baseline
from eval.gold import document_path
from eval.uncited import uncited_numbers
from index.ingest import ingest_paths
from index.search.vectors import Vectors
from index.sql.store import Store


class Pairs(BaseEmbedding):
    """Counts of neighbouring pairs of characters, by hash."""

    def _get_text_embedding(self, text):
        vector = [0.0] * 512
        for i in range(len(text) - 1):
            vector[zlib.crc32(text[i : i + 2].encode()) % 512] += 1.0
        return vector

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query):
        return self._get_text_embedding(query)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    directory = tmp_path_factory.mktemp("store")
    store, vectors = Store.open(directory), Vectors.open(directory, Pairs())
    assert not ingest_paths([document_path(None)], store, vectors).failed
    return Baseline(store, vectors)


def test_the_best_cell_of_the_best_row_is_answered_with_its_place(baseline):
    given = Given.model_validate(baseline.ask("2024年一般公共预算 行政运行 2010301 基本支出多少"))
    assert given.amounts
    assert given.citations[0].place["line"]
    assert uncited_numbers(given, [""]) == []


def test_a_question_for_words_is_answered_with_the_passage(baseline):
    given = Given.model_validate(baseline.ask("名词解释 项目支出 为完成特定行政任务和事业发展目标所发生的支出"))
    assert "特定行政任务" in given.answer
    assert given.value is None


def test_a_blank_question_has_no_answer(baseline):
    assert baseline.ask("  ")["reason"] == "empty"


def test_a_followup_is_asked_with_the_question_before_it(baseline):
    before = baseline.ask("名词解释 项目支出 为完成特定行政任务和事业发展目标所发生的支出")["plan"]
    assert "特定行政任务" in baseline.ask("是什么", [before])["answer"]
