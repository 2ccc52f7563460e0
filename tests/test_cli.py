"""The command line from outside: exit codes, one line that says what to do, and no traceback unless it is asked for."""

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = next((ROOT / "index" / "data").glob("*.txt"))
COMMANDS = [
    "ingest",
    "documents",
    "show",
    "remove",
    "ask",
    "audit",
    "serve",
    "mcp",
    "feedback",
    "backup",
    "restore",
    "rebuild",
    "doctor",
]
DOCUMENT = """2024年
某市测试局部门预算

第二部分 2024年部门预算表

支出总体情况表

单位：万元

项目\t合计\t基本支出\t项目支出
合计\t9.00\t5.00\t4.00
一、教育支出\t9.00\t5.00\t4.00
"""


def budget_qa(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; `store` is its data directory."""
    environment = os.environ | {"BUDGET_QA_STORE": str(options.pop("store", "/nowhere/store"))}
    environment |= {"COLUMNS": str(options.pop("columns", 80))}
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", *map(str, arguments)],
        cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace", timeout=240, check=False, **options,
    )  # fmt: skip


def only_line(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command whose work failed."""
    assert result.returncode == 1, result
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files that cannot be read, and one that can."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (folder / "letter.txt").write_text("尊敬的用户：您好。", "utf-8")
    (folder / "table.exe").write_text("x")
    (folder / "nothing").mkdir()
    (folder / "good.txt").write_text(DOCUMENT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory, folder):
    """A store that holds the one good document."""
    path = tmp_path_factory.mktemp("cli") / "store"
    result = budget_qa("ingest", folder / "good.txt", "--json", store=path)
    assert (result.returncode, json.loads(result.stdout)[0]["status"]) == (0, "indexed"), result.stderr
    return path


# --- wrong usage -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_wrong_usage(command):
    result = budget_qa(command, "--nonsense")
    assert (result.returncode, result.stdout) == (2, "")
    assert "--nonsense" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [("nonsense",), ("ingest",), ("show",), ("ask",), ("ask", "x", "--year", "今年")])
def test_a_missing_or_bad_argument_is_wrong_usage(arguments):
    result = budget_qa(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_chinese_with_an_example(command):
    result = budget_qa(command, "--help")
    assert result.returncode == 0
    assert f"例：budget-qa {command}" in result.stdout
    assert re.search(r"--help +显示这段说明", result.stdout)
    assert all(re.search("[\u4e00-\u9fff]", line) for line in re.findall(r"^  --\w.*", result.stdout, re.MULTILINE))


def test_the_options_that_every_program_has_are_explained_in_chinese():
    printed = budget_qa("--help").stdout
    assert "例：budget-qa ask" in printed
    for option in ("--help", "--install-completion", "--show-completion"):
        assert re.search(rf"{option} +[^\x00-\x7f]", printed)


# --- files that cannot be read -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.txt", "空"),
        ("picture.txt", "扩展名"),
        ("letter.txt", "部门预算"),
        ("table.exe", "不支持"),
        ("nothing", "无法读取"),
        ("gone.txt", "没有这份文件"),
    ],
)
def test_a_file_that_cannot_be_shown_is_one_line(folder, tmp_path, name, words):
    line = only_line(budget_qa("show", folder / name, store=tmp_path))
    assert name in line
    assert words in line


def test_bad_files_are_reported_one_by_one_and_the_good_one_is_kept(folder, tmp_path):
    result = budget_qa("ingest", *sorted(folder.iterdir()), "--json", store=tmp_path / "store")
    entries = {Path(entry["path"]).name: entry for entry in json.loads(result.stdout)}
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert entries.pop("good.txt")["status"] == "indexed"
    assert {name: entry["status"] for name, entry in entries.items()} == dict.fromkeys(entries, "failed")
    assert all(name in entry["error"] and "\n" not in entry["error"] for name, entry in entries.items())


@pytest.mark.parametrize(("name", "words"), [("gone.txt", "没有这个文件"), ("nothing", "没有找到")])
def test_nothing_to_ingest_is_one_line(folder, tmp_path, name, words):
    assert words in only_line(budget_qa("ingest", folder / name, store=tmp_path))


@pytest.mark.parametrize("size", [60_000, 900_000])  # bytes: too few to make the store, too few for the vectors
def test_a_full_disk_is_told_and_leaves_nothing_half_done(folder, tmp_path, size):
    def no_larger_file():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    result = budget_qa("ingest", SHIPPED, store=tmp_path, preexec_fn=no_larger_file)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert "磁盘" in result.stdout + result.stderr
    assert json.loads(budget_qa("documents", "--json", store=tmp_path).stdout) == []
    assert budget_qa("ingest", folder / "good.txt", store=tmp_path).returncode == 0


# --- stores that cannot be used ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "command",
    [("documents",), ("audit",), ("show", "abc"), ("remove", "abc"), ("ask", "三公经费"), ("mcp",), ("feedback",)],
)
def test_a_damaged_store_is_one_line(tmp_path, command):
    (tmp_path / "budget.sqlite").write_bytes(b"no database at all " * 100)
    assert str(tmp_path) in only_line(budget_qa(*command, store=tmp_path))


def test_a_store_that_is_a_file_is_one_line(folder):
    assert "BUDGET_QA_STORE" in only_line(budget_qa("documents", store=folder / "good.txt"))


