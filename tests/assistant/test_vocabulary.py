"""The words in `prompts/`: all of them load, and whatever an edit spoils is told with file, line and reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import prompts
from assistant.saying.text import AnswerText
from assistant.words import prompt_file, vocabulary
from assistant.words.vocabulary import load_vocabulary, read_file
from assistant.words.wording_slots import ANSWERS
from index.errors import VocabularyError

SOURCE = Path(prompts.__file__).parent
YAML = sorted(path.name for path in SOURCE.glob("*.yaml"))
TEXT = sorted(path.name for path in SOURCE.glob("*.txt"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the prompts that may be spoiled; nothing of it stays loaded."""
    folder = tmp_path / "prompts"
    shutil.copytree(SOURCE, folder)
    monkeypatch.setattr(prompt_file.resources, "files", lambda _: folder)
    load_vocabulary.cache_clear()
    yield folder
    load_vocabulary.cache_clear()


def told(name: str) -> tuple[int, str]:
    """The line and the reason that are given for a spoiled file."""
    with pytest.raises(VocabularyError) as error:
        read_file(name)
    found = re.fullmatch(rf"prompts/{re.escape(name)} 第(\d+)行(.+)", str(error.value))
    assert found is not None, error.value
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", found[2]), "in Chinese"
    assert "；" in found[2], "says what to do"
    return int(found[1]), found[2]


# What is put behind the last line of a file of lists, how many lines below it the fault is, and what is said of it.
SPOILED = [
    ('坏: "没有引号结束', 1, "引号没有结束"),
    ("坏: [一, 二", 1, "括号没有结束"),
    ("坏: [一, , 二]", 1, "空着的一项"),
    ("坏: []", 1, "是空的"),
    ("坏:", 1, "应是一列词"),
    ("坏: 一个词", 1, "应是一列词"),
    ("坏: [一, [二, 三]]", 1, "应是一个词"),
    ("坏: {一: 二}", 1, "应是一列词"),
    ("坏: [一，二]", 1, "半角逗号"),
    ("坏: [一、二]", 1, "半角逗号"),
    ("坏: [一, '']", 1, "空着的词"),
    ("坏: [一,\n\t二]", 2, "制表符"),
    ("坏：[一, 二]", 1, "缺半角冒号"),
    ("坏:[一, 二]", 1, "缺半角冒号"),
    ("坏: 一: [二]", 1, "冒号"),
    ("坏: [*一, 二]", 1, "请给整个词加引号"),
    ("坏: [!一 二]", 1, "请给整个词加引号"),
    ("坏: [@一, 二]", 1, "请给整个词加引号"),
    ("  坏: [一]", 1, "缩进"),
    ("坏: [一]\n好: [一]\n坏: [二]", 3, "已有这个名称"),
    ("[坏]: [一]", 1, "名称不能带括号"),
    ("---\n坏: [一]", 1, "---"),
    ("坏: [一\x00]", 1, "控制字符"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "line", "why"), SPOILED)
def test_a_spoiled_list_is_told_with_its_line(added: str, line: int, why: str, copy: Path) -> None:
    name = "units.yaml"
    before = (copy / name).read_text("utf-8").rstrip("\n")
    (copy / name).write_text(f"{before}\n{added}\n", "utf-8")
    at, said = told(name)
    assert why in said
    assert at == len(before.splitlines()) + line


@pytest.mark.parametrize("name", YAML)
def test_no_file_lets_an_open_quote_pass(name: str, copy: Path) -> None:
    before = (copy / name).read_text("utf-8").rstrip("\n")
    (copy / name).write_text(f'{before}\n坏: "没有引号结束\n', "utf-8")
    assert told(name)[0] == len(before.splitlines()) + 1


