"""What must not be answered as if it were in the documents.

In: the question and its Reading. Out: a Refuse or Say part, or None. Patterns are text in `prompts/scope.yaml`; which years,
departments and places there are comes from the documents.
"""

from __future__ import annotations

import re

from assistant.dictionary import tags
from assistant.lexicon import Lexicon
from assistant.link import ORGANISATION, Reading
from assistant.plan import ReasonCode, Refuse, Say

TITLES = re.compile(r"局长|主任|领导|处长|科长|负责人|专家|书记|经办人|会计|电话|手机|身份证|住址")
PLACE_ENDING = re.compile(r".[市区县镇乡州旗省]$")
ELSEWHERE = re.compile(r"[\u4e00-\u9fff]{2,3}(?:市|区|县|镇|州|省|旗)$")


def before_linking(question: str, lexicon: Lexicon, longest: int) -> Refuse | Say | None:
    """Refusals that need no understanding: nothing asked, too much, an attack, a greeting."""
    if not re.search(r"\w", question):
        return Refuse(reason="empty")
    if len(question) > longest:
        return Refuse(reason="empty", detail=f"问题太长（{len(question)}字），最多{longest}字")
    scope = lexicon.vocabulary.scope
    if any(p.search(question) for p in scope["unsafe"]):
        return Refuse(reason="unsafe")
    stripped = re.sub(r"\s", "", question)
    for wording in ("greeting", "thanks", "about"):
        if any(p.search(stripped) for p in scope[wording]):
            return Say(wording=wording)
    return None


def after_linking(reading: Reading, lexicon: Lexicon, projects: list[str]) -> Refuse | None:
    """Refusals by what the documents do not hold: another department or year, persons, months, opinions."""
    return (
        _other_department(reading, lexicon)
        or _other_year(reading, lexicon, projects)
        or _by_pattern(reading, lexicon, "not_public")
        or _classified(reading)
        or _by_pattern(reading, lexicon, "no_amount")
        or _by_pattern(reading, lexicon, "out_of_scope")
    )


def _by_pattern(reading: Reading, lexicon: Lexicon, reason: ReasonCode) -> Refuse | None:
    text = re.sub(r"\s", "", reading.question)
    ranked = reading.has("largest", "smallest") or reading.quantities("rank") or reading.has("more", "less")
    for index, pattern in enumerate(lexicon.vocabulary.scope[reason]):
        match = pattern.search(text)
        if match is None or _inside_name(match[0], reading):
            continue
        organisational = reading.has("owner", "subordinates", "structure") or reading.of("noun")
        if reason == "not_public" and (ranked or (organisational and not TITLES.search(text))):
            continue
        if reason == "out_of_scope" and index and match[0] in lexicon.text:
            continue
        return Refuse(reason=reason, detail=match[0])
    return None


def _inside_name(text: str, reading: Reading) -> bool:
    """Words that are part of a name of the documents are no sign of anything: 甲项目专家费."""
    return any(text in m.text for m in reading.mentions if m.is_a("project", "label", "table", "term"))


def _other_department(reading: Reading, lexicon: Lexicon) -> Refuse | None:
    ours = [m for m in reading.mentions if m.is_a("department", "unit")]
    for mention in reading.mentions:
        if mention.is_a("place"):
            return Refuse(reason="other_department", detail=mention.text)
        if mention.is_a("organisation") and not mention.is_a("department", "unit"):
            return Refuse(reason="other_department", detail=mention.text)
        before = ELSEWHERE.search(reading.text[: mention.start]) if mention in ours else None
        if before and not any(before[0] in info.department for info in lexicon.documents):
            return Refuse(reason="other_department", detail=before[0] + mention.text)
        if not mention.known and not ours and ORGANISATION.fullmatch(mention.text):
            return Refuse(reason="other_department", detail=mention.text)
    if reading.unknown():
        for start, end, flag in tags(reading.text):
            place = reading.text[start:end]
            unknown = any(m.start < end and start < m.end for m in reading.unknown())
            if unknown and flag == "ns" and PLACE_ENDING.search(place) and place not in lexicon.bare_text:
                return Refuse(reason="other_department", detail=place)
    return None


def _other_year(reading: Reading, lexicon: Lexicon, projects: list[str]) -> Refuse | None:
    years = lexicon.years()
    for quantity in reading.quantities("year"):
        quoted = reading.text[max(0, quantity.start - 3) : quantity.end + 2]
        in_name = any(quantity.text in name for name in projects) or quoted in lexicon.bare_text
        if int(quantity.value) not in years and not in_name:
            return Refuse(reason="other_year", detail=f"{quantity.value}年")
    relative = reading.quantities("relative_year")
    if relative and not reading.has("change", "same", "derive", "than", "difference", "more", "less"):
        return Refuse(reason="other_year", detail=relative[0].text)
    return None


def _classified(reading: Reading) -> Refuse | None:
    """What a classified project consists of is withheld; its printed amount is answered."""
    if "涉密" not in reading.text:
        return None
    wants_content = reading.has("target", "list", "define") or re.search(
        r"具体|内容|什么设备|哪些|买了什么|详细", reading.text
    )
    wants_amount = re.search(r"多少|几个|金额|预算|钱", reading.text)
    return Refuse(reason="not_public", detail="涉密项目的内容") if wants_content and not wants_amount else None
