"""What is measured of growth: the same questions at each size, one record a size, and a picture of them."""

import json
from xml.etree import ElementTree

import pytest

from benchmarks.growth import FIRST, main, sampled
from benchmarks.growth_plot import draw


def record(size, right):
    return {
        "size": size, "ingesting": {"documents_per_hour": 900, "memory": [[1, 700], [2, 705]], "facts": 700 * size,
                      "chunks": 200 * size, "embedded": 200 * size, "sqlite_mb": size, "chroma_mb": 2 * size},
        "starting": {"opened_seconds": 4, "ready_seconds": 5, "rss_mb": 900},
        "answering": {"cold_ms": {"p50": 30, "p95": 60}, "warm_ms": {"p50": 20, "p95": 50}, "rss_mb": 950},
        "accuracy": {"n": 10, "right": right, "refused": 10 - right, "wrong": 0},
    }  # fmt: skip


def test_the_questions_are_about_the_first_documents_alone():
    lines = sampled(1, 50)
    assert lines == sampled(1, 50) and len(lines) == 50
    assert {index for line in lines for index in line["about"]} <= set(range(FIRST))


def test_the_picture_has_a_panel_for_each_figure_and_each_size(tmp_path):
    path = tmp_path / "growth.svg"
    draw([record(10, 9), record(40, 9)], path)
    panels = [
        group.get("id") for group in ElementTree.parse(path).iter() if (group.get("id") or "").startswith("axes_")
    ]
    assert len(panels) == 8
    first = path.read_bytes()
    draw([record(10, 5), record(40, 9), record(10, 9)], path)
    assert path.read_bytes() == first  # the latest record of a size


def test_a_size_below_the_first_documents_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["9"])
    assert exit_.value.code == 2 and "name a number from 10" in capsys.readouterr().err


@pytest.mark.soak
def test_growth_is_measured_in_fresh_processes(tmp_path):
    main(["10", "--questions", "20", "--results", str(tmp_path)])
    (found,) = json.loads((tmp_path / "growth.json").read_text("utf-8"))
    assert (
        0 < found["ingesting"]["embedded"] < found["ingesting"]["chunks"] and found["ingesting"]["failed"] == 0
    )  # alike once
    assert len(found["ingesting"]["memory"]) == 10 and found["accuracy"]["n"] == 20
    assert (tmp_path / "growth.svg").exists()