@pytest.mark.parametrize("name", YAML)
def test_no_file_lets_a_name_be_there_twice(name: str, copy: Path) -> None:
    text = (copy / name).read_text("utf-8").rstrip("\n")
    first = next(line for line in text.splitlines() if re.match(r"\w", line)).partition(":")[0]
    (copy / name).write_text(f"{text}\n{first}: [一]\n", "utf-8")
    at, said = told(name)
    assert at == len(text.splitlines()) + 1 and f"“{first}”：第" in said and "已有这个名称" in said


# An entry of a file, what is written in its place, and what is said of it.
REPLACED = [
    ("tables.yaml", "prose:", "proes:", "没有这个名称"),
    ("forms.yaml", "points:", "point:", "没有这个名称"),
    ("commands.yaml", "verbs:", "动词:", "没有这个名称"),
    ("departments.yaml", "private:", "privat:", "没有这个名称"),
    ("small_talk.yaml", "about:", "bout:", "没有这个名称"),
    ("signs.yaml", "top:", "tops:", "没有这个名称"),
    ("levels.yaml", "  3:", "  4:", "没有这个名称"),
    ("levels.yaml", "  leaf:", "  leave:", "没有这个名称"),
    ("levels.yaml", "levels:", "level:", "没有这个名称"),
    ("totals.yaml", "side: 收入", "side: 进账", "收入 或 支出"),
    ("totals.yaml", "side: 收入", "sides: 收入", "没有这个名称"),
    ("totals.yaml", "words: [收入总计", "words: 总入账 #", "应是一列词"),
    ("totals.yaml", "words: [收入总计", "words: [支出总计", "只能有一个意思"),
    ("forms.yaml", "points: [", "points: [完成值, ", "只能有一个意思"),
    ("levels.yaml", "  2: [", "  2: [大类, ", "只能有一个意思"),
    ("small_talk.yaml", "thanks: [", "thanks: [你好, ", "只能有一个意思"),
    ("topics.yaml", "路灯: [", "路灯: [修桥, ", "只能有一个意思"),
    ("english.yaml", "  总收入: [", "  总收入: [Total Budget, ", "只能有一个意思"),
    ("english.yaml", "mixed:", "mixd:", "没有这个名称"),
    ("english.yaml", 'thousands: {"1000"', 'thousands: {"一千"', "整数"),
    ("english.yaml", "(the) (top|largest", "(the) (top|largest]", "括号没有配对"),
    ("english.yaml", "(the) (top|largest|biggest|most expensive) {n}", "(the) {m}", "花括号里的字母"),
    ("wordings.yaml", "\nvalue:", "\nvalues_of:", "没有这个名称"),
    ("wordings.yaml", '\nvalue: "{scope}{label}', '\nvalue: "{scope}{lable}', "花括号里的名字"),
    ("wordings.yaml", '\nvalue: "{scope}{label}', '\nvalue: "{scope}', "花括号里的名字"),
    ("wordings.yaml", '\nvalue: "{scope}{label}', '\nvalue: "{scope}{label', "花括号"),
    ("wordings.yaml", '\nvalue: "{scope}{label}', '\nvalue: "{scope!r}{label}', "花括号里的名字"),
    ("wordings.yaml", '\nvalue: "{scope}', '\nvalue: "2024年{scope}', "数字"),
    ("wordings.yaml", '\nvalue: "{scope}{label}为{number}。"', '\nvalue: ""', "是空的"),
    ("wordings.yaml", '\nvalue: "{scope}{label}为{number}。"', "\nvalue: [一, 二]", "应是一个词或一句话"),
    ("explanations.yaml", '\nend: "', '\nend: "{end}', "花括号里的名字"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "there", "instead", "why"), REPLACED)
def test_a_spoiled_entry_is_told_with_its_line(name: str, there: str, instead: str, why: str, copy: Path) -> None:
    text = (copy / name).read_text("utf-8")
    assert there in text
    (copy / name).write_text(text.replace(there, instead, 1), "utf-8")
    at, said = told(name)
    assert why in said
    assert at == (text.partition(there)[0] + re.match(r"\n?", there)[0]).count("\n") + 1  # type: ignore[index]