def test_a_setting_that_cannot_be_used_is_one_line():
    assert "BUDGET_QA_PORT=99999" in only_line(budget_qa("serve", "--port", "99999"))


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_unknown_document_is_one_line(store, command):
    assert only_line(budget_qa(command, "0123456789abcdef", store=store)).startswith("0123456789abcdef：没有这份文件")


def test_debug_shows_where_an_error_came_from(tmp_path):
    result = budget_qa("--debug", "show", "nope", store=tmp_path)
    assert result.returncode == 1
    assert "Traceback" in result.stderr
    assert "没有这份文件" in result.stderr


# --- what works --------------------------------------------------------------------------------------------------
def test_what_is_indexed_is_listed_and_shown_alike_by_file_and_by_id(store, folder):
    (info,) = json.loads(budget_qa("documents", "--json", store=store).stdout)
    assert (info["department"], info["year"], info["file_name"]) == ("某市测试局", 2024, "good.txt")
    shown = [
        json.loads(budget_qa("show", target, "--json", store=store).stdout)
        for target in (info["id"], folder / "good.txt")
    ]
    assert shown[0] == shown[1]
    assert shown[0]["tables"][0]["rows"][0]["values"] == ["9.00", "5.00", "4.00"]


def test_a_report_says_whose_a_file_is_held_to_be_and_where_its_title_says_otherwise(folder, tmp_path):
    done = budget_qa("ingest", folder / "good.txt", "--department", "某市水务局", store=tmp_path, columns=300).stdout
    assert "部门和年份：2024年某市水务局" in done
    assert "注意：标题写的是某市测试局，现在记为2024年某市水务局" in done


def test_where_a_file_is_published_is_listed_and_what_is_no_address_is_wrong_usage(folder, tmp_path):
    wrong = budget_qa("ingest", folder / "good.txt", "--source-url", "javascript:alert(1)", store=tmp_path / "store")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--source-url" in wrong.stderr
    assert "不是网址" in wrong.stderr
    assert not (tmp_path / "store").exists()
    url = "https://example.test/[red]预算.html?id=1"
    for words in ("已收录", "公布地址记为"):
        done = budget_qa("ingest", folder / "good.txt", "--source-url", url, store=tmp_path / "store")
        assert (done.returncode, words in done.stdout) == (0, True)
        url += "&again"
    url = url.removesuffix("&again")
    (info,) = json.loads(budget_qa("documents", "--json", store=tmp_path / "store").stdout)
    assert info["source_url"] == url
    listed = budget_qa("documents", store=tmp_path / "store", columns=300).stdout
    assert url in listed
    assert "公布地址" in listed


def test_the_audit_prints_each_identity_with_its_verdict(store):
    identities = json.loads(budget_qa("audit", "--json", store=store).stdout)
    assert {identity["verdict"] for identity in identities} == {"一致"}
    printed = budget_qa("audit", store=store).stdout.splitlines()
    assert len([line for line in printed if line.startswith("一致  ")]) == len(identities)
    assert any(line.endswith(".txt）") for line in printed)  # whose they are
    assert "不一致 0" in printed[-1]


def test_what_is_not_printed_on_a_screen_is_cut_nowhere(store):
    (document,) = json.loads(budget_qa("documents", "--json", store=store).stdout)
    assert "…" not in budget_qa("show", document["id"], store=store).stdout


def test_a_budget_published_again_and_a_corrected_one_are_told(tmp_path):
    corrected = DOCUMENT.replace("一、教育支出\t9.00", "一、教育支出\t9.10")
    rows = "\n二、科学技术支出\t7.00\t7.00\t0.00\n三、卫生健康支出\t6.00\t6.00\t0.00"
    texts = {"甲.txt": DOCUMENT + rows, "乙.txt": DOCUMENT + rows + "\n", "丙.txt": corrected + rows}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    printed = budget_qa("ingest", *(tmp_path / name for name in texts), store=tmp_path / "store").stdout
    assert "重复  2024年某市测试局部门预算" in printed
    assert "与已收录的“甲.txt”是同一份预算，不重复计数" in printed
    assert "更正了已收录的“甲.txt”，以这份为准" in printed
    listed = {i["file_name"]: i for i in json.loads(budget_qa("documents", "--json", store=tmp_path / "store").stdout)}
    ids = {name: listed[name]["id"] for name in texts}
    assert (listed["乙.txt"]["repeats"], listed["甲.txt"]["superseded_by"]) == (ids["甲.txt"], ids["丙.txt"])
    assert (listed["丙.txt"]["supersedes"], listed["丙.txt"]["repeats"]) == ([ids["甲.txt"]], None)


def test_what_was_removed_and_the_opinions_are_told_as_json(folder, tmp_path):
    store = tmp_path / "store"
    (entry,) = json.loads(budget_qa("ingest", folder / "good.txt", "--json", store=store).stdout)
    removed = budget_qa("remove", entry["document"], "--json", store=store)
    assert json.loads(removed.stdout) == {"removed": entry["document"]}
    assert json.loads(budget_qa("feedback", "--json", store=store).stdout) == {"count": 0, "good": 0, "bad": 0}


def test_the_id_of_a_document_is_listed_in_full_however_narrow_the_terminal(store):
    (info,) = json.loads(budget_qa("documents", "--json", store=store).stdout)
    assert info["id"] in budget_qa("documents", store=store, columns=60).stdout


def test_an_answer_ends_with_how_it_came_about(store):
    printed = budget_qa("ask", "教育支出是多少", store=store).stdout
    assert printed.splitlines()[-1] == "查法：在《支出总体情况表》中查“教育支出”。"
