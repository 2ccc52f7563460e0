"""The shipped graphs give back a network that can learn on, and that reads as they do."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from assistant.reader.characters import number_of
from assistant.reader.network import MODEL
from tools.reader.export import load
from tools.reader.lines import PHRASINGS, read_lines
from tools.reader.thaw import thaw
from tools.reader.train import exact, sample_of

MOST_LOST = 0.1  # of training lines, by the int8 weights and by lines that were never read exactly


def test_the_thawed_network_reads_what_the_shipped_one_learned(tmp_path: Path) -> None:
    thaw(MODEL, tmp_path)
    letters, model = load(tmp_path)
    lines = read_lines(sorted(PHRASINGS.glob("*.tsv")))[::400]
    samples = [s for s in (sample_of(line, number_of(letters)) for line in lines) if s is not None]
    right = exact(model, samples)
    assert sum(right) > (1 - MOST_LOST) * len(right) > 50


def test_a_graph_that_lacks_a_weight_is_named(tmp_path: Path) -> None:
    source = tmp_path / "model"
    source.mkdir()
    for file in MODEL.iterdir():
        (source / file.name).write_bytes(file.read_bytes())
    graph = onnx.load(str(source / "step.onnx"))
    next(i for i in graph.graph.initializer if i.name == "decoder.from_start.bias").name = "another"
    onnx.save(graph, str(source / "step.onnx"))
    with pytest.raises(ValueError, match=r"decoder\.from_start\.bias"):
        thaw(source, tmp_path / "out")