@pytest.mark.parametrize("name", ["commands.yaml", "wordings.yaml", "explanations.yaml"])
def test_an_entry_that_the_program_needs_is_missed(name: str, copy: Path) -> None:
    lines = (copy / name).read_text("utf-8").splitlines()
    last = lines.pop().partition(":")[0]
    (copy / name).write_text("\n".join(lines), "utf-8")
    assert f"缺少“{last}”" in told(name)[1]


@pytest.mark.parametrize("name", [*YAML, *TEXT])
def test_a_file_of_another_encoding_is_told_with_its_line(name: str, copy: Path) -> None:
    text = (copy / name).read_text("utf-8")
    (copy / name).write_bytes(text.encode("utf-8") + "\n乱".encode("gb18030"))
    at, said = told(name)
    assert "UTF-8" in said and at >= len(text.splitlines())


@pytest.mark.parametrize("name", [*YAML, *TEXT])
def test_an_empty_file_is_told(name: str, copy: Path) -> None:
    (copy / name).write_text("# 只有说明\n", "utf-8")
    assert "是空的" in told(name)[1]


@pytest.mark.parametrize("name", [*YAML, *TEXT])
def test_a_file_that_is_gone_is_told(name: str, copy: Path) -> None:
    (copy / name).unlink()
    with pytest.raises(VocabularyError, match=rf"^prompts/{re.escape(name)}：读不到.*；请"):
        read_file(name)


def test_the_vocabulary_is_not_loaded_with_a_spoiled_file(copy: Path) -> None:
    (copy / "synonyms.yaml").write_text("[", "utf-8")
    with pytest.raises(VocabularyError, match=r"^prompts/synonyms\.yaml 第1行"):
        load_vocabulary()


@pytest.mark.parametrize("added", ["石家庄，唐山", "石家庄、唐山", "石家庄,唐山", "  # 说明"])
def test_words_of_a_text_file_stand_apart_by_blanks(added: str, copy: Path) -> None:
    text = (copy / "regions.txt").read_text("utf-8")
    (copy / "regions.txt").write_text(f"{text}{added}\n", "utf-8")
    at, said = told("regions.txt")
    assert at == len(text.splitlines()) + 1 and "空格" in said


@pytest.mark.parametrize("word", ["no", "是", "12306", "2024-13-45", "0o9", "~", "1e3"])
def test_a_word_is_read_as_it_is_written(word: str, copy: Path) -> None:
    """YAML would take it for a truth, a number, a date or nothing."""
    text = (copy / "units.yaml").read_text("utf-8")
    (copy / "units.yaml").write_text(f"{text}测试站: [{word}]\n", "utf-8")
    assert read_file("units.yaml")["测试站"] == [word]


def test_an_editor_may_mark_a_file_as_utf_8(copy: Path) -> None:
    for name in ("units.yaml", "regions.txt"):
        plain = read_file(name)
        (copy / name).write_bytes(b"\xef\xbb\xbf" + (copy / name).read_bytes())
        assert read_file(name) == plain


def test_everything_ships_filled() -> None:
    loaded = load_vocabulary()
    for name in vocabulary.Vocabulary.__dataclass_fields__:
        assert getattr(loaded, name), name


def test_every_reason_of_the_contract_has_its_wording() -> None:
    from typing import get_args

    from assistant.plan import ReasonCode

    assert set(get_args(ReasonCode)) <= set(load_vocabulary().wordings)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_every_slot_of_a_wording_is_filled(name: str) -> None:
    wording = load_vocabulary().wordings[name]
    filled = AnswerText().fill(name, **{slot: f"〔{slot}〕" for slot in ANSWERS[name]}).text
    assert filled == wording.format(**{slot: f"〔{slot}〕" for slot in ANSWERS[name]})
    assert "{" not in filled and all(f"〔{slot}〕" in filled for slot in ANSWERS[name])


def test_slot_that_the_program_does_not_fill_leaves_no_braces() -> None:
    assert AnswerText().fill("value").text == "为。"
