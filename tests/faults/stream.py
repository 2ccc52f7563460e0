"""People who ask on while something breaks, and what they were told.

In: a service's address and questions. Out: every reply with its status and time, right or wrong against the answer that was given before
anything broke; and the assertion that none was wrong. An answer whose passage was found by words alone, and says so, may be another
than before: it quotes what is there.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import httpx

from tests.waiting import until

PEOPLE, PAUSE, PATIENCE = 2, 0.02, 120  # who ask, seconds between their questions, seconds that they wait
COMPARED = ("answer", "value", "unit", "refused", "reason", "citations")
TOLD_TO_WAIT = {429, 503}
Outcome = Literal["right", "by words", "told to wait", "not connected", "wrong", "failed"]


@dataclass(frozen=True)
class Question:
    """What is asked, of which documents; `value` where it is a figure, known from the document itself."""

    text: str
    documents: tuple[str, ...] = ()
    value: float | None = None


@dataclass(frozen=True)
class Reply:
    """What came of one question. Whether a broken connection is a failure is judged in the end."""

    question: Question
    began: float
    ended: float
    outcome: Outcome
    told: str = ""

    @property
    def answers(self) -> bool:
        return self.outcome in ("right", "by words")


class Stream:
    """Asks from entering to leaving."""

    def __init__(self, url: str, questions: Sequence[Question]) -> None:
        self.replies: list[Reply] = []
        self._url, self._questions = url, questions
        self._known: dict[Question, dict] = {q: self._sent(q).raise_for_status().json() for q in questions}
        for question, answer in self._known.items():
            assert question.value in (None, answer["value"]), (question, answer)
        self._down: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._people = [threading.Thread(target=self._person, args=(n,)) for n in range(PEOPLE)]

    def __enter__(self) -> Stream:
        for person in self._people:
            person.start()
        self.all_answered()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for person in self._people:
            person.join()

    @contextmanager
    def app_down(self) -> Iterator[None]:
        """Inside the service itself may be away, and only then may a connection be refused or break."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._down.append((began, time.monotonic()))

    # --- waiting -----------------------------------------------------------------------------------------------------
    def all_answered(self) -> None:
        """Wait until every question, asked after this, was answered."""
        self._all_come_to({"right", "by words"})

    def sees(self, outcome: Outcome) -> None:
        """Wait until a question that is asked after this comes to that."""
        now = time.monotonic()
        until(lambda: any(reply.began >= now and reply.outcome == outcome for reply in list(self.replies)))

    def all_right(self) -> None:
        """Wait until every question, asked after this, was answered as before."""
        self._all_come_to({"right"})

    def _all_come_to(self, outcomes: set[Outcome]) -> None:
        now = time.monotonic()
        missing = set(self._questions)

        def all_have() -> bool:
            missing.difference_update(
                r.question for r in list(self.replies) if r.began >= now and r.outcome in outcomes
            )
            return not missing

        until(all_have)

    # --- judging -----------------------------------------------------------------------------------------------------
    def outcomes(self) -> dict[Outcome, int]:
        return dict(Counter(reply.outcome for reply in self.replies))

    def longest_silence(self) -> float:
        """The longest time, in seconds, in which nobody got an answer."""
        times = sorted(reply.ended for reply in self.replies if reply.answers)
        return max((later - earlier for earlier, later in pairwise(times)), default=0.0)

    def assert_never_wrong(self) -> None:
        """Nor a failure: told to wait, or not connected while the service was away, is all that may have come instead."""
        bad = [r for r in self.replies if r.outcome in ("wrong", "failed") or self._lost(r)]
        assert [(reply.question.text, reply.outcome, reply.told) for reply in bad] == []
        assert any(reply.outcome == "right" for reply in self.replies)

    def _lost(self, reply: Reply) -> bool:
        away = any(began <= reply.ended and reply.began <= ended for began, ended in self._down)
        return reply.outcome == "not connected" and not away

    # --- asking ------------------------------------------------------------------------------------------------------
    def _person(self, number: int) -> None:
        while not self._over.is_set():
            self.replies.append(self._asked(self._questions[number % len(self._questions)]))
            number += 1
            time.sleep(PAUSE)

    def _asked(self, question: Question) -> Reply:
        began = time.monotonic()
        try:
            response = self._sent(question)
        except httpx.TransportError as error:
            return Reply(question, began, time.monotonic(), "not connected", type(error).__name__)
        return Reply(question, began, time.monotonic(), *self._judged(question, response))

    def _judged(self, question: Question, response: httpx.Response) -> tuple[Outcome, str]:
        if response.status_code in TOLD_TO_WAIT:
            says_when = int(response.headers.get("retry-after", 0)) >= 1
            return "told to wait" if says_when else "failed", response.text[:300]
        if response.status_code != httpx.codes.OK:
            return "failed", f"{response.status_code} {response.text[:300]}"
        answer = response.json()
        if any(note["code"] == "by_words" for note in answer["notes"]):
            return "by words" if question.value is None else "wrong", answer["answer"][:300]
        right = all(answer[name] == self._known[question][name] for name in COMPARED)
        return "right" if right else "wrong", answer["answer"][:300]

    def _sent(self, question: Question) -> httpx.Response:
        body = {"question": question.text, "scope": {"documents": list(question.documents)}}
        return httpx.post(f"{self._url}/api/ask", json=body, trust_env=False, timeout=PATIENCE)
