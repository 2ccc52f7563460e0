"""`python -m eval.llm` through a scripted endpoint that replays sensible plans: questions that the local planner refuses are answered,
and no number becomes wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.llm.templates import use_folder
from eval import llm
from eval.questions import DEV, load_cases
from tests.llm.scripted import Exchange, ScriptedServer, plan, value

PLANS = {
    line["id"]: line["plan"]
    for line in map(json.loads, (Path(__file__).parent / "sensible.jsonl").read_text("utf-8").splitlines())
}


@pytest.fixture
def questions(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A file of the dev questions that plans are written for, and the plan by the question."""
    cases = [case for path in sorted(DEV.glob("*.jsonl")) for case in load_cases(path) if case.id in PLANS]
    assert {case.id for case in cases} == set(PLANS)
    file = tmp_path / "asked.jsonl"
    lines = [line for path in sorted(DEV.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
             if line.strip() and json.loads(line)["id"] in PLANS]  # fmt: skip
    file.write_text("\n".join(lines), "utf-8")
    return file, {case.question: json.dumps(PLANS[case.id], ensure_ascii=False) for case in cases}


@pytest.mark.slow
def test_plans_of_a_model_rescue_questions(
    endpoint: ScriptedServer,
    questions: tuple[Path, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, plans = questions

    def replay(exchange: Exchange) -> None:
        if exchange.wants_plan:
            asked = re.findall(r"^问题：(.+)$", exchange.user, re.MULTILINE)[-1]
            exchange.say(plans[asked])
        else:
            exchange.say("[[1]]。")

    endpoint.script = replay
    monkeypatch.setenv("BUDGET_QA_LLM_BASE_URL", endpoint.url)
    monkeypatch.setenv("BUDGET_QA_LLM_MODEL", "scripted")
    assert llm.main(["--questions", str(file)]) == 0
    out = capsys.readouterr().out
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]
    right = {row[0]: int(row[2].split()[0]) for row in rows}
    wrong_numbers = {row[0]: row[5] for row in rows}
    assert right["with model"] >= right["local"] + 15, out
    assert wrong_numbers == {"local": "0", "with model": "0"}, out


def test_without_a_model_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BUDGET_QA_LLM_BASE_URL", raising=False)
    assert llm.main([]) == 1
    assert "BUDGET_QA_LLM_BASE_URL" in capsys.readouterr().err


def test_two_versions_of_a_prompt_are_compared(
    endpoint: ScriptedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    indexed: Path,
) -> None:
    """A model that only the second version tells what to do."""
    shipped = (Path(llm.__file__).parents[1] / "prompts/llm/understand.md").read_text("utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "understand.md").write_text(
        shipped.replace("版本：2", "版本：3").replace("规则：", "规则（新）："), "utf-8"
    )
    line = {
        "id": "x-1",
        "class": "cell",
        "question": "雇老高把院子拾掇干净的开销多少",
        "gold": {"names": ["物业管理费"], "lines": [312]},
    }
    (tmp_path / "asked.jsonl").write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    knows = plan(value("物业管理费"))
    refuses = '{"parts":[{"part":"refuse","reason":"not_found"}]}'
    endpoint.script = lambda exchange: exchange.say(knows if "规则（新）" in exchange.system else refuses)
    monkeypatch.setenv("BUDGET_QA_LLM_BASE_URL", endpoint.url)
    monkeypatch.setenv("BUDGET_QA_LLM_MODEL", "scripted")
    try:
        assert (
            llm.main(
                [
                    "--questions",
                    str(tmp_path / "asked.jsonl"),
                    "--store",
                    str(indexed),
                    "--prompts",
                    str(tmp_path / "other"),
                ]
            )
            == 0
        )
    finally:
        use_folder(None)
    out = capsys.readouterr().out
    assert "shipped prompts" in out and "x-1 refused → right" in out
