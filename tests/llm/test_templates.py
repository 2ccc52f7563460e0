"""The prompts as text: what is rendered, to the letter, and what a malformed file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.llm import templates
from assistant.llm.templates import render, version_of
from assistant.words import prompt_file
from index.errors import VocabularyError

SNAPSHOTS = Path(__file__).parent / "snapshots"
GIVEN = {
    "understand": {
        "question": "扫院子多少钱", "before": "办公费是多少", "labels": "办公费、物业管理费", "projects": "库房改造项目", "units": "某县档案馆",
        "columns": "基本支出", "tables": "basic_by_economic（一般公共预算基本支出表）", "years": "2024", "departments": "某县档案局",
    },
    "word_figures": {"question": "办公费是多少", "answer": "2024年某县档案局：办公费为6.00万元。", "pieces": ["办公费为6.00万元"]},
    "word_passages": {"question": "档案馆管什么", "passages": ["负责档案的收集和保管。", "承担档案的利用服务。"]},
}  # fmt: skip


def test_every_template_has_a_snapshot() -> None:
    names = {path.stem for path in (Path(templates.__file__).parents[2] / "prompts" / "llm").glob("*.md")}
    assert names == set(GIVEN) == set(templates.SHIPPED)


@pytest.mark.parametrize("name", GIVEN)
def test_a_template_is_rendered_to_the_letter(name: str) -> None:
    """After a change on purpose: raise its 版本, look at the difference, and write the new text there."""
    prompt = render(name, **GIVEN[name])
    expected = (SNAPSHOTS / f"{name}.txt").read_text("utf-8")
    assert f"{prompt.version}\n=====\n{prompt.system}\n=====\n{prompt.user}\n" == expected
    assert prompt.version == version_of(name)


def test_what_the_header_does_not_name_is_refused() -> None:
    with pytest.raises(VocabularyError, match="输入应为"):
        render("word_passages", question="x")


@pytest.mark.parametrize(
    ("text", "says"),
    [("版本：1\n输入：a\n输出：b\n", "三段"), ("版本：1\n---\nx\n---\ny\n", "输入、输出"),
     ("版本：1\n输入：a\n输出：b\n---\n{% if %}\n---\ny\n", "第5行：花括号"), ("版本：1\n输入：a\n输出：b\n---\nx\n---\ny\n{{ b }}\n", "第8行“b”"),
     ("版本：1\n输入：a\n输出：b\n---\nx\n---\n{{ a\n", "第7行：花括号"), (b"\xc4\xe3", "第1行：不是 UTF-8")],
)  # fmt: skip
def test_a_malformed_file_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, says: str
) -> None:
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / "odd.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setattr(prompt_file.resources, "files", lambda package: tmp_path)
    with pytest.raises(VocabularyError, match=says):
        render("odd", a="x")


def test_what_is_filled_in_is_no_template() -> None:
    prompt = render("word_passages", question="{{ 7 * 7 }}", passages=["{% raw %}"])
    assert "{{ 7 * 7 }}" in prompt.user and "49" not in prompt.user
