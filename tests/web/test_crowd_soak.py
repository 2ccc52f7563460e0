"""Half an hour of a crowd: `make soak`."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from benchmarks.crowd import NO_RATES, Line, asking_event, crowd, sampled, service

MINUTES, WARM = 30, 12  # until then Gradio fills the sessions that it keeps
ASKERS = 30  # of the API, and as many visitors of the page
GROWTH = 1.05


@pytest.mark.soak
def test_memory_is_flat_while_a_crowd_asks(tmp_path: Path) -> None:
    statuses: Counter[int] = Counter()
    megabytes = []
    with service(tmp_path / "store", **NO_RATES) as (url, memory):
        assert asking_event(url)
        for _ in range(MINUTES):
            lines = [Line("api", "", ASKERS, 60), Line("page", "", ASKERS, 60)]
            asyncio.run(_together(url, lines))
            for line in lines:
                statuses += line.statuses
            megabytes.append(memory())
            assert httpx.get(f"{url}/healthz", trust_env=False, timeout=5).status_code == 200
    assert set(statuses) <= {200, 429, 503}
    assert statuses[200] > 1000
    assert max(megabytes[-5:]) <= GROWTH * max(megabytes[WARM - 5 : WARM]), megabytes


async def _together(url: str, lines: list[Line]) -> None:
    await asyncio.gather(*(crowd(url, line, sampled()) for line in lines))
