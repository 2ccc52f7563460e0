"""A question that is too long to be looked at. In: a question and how long one may be. Out: its refusal, or None.

Before anything reads it: what mends and splits questions takes half a minute for a hundred thousand characters.
"""

from __future__ import annotations

from assistant.contract import Answer
from assistant.plan import Plan, Refuse
from assistant.saying.explain import explained
from assistant.words.vocabulary import load_vocabulary


def too_long(question: str, longest: int) -> Answer | None:
    """The refusal of a question of more than `longest` characters; None for any other."""
    if len(question) <= longest:
        return None
    refusal = Refuse(reason="empty", detail=f"问题太长（{len(question)}字），最多{longest}字")
    return Answer(
        question=question, answer=load_vocabulary().wordings["too_long"].format(detail=refusal.detail), refused=True,
        reason="empty", explanation=explained("too_long", detail=refusal.detail),
        plan=Plan(parts=[refusal]).model_dump(mode="json"),
    )  # fmt: skip
