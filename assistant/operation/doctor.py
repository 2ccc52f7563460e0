"""An installation examined: what is as it should be, what is not, and what to do about it.

In: settings. Out: findings, in the order in which things depend on each other. Nothing is changed, and no secret is told: of a
password or key it is said only whether there is one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import httpx
from filelock import FileLock, Timeout
from packaging.requirements import Requirement
from pydantic import SecretStr

from assistant.llm import templates
from assistant.operation.indexing import running_service
from assistant.words import vocabulary
from index.errors import BudgetQAError
from index.offline import SWITCHES
from index.settings import PREFIX, Settings

State = Literal["正常", "注意", "不行"]
OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 2 * 2**30, 200 * 2**20  # bytes free
WAITS = 5  # seconds for a language model to be reached
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `todo` is empty where there is nothing to do."""

    name: str
    state: State
    said: str
    todo: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings. What a look raises is a finding too."""
    looks: list[tuple[str, Callable[[Settings], Iterator[Finding]]]] = [
        ("Python", _python), ("程序包", _packages), ("设置", _settings), ("离线", _offline), ("向量模型", _model),
        ("文字识别", _ocr), ("词语和措辞", _prompts), ("中文字体", _fonts), ("磁盘", _disk), ("数据库", _store), ("向量库", _vectors),
        ("占用", _writer), ("端口", _port), ("语言模型", _language_model),
    ]  # fmt: skip
    return [finding for name, look in looks for finding in _looked(name, look, settings)]


def _looked(name: str, look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> list[Finding]:
    try:
        return list(look(settings))
    except BudgetQAError as error:
        said, _, todo = str(error).partition("；")
        return [Finding(name, "不行", said, todo)]
    except Exception as error:  # to be told is what this is for
        said = " ".join(f"{type(error).__name__}：{error}".split())[:300]
        return [Finding(name, "不行", said, "请用 make setup 或安装包重新安装；仍不行请把这一行发给维护者")]


# --- the program ---------------------------------------------------------------------------------------------------
def _python(_: Settings) -> Iterator[Finding]:
    fits = sys.version_info >= OLDEST_PYTHON
    todo = "" if fits else "请安装 Python 3.11 或更新的版本，再重新安装本程序"
    yield Finding("Python", "正常" if fits else "不行", f"{sys.version.split()[0]}（{sys.executable}）", todo)


def _packages(_: Settings) -> Iterator[Finding]:
    try:
        own, wanted = version("budget-qa"), requires("budget-qa") or []
    except PackageNotFoundError:
        yield Finding("程序包", "不行", "本程序没有安装，只是在源文件夹里运行", "请运行 make setup")
        return
    wrong = [told for line in wanted if (told := _unmet(Requirement(line)))]
    if wrong:
        yield Finding("程序包", "不行", "、".join(wrong), "请用 make setup 或安装包重新安装")
    else:
        yield Finding("程序包", "正常", f"budget-qa {own}，依赖的 {len(wanted)} 个包版本相符")


def _unmet(wanted: Requirement) -> str:
    """What is wrong with a dependency; empty where it is there as wanted, or not for this machine."""
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return ""
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"缺少 {wanted.name}"
    return (
        "" if wanted.specifier.contains(found, prereleases=True) else f"{wanted.name} 是 {found}，应 {wanted.specifier}"
    )


def _settings(settings: Settings) -> Iterator[Finding]:
    own = [f"{PREFIX}{name.upper()}" for name in sorted(settings.model_fields_set) if _is_shown(settings, name)]
    secret = [f"{PREFIX}{name.upper()}" for name in sorted(settings.model_fields_set) if not _is_shown(settings, name)]
    said = "、".join([*own, *(f"{name}（已设，不显示）" for name in secret)])
    yield Finding("设置", "正常", f"读到 {said}" if said else "全部用默认值")
    named = set(Settings.model_fields)
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n.removeprefix(PREFIX).lower() not in named)
    if unknown:
        yield Finding("设置", "注意", f"没有这些设置：{'、'.join(unknown)}", "请对照 docs/settings.md 改正或去掉")
    if settings.host not in LOOPBACK:
        todo = "请确认前面有带认证和 HTTPS 的反向代理，见 docs/threat-model.md"
        yield Finding("设置", "注意", f"监听 {settings.host}，别的机器也能访问", todo)


def _is_shown(settings: Settings, name: str) -> bool:
    return not isinstance(getattr(settings, name), SecretStr)


def _offline(_: Settings) -> Iterator[Finding]:
    changed = [name for name, value in SWITCHES.items() if os.environ.get(name) != value]
    if changed:
        todo = "除非是有意的，请去掉这些环境变量"
        yield Finding("离线", "注意", f"离线开关被改过：{'、'.join(changed)}", todo)
    else:
        yield Finding("离线", "正常", f"{len(SWITCHES)} 个离线开关都开着")


def _model(settings: Settings) -> Iterator[Finding]:
    from index.search.embedding_model import embedding_model_path, load_embedding

    length = len(load_embedding(settings).get_query_embedding("预算"))
    yield Finding("向量模型", "正常", f"{embedding_model_path(settings)}，{length} 维")


def _ocr(_: Settings) -> Iterator[Finding]:
    import numpy as np

    from index.layout.scan import scanned_page

    scanned_page(np.full((64, 256, 3), 255, dtype=np.uint8), 1)
    yield Finding("文字识别", "正常", "可用")


def _prompts(_: Settings) -> Iterator[Finding]:
    """Each file of `prompts/` that an edit has spoiled, with its line."""
    wrong = [*vocabulary.faults(), *templates.faults()]
    for error in wrong:
        said, _mark, todo = str(error).partition("；")
        yield Finding("词语和措辞", "不行", said, todo)
    if not wrong:
        yield Finding("词语和措辞", "正常", "prompts/ 里的文件都能用")


def _fonts(_: Settings) -> Iterator[Finding]:
    """Only pictures of pages need one, of PDF files that do not carry their own."""
    lister = shutil.which("fc-list")
    if lister is None:
        return
    listed = subprocess.run([lister, ":lang=zh", "file"], capture_output=True, text=True, timeout=WAITS, check=False)  # noqa: S603, nothing of anyone in it
    fonts = listed.stdout.splitlines()
    if fonts:
        yield Finding("中文字体", "正常", f"{len(fonts)} 个字体文件")
    else:
        said = "没有找到；没有嵌入字体的 PDF，页面图上会缺字"
        yield Finding("中文字体", "注意", said, "请安装，如 apt-get install fonts-noto-cjk")


# --- the data ------------------------------------------------------------------------------------------------------
def _disk(settings: Settings) -> Iterator[Finding]:
    for name, folder in (("数据目录", settings.store), ("缓存目录", settings.cache)):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(there, os.W_OK):
            yield Finding("磁盘", "不行", f"{name} {folder} 不能写入", "请检查权限，或换一个目录")
            continue
        free = shutil.disk_usage(there).free
        said = f"{name} {folder} 所在磁盘还有 {free / 2**30:.1f} GB"
        state: State = "不行" if free < TOO_LITTLE else "注意" if free < LITTLE else "正常"
        yield Finding("磁盘", state, said, "" if state == "正常" else "请腾出空间")


def _store(settings: Settings) -> Iterator[Finding]:
    from index.sql.store import Store

    if not _is_used(settings):
        yield Finding("数据库", "正常", "还没有收录过文件")
        return
    store = Store.open(settings.store, settings.database_url)
    documents, facts = len(store.documents(hidden=True)), store.count_facts()
    yield Finding("数据库", "正常", f"能打开，文件 {documents} 份，数据 {facts} 格")
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if told != "ok":
            yield Finding(
                "数据库", "不行", f"SQLite 文件已损坏（{told[:200]}）", "请用 budget-qa restore 恢复最近的备份"
            )
    store.close()


def _vectors(settings: Settings) -> Iterator[Finding]:
    from index.search.vector_probe import Probe
    from index.sql.store import Store

    if not _is_used(settings) or settings.chroma_url is not None:  # a server is tried by opening it
        return
    probe = Probe(settings.store)
    store = Store.open(settings.store, settings.database_url)
    wanted = store.count_texts()
    store.close()
    fault = probe.fault(wanted)
    if fault is None:
        yield Finding("向量库", "正常", f"能用，{wanted} 段文字都有向量")
    else:
        yield Finding("向量库", "不行", fault, "请停止服务后运行 budget-qa rebuild 重建")


def _is_used(settings: Settings) -> bool:
    return settings.database_url is not None or any(settings.store.glob("*.sqlite"))


# --- what runs -----------------------------------------------------------------------------------------------------
def _writer(settings: Settings) -> Iterator[Finding]:
    service = running_service(settings)
    if service is not None:
        yield Finding("占用", "正常", f"服务正在运行：{service.url}")
        return
    lock = settings.store / "writer.lock"
    if not lock.exists():
        yield Finding("占用", "正常", "没有进程在用数据目录")
        return
    try:
        with FileLock(lock).acquire(timeout=0):
            yield Finding("占用", "正常", "没有进程在用数据目录")
    except Timeout:
        yield Finding("占用", "注意", "有进程正在写数据目录，但不是应答的服务", _who_holds(lock))


def _who_holds(lock: Path) -> str:
    """The processes that have a file open, where the system tells."""
    holders = [
        pid.name for pid in Path("/proc").glob("[0-9]*") if str(pid.name) != str(os.getpid()) and _has_open(pid, lock)
    ]
    return f"是进程 {'、'.join(holders)}；请等它结束，或停止它" if holders else "请等它结束，或停止它"


def _has_open(process: Path, file: Path) -> bool:
    try:
        return any(one.readlink() == file for one in (process / "fd").iterdir())
    except OSError:  # it ended, or is another user's
        return False


def _port(settings: Settings) -> Iterator[Finding]:
    service = running_service(settings)
    if service is not None and service.url.endswith(f":{settings.port}"):
        yield Finding("端口", "正常", f"{settings.port} 由本服务使用")
        return
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        said = f"{settings.host}:{settings.port} 不能用（{error.strerror or error}）"
        yield Finding("端口", "不行", said, "请用 BUDGET_QA_PORT 或 BUDGET_QA_HOST 换一个，或停止占用它的程序")
    else:
        yield Finding("端口", "正常", f"{settings.host}:{settings.port} 可用")


def _language_model(settings: Settings) -> Iterator[Finding]:
    if settings.llm_base_url is None:
        yield Finding("语言模型", "正常", "没有配置，不用它")
        return
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        found = httpx.get(f"{settings.llm_base_url.rstrip('/')}/models", headers=headers, timeout=WAITS)
    except httpx.HTTPError as error:
        todo = "请检查 BUDGET_QA_LLM_BASE_URL 和那边的服务；连不上时本机照常回答"
        yield Finding("语言模型", "不行", f"{settings.llm_base_url} 连不上（{type(error).__name__}）", todo)
        return
    if found.status_code >= 400:
        todo = "请检查 BUDGET_QA_LLM_BASE_URL 和 BUDGET_QA_LLM_API_KEY"
        yield Finding("语言模型", "注意", f"{settings.llm_base_url} 答复 {found.status_code}", todo)
    else:
        yield Finding("语言模型", "正常", f"{settings.llm_base_url} 能连上，用 {settings.llm_model}")
