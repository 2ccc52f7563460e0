"""The operator's sessions: who is let in, for how long, and who has to wait."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from starlette.exceptions import HTTPException

from assistant.web.service.sessions import COOKIE, LASTS, PAUSE, REMEMBERED, TRIES, Sessions

RIGHT = "不是 123456"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(SecretStr(RIGHT), clock)


def request(token: str | None, **headers: str) -> SimpleNamespace:
    return SimpleNamespace(cookies={COOKIE: token} if token else {}, headers=headers)


def refused(sessions: Sessions, password: str, address: str = "a") -> int:
    with pytest.raises(HTTPException) as caught:
        sessions.open(password, address)
    return caught.value.status_code


def test_token_is_held_until_it_ends(sessions: Sessions, clock: Clock) -> None:
    token = sessions.open(RIGHT, "a")
    assert sessions.holds(request(token))
    assert not any(sessions.holds(request(other)) for other in (None, "", "x", token[:-1]))
    clock.now += LASTS
    assert not sessions.holds(request(token))


def test_token_ends_with_signing_out(sessions: Sessions) -> None:
    one, other = sessions.open(RIGHT, "a"), sessions.open(RIGHT, "a")
    sessions.close(request(one))
    assert (sessions.holds(request(one)), sessions.holds(request(other))) == (False, True)


@pytest.mark.parametrize(
    ("site", "held"), [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)]
)
def test_request_from_another_page_is_not_the_operators(sessions: Sessions, site: str, held: bool) -> None:
    assert sessions.holds(request(sessions.open(RIGHT, "a"), **{"sec-fetch-site": site})) is held


@pytest.mark.parametrize("password", ["", RIGHT[:-1], RIGHT + " ", "\ud800", "ａ" * 200])
def test_any_other_password_is_wrong(sessions: Sessions, password: str) -> None:
    assert refused(sessions, password) == 403


def test_address_that_is_wrong_too_often_waits_also_with_the_right_password(sessions: Sessions, clock: Clock) -> None:
    for _ in range(2):
        assert [refused(sessions, "x") for _ in range(TRIES)] == [403] * TRIES
        assert refused(sessions, RIGHT) == 429
        assert sessions.holds(request(sessions.open(RIGHT, "b")))
        clock.now += PAUSE
    assert sessions.holds(request(sessions.open(RIGHT, "a")))


def test_right_password_forgives_the_wrong_ones_before(sessions: Sessions) -> None:
    for _ in range(3):
        assert [refused(sessions, "x") for _ in range(TRIES - 1)] == [403] * (TRIES - 1)
        sessions.open(RIGHT, "a")


def test_addresses_are_not_remembered_without_end(sessions: Sessions) -> None:
    for number in range(REMEMBERED + 10):
        refused(sessions, "x", str(number))
    assert len(sessions._tries) == REMEMBERED
