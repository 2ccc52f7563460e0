"""The words in `prompts/`: all of them load, and a malformed file is named with its line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import prompts
from assistant import vocabulary
from assistant.text import AnswerText
from assistant.vocabulary import load_vocabulary
from index.errors import VocabularyError

SOURCE = Path(prompts.__file__).parent
YAML = sorted(path.name for path in SOURCE.glob("*.yaml"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the prompts that may be spoiled; nothing of it stays loaded."""
    folder = tmp_path / "prompts"
    shutil.copytree(SOURCE, folder)
    monkeypatch.setattr(vocabulary.resources, "files", lambda _: folder)
    load_vocabulary.cache_clear()
    yield folder
    load_vocabulary.cache_clear()


def spoil(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize("name", YAML)
def test_malformed_yaml_is_named_with_its_line(name: str, copy: Path) -> None:
    lines = len((copy / name).read_text("utf-8").splitlines())
    spoil(copy / name, '\n坏: "没有引号结束\n')
    with pytest.raises(VocabularyError) as error:
        load_vocabulary()
    line = re.search(r"第(\d+)行", str(error.value))
    assert f"prompts/{name}" in str(error.value)
    assert line is not None and lines < int(line[1]) <= lines + 4


@pytest.mark.parametrize(
    "name", [n for n in YAML if n not in ("levels.yaml", "totals.yaml", "wordings.yaml", "explanations.yaml")]
)
def test_wrong_shape_is_named_with_its_key(name: str, copy: Path) -> None:
    spoil(copy / name, "\n坏词: 一个词而不是列表\n")
    with pytest.raises(VocabularyError, match=rf"prompts/{name}.*坏词"):
        load_vocabulary()


def test_wording_must_be_text(copy: Path) -> None:
    spoil(copy / "wordings.yaml", "\n坏词: [一, 二]\n")
    with pytest.raises(VocabularyError, match=r"prompts/wordings\.yaml.*坏词"):
        load_vocabulary()


def test_everything_ships_filled() -> None:
    loaded = load_vocabulary()
    for name in vocabulary.Vocabulary.__dataclass_fields__:
        assert getattr(loaded, name), name
    for lists in (loaded.synonyms, loaded.nouns, loaded.tables, loaded.signs):
        assert all(lists.values())


def test_every_reason_of_the_contract_has_its_wording() -> None:
    from typing import get_args

    from assistant.plan import ReasonCode

    assert set(get_args(ReasonCode)) <= set(load_vocabulary().wordings)


@pytest.mark.parametrize("name", sorted(load_vocabulary().wordings))
def test_every_slot_of_a_wording_is_filled(name: str) -> None:
    wording = load_vocabulary().wordings[name]
    slots = [slot for _, slot, _, _ in Formatter().parse(wording) if slot is not None]
    assert all(re.fullmatch(r"\w+", slot) for slot in slots)
    filled = AnswerText().fill(name, **{slot: f"〔{slot}〕" for slot in slots}).text
    assert filled == wording.format(**{slot: f"〔{slot}〕" for slot in slots})
    assert "{" not in filled and all(f"〔{slot}〕" in filled for slot in slots)


def test_slot_that_the_program_does_not_fill_leaves_no_braces() -> None:
    assert AnswerText().fill("value").text == "为。"


def test_no_wording_states_a_figure() -> None:
    """Numbers come from documents alone."""
    loaded = load_vocabulary()
    said = {**loaded.wordings, **loaded.explanations}
    assert [name for name, wording in said.items() if re.search(r"\d", wording)] == []
