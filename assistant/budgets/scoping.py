"""Whose budget, and of which year, a question is about.

In: a question, the budgets of the store, and the documents of the turn before. Out: the documents to ask, with the department
written by its full name, or the choices to ask back with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.budgets.departments import Departments, Mention
from assistant.words.completion_words import COMPLETION
from assistant.words.dictionary import tags
from index.parsing.kinds import kind_of_budget
from index.sql.store import DocumentInfo

YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)|(?<!\d)(\d\d)(?=年)")
YEARS = re.compile(r"(20\d\d)年?度?(?:到|至|-|—|~|～)(20\d\d)")  # 2017到2019年
SHORT_YEARS = re.compile(r"(?<!\d)([12]\d)年?(?:到|至|-|—|~)([12]\d)年?(?=这|的|年|[两三四几]年)")  # 17到19这三年
SAME_YEAR = re.compile(r"(?:同一?年度?|同期|当年)的?")
YEAR_BEFORE = re.compile(r"(?:前|上)一年")
FINAL = re.compile(r"(?:部门)?决算(?:出来|里头?|中)?(?!数|总?表|报表|明细表|公开)的?")
# What only final accounts tell; 实际完成, 实际值 are said of targets
SPENT = re.compile(
    r"(?<!项目)(?<!专项)实际(?:(?:支出|花|用|开支|发生|消费)(?:了|的|掉|出去)?|(?=[\u4e00-\u9fff]{2,8}(?:花|用|支出|开支)))"
)
TEXTUAL = re.compile(r"是什么|是啥|啥意思|什么意思|指什么|指的|含义|定义|职责|干什么|干啥|做什么|怎么理解")
QUANTITY = re.compile(r"多少|几|原因|变化|项目是|最")
ALL_DEPARTMENTS = re.compile(r"(?:哪|各|每|所有|全部|几)(?:一?[个些家])?部门")
COMPARED_WITH = (
    re.compile(r"[跟和与同比较起](?:同一?年|当年|\d+年)?的?$"),
    re.compile(r"相?比(?!去|上|前)|的?(?:几|多少)倍"),
)  # before, behind
LINK = r"(?:的|[那这]个|[那这]家)"  # between a place and its office
LEVELS = "市县区旗"
ELSEWHERE = re.compile(rf"(?<![本全我该各这那])[\u4e00-\u9fff](?<![本全我该各这那])[{LEVELS}]$")
PLACED = re.compile(r"[省市县区旗州]")
OWNER = re.compile(rf"([\u4e00-\u9fff]{{2,6}}?){LINK}+$")
SEVERAL_PLACES = re.compile(
    r"(?P<places>(?:20\d\d年)?[\u4e00-\u9fff]{2,4}(?:[、和与跟及](?:20\d\d年)?[\u4e00-\u9fff]{2,4})+?)(?:这?[两二三四五几]个?[家个市省地]?的?)"
    r"(?P<office>[\u4e00-\u9fff]{2,8}?(?:局|委|办|厅|院|部|处|中心))"
)
YEAR_IN_FRONT = re.compile(r"^20\d\d年")
YEAR_BEHIND = re.compile(r"((?:(?![和与跟及今年])[\u4e00-\u9fff]){2,4})[（(](20\d\d)年?[）)]")  # 重庆（2026年）
TWO_OFFICES = re.compile(
    r"[两俩2](?:个|家|地)?(?:的)?(?P<office>[\u4e00-\u9fff]{2,6}?(?:局|委|办|厅|院|部))(?:之间)?(?:相?比一?比|做?个?对比|相比|放一起)?[，,、：:]?"
)
OFFICE_NAMED = re.compile(
    r"[^的，。？]{0,10}?(?:局|委|办|厅|院|部|处|站|馆|中心|大学|学院|学校|支队|银行)"
)  # 甲市|教育局
OF_PLACE = re.compile(r"[的呢那，。？?]|$")
SEVERAL_TURNS, MOST_TURNS = (
    re.compile(r"[这那前后]?[两俩二](?:个?年|年度|个?部门|个?单位|家|者|局)|[这那]几年|哪一?年"),
    2,
)
CHANGED = re.compile(
    r"[涨降压增减升跌]了?(?:多少|百分之?几|几个百分点|多少个?百?分?点|几成|幅)|(?:多|少)了(?:多少|百分之?几|几)"
    r"|(?:增|减|涨|降)幅|变化(?:多|有多)"
)
COMPARED_KIND = re.compile(r"[跟和与比较][^，。]{0,4}(?:预算|决算)数?(?:比|相比|高|低|多|少|差)")
APART = re.compile(  # held against the turn before, of whatever budget that was
    r"前[面头者].{0,4}[比和跟与].{0,2}后[面头者]|[两俩]个?(?:数|金额|笔|个?部门)|^(?:那|那么|所以)?(?:相|总共)?差(?:了|额)?(?:是)?多少"
)
ADJUSTED = re.compile(r"调整预算|预算调整|调整(?:后|以后|过)的?预算")
MOST_CHOICES = 6


@dataclass(frozen=True)
class Budget:
    """All documents of one department, year and kind: prose and tables may be two files."""

    department: str
    year: int
    kind: str
    documents: tuple[str, ...]

    @property
    def name(self) -> str:
        """The budget as it is called: 2024年, department, kind."""
        return f"{self.year}年{self.department}{self.kind}"

    def whose(self) -> dict[str, list]:
        """The fields of a Select that name this budget."""
        return {"years": [self.year], "departments": [self.department], "kinds": [self.kind]}


class Known:
    """The budgets of some documents, in their order, to be found by department and by document."""

    def __init__(self, documents: Sequence[DocumentInfo]) -> None:
        found: dict[tuple[str, int, str], list[str]] = {}
        for info in documents:
            found.setdefault((info.department, info.year, kind_of_budget(info.kind)), []).append(info.id)
        self.budgets = [Budget(*key, tuple(ids)) for key, ids in found.items()]
        self.departments = Departments(b.department for b in self.budgets)
        self._of_department: dict[str, list[int]] = {}
        self._of_document: dict[str, int] = {}
        for place, budget in enumerate(self.budgets):
            self._of_department.setdefault(budget.department, []).append(place)
            self._of_document |= dict.fromkeys(budget.documents, place)

    def of_departments(self, names: Iterable[str]) -> list[Budget]:
        """Their budgets."""
        return [self.budgets[i] for i in sorted({i for name in names for i in self._of_department.get(name, ())})]

    def of_documents(self, ids: Iterable[str]) -> list[Budget]:
        """The budgets to which documents belong."""
        return [self.budgets[i] for i in sorted({self._of_document[id] for id in ids if id in self._of_document})]


@dataclass
class Located:
    """`budgets` to ask of those `known` (of the departments spoken of; all where none is), none for all of them; `question` with
    full names; `choices` where it must be asked back."""

    question: str
    known: list[Budget]
    budgets: list[Budget] = field(default_factory=list)
    choices: list[Budget] = field(default_factory=list)
    mention: str = ""  # the words that may mean any of the choices

    @property
    def documents(self) -> list[str] | None:
        """The ids of the documents to ask, None for all."""
        return [i for b in self.budgets for i in b.documents] or None


def locate(
    question: str, known: Known, before: Sequence[str] = (), regions: Collection[str] = (), earlier: Sequence[str] = ()
) -> Located:
    """What a question is about. `before`: the documents that the turn before was about, `earlier` those of all turns;
    `regions`: names of places."""
    if len(known.budgets) < 2:
        return Located(question, known.budgets)
    question = SHORT_YEARS.sub(r"20\1年到20\2年", question)
    question = _told_apart(question, known)
    mentions = known.departments.mentions(question)
    mentions = [m for m in (_in_place(question, mention, regions) for mention in mentions) if m[2]]
    last, spoken_budgets = known.of_documents(before), known.of_documents(earlier)
    spoken = {b.department for b in spoken_budgets}
    mentions = mentions or _by_place(question, spoken, regions) or _same_office(question, known, last, regions)
    placed = [] if mentions else _of_place(question, known, regions)
    alone = len(placed) == 1 and not OF_PLACE.match(question[placed[0][1] :])  # 甲市电子政务项目 is a name of its own
    if placed and not alone and all(len(names) == 1 for _, _, names in placed):  # 甲市和乙市谁的预算多, 那甲市的呢
        mentions = placed
    named = [name for _, _, names in mentions for name in names]
    years = _years(question, last)
    if not mentions and ALL_DEPARTMENTS.search(question):
        return Located(question, known.budgets)
    if (
        len(last) == 1 and not mentions and not years and CHANGED.search(question)
    ):  # 涨了多少, after the same of two years
        told = [b for b in spoken_budgets if b not in last]
        last = [*last, *(b for b in told if (b.department, b.kind) == (last[0].department, last[0].kind))]
    if not mentions:  # a turn that leans on the one before: the same departments, in another year where one is named
        named = placed[0][2] if placed else list(dict.fromkeys(b.department for b in last))
    candidates = known.of_departments(named)
    if not candidates:
        return Located(question, known.budgets)
    near = known.of_departments({*named, *spoken, *(b.department for b in last)})
    if last and not mentions and YEAR_BEFORE.search(question) and years & {b.year for b in candidates}:
        question = YEAR_BEFORE.sub(f"{min(years)}年", question)
    candidates = _narrowed(candidates, question, mentions, years, last)
    text = _worded(question, mentions, candidates, last)
    open_mentions = [
        question[start:end]
        for start, end, names in mentions
        if len({b.department for b in candidates if b.department in names}) > 1
    ]
    both_spoken_of = bool(SEVERAL_TURNS.search(question) or CHANGED.search(question)) and len(last) > 1
    if (
        not years and TEXTUAL.search(question) and not QUANTITY.search(question)
    ):  # 职责是什么: as the latest budget has it
        candidates = _latest(candidates)
    several_years = not (years or both_spoken_of) and any(
        len({b.year for b in candidates if b.department == name}) > 1 for name in {b.department for b in candidates}
    )
    if open_mentions or several_years:
        return Located(text, near, choices=candidates[:MOST_CHOICES], mention="".join(open_mentions[:1]))
    return Located(text, near, candidates)


def _narrowed(
    candidates: list[Budget], question: str, mentions: list[Mention], years: set[int], last: list[Budget]
) -> list[Budget]:
    """The budgets of the years and the kind that are meant, with those spoken of before that they are compared with."""
    candidates = _of_years(candidates, years, last)
    if last and len(mentions) == 1 and _is_compared(question, *mentions[0][:2]):  # 跟乙局比呢: with what was spoken of
        candidates = [*(b for b in last if b not in candidates), *candidates]
    other_kind = COMPARED_KIND.search(question) if last and not mentions else None
    candidates = _of_kind(candidates, question, last)
    if other_kind is not None:  # 跟同年预算比, after what the final accounts have
        candidates = [*(b for b in last if b not in candidates), *candidates]
    return candidates


def _worded(question: str, mentions: list[Mention], candidates: list[Budget], last: list[Budget]) -> str:
    """The question with full names, and without what only says again which of the budgets is meant."""
    text = _with_full_names(question, mentions, candidates)
    if candidates and all(b.kind == "决算" for b in candidates):
        text = FINAL.sub("", text)  # every figure there is one of the final accounts
        text = text if "预算" in text else SPENT.sub("", re.sub("决算数的?(?!表)", "", text))
    if candidates and {b.year for b in candidates} == {b.year for b in last}:
        text = SAME_YEAR.sub("", text)
    return text


def spoken_of(question: str, turns: Sequence[Sequence[str]]) -> list[str]:
    """The documents that a question leans on: the last turn's; of 两年 or 这两家 those of the turns before it too."""
    if not turns or not (SEVERAL_TURNS.search(question) or APART.search(question)):
        return list(turns[-1]) if turns else []
    return list(dict.fromkeys(i for turn in turns[-MOST_TURNS:] for i in turn))


def with_budget(question: str, budget: Budget, mention: str = "") -> str:
    """The question, about this budget instead of what a `mention` leaves open."""
    said = budget.department if budget.department in question else mention
    if said and said in question:
        return question.replace(said, f"{budget.year}年{budget.department}", 1)
    return f"{budget.year}年{budget.department}的{question}"


# --- departments -------------------------------------------------------------------------------------------------
def _in_place(question: str, mention: Mention, regions: Collection[str]) -> Mention:
    """A mention with what stands before it: 普陀的|财政局 is a name too; 天津市|审计局 and 某某县|审计局 are none of another city's."""
    start, end, names = mention
    before = question[:start]
    near = re.sub(f"{LINK}+$", "", before)
    place = next((w for size in (4, 3, 2) if (w := near[-size:]) and _is_place(w, regions)), None)
    if place is None and ELSEWHERE.search(before) and not PLACED.search(question[start:end]):
        return start, end, []  # 某某县|教育局: of a place that none of them is in
    if place is None and question[start] in LEVELS and before and tags(before)[-1][2].startswith("n"):
        return (
            start,
            end,
            [],
        )  # 某某|县教育局: the county's office is none of another county; 今年|市审计局 and 查下|县教育局 are no places
    owner = OWNER.search(before)
    if owner is not None and any(owner[1] in name for name in names):
        return owner.start(1), end, [name for name in names if owner[1] in name]
    if place is not None:
        return start, end, [name for name in names if re.sub(r"[省市区县]$", "", place) in name]
    return mention


def _by_place(question: str, spoken: set[str], regions: Collection[str]) -> list[Mention]:
    """西安的: the one department of a place, of those that were spoken of, where several were."""
    found = []
    for start in range(len(question)) if len(spoken) > 1 else ():
        place = _place_at(question, start, regions)
        named = [name for name in spoken if place is not None and place in name]
        if place is not None and len(named) == 1:
            found.append((start, start + len(place), named))
    return found[:1]


def _same_office(question: str, known: Known, last: Sequence[Budget], regions: Collection[str]) -> list[Mention]:
    """甲市的, after 乙市审计局: the same office there."""
    departments = {b.department for b in last}
    office = re.sub(r"^.{2,4}?[省市区县]", "", min(departments)) if len(departments) == 1 else ""
    for match in re.finditer(r"[\u4e00-\u9fff]{2}(?=的|那|呢|[省市]的?|$)", question) if office else ():
        named = [d for d in known.departments.names if d.endswith(office) and match[0] in d]
        if match[0] in regions and len(named) == 1:
            return [(*match.span(), named)]
    return []


def _of_place(question: str, known: Known, regions: Collection[str]) -> list[Mention]:
    """甲市总预算: the departments of places that are named without any office, where others are of other places."""
    found: list[Mention] = []
    for start in range(len(question)):
        place = _place_at(question, start, regions)
        if place is None or (found and start < found[-1][1]):
            continue
        end = start + len(place)
        end += question[end : end + 1] in tuple("省市区县")
        names = [name for name in known.departments.names if place in name]
        if 0 < len(names) < len(known.departments.names) and not OFFICE_NAMED.match(question[end:]):
            found.append((start, end, names))
    return found


def _place_at(question: str, start: int, regions: Collection[str]) -> str | None:
    """The place that is named from there on, by its longest name."""
    return next((w for size in (4, 3, 2) if (w := question[start : start + size]) in regions), None)


def _is_place(words: str, regions: Collection[str]) -> bool:
    return words in regions or (words[-1] in "省市区县" and words[:-1] in regions)


def _is_compared(question: str, start: int, end: int) -> bool:
    """Whether what is asked is held against a department that stands there."""
    before, behind = COMPARED_WITH
    return bool(before.search(question[:start]) or behind.match(question[end:]))


def _told_apart(question: str, known: Known) -> str:
    """甲、乙两家审计局 as 甲市审计局、乙市审计局; 两个审计局比一比，甲市的比乙市的 as 甲市审计局的比乙市审计局的."""
    both = TWO_OFFICES.search(question)
    if both is not None:
        question = YEAR_BEHIND.sub(r"\2年\1", question)
        both = TWO_OFFICES.search(question)
    offices = [name for name in known.departments.names if both is not None and name.endswith(both["office"])]
    if both is not None and len(offices) == 2:
        rest = question[: both.start()] + question[both.end() :]
        for office in offices:
            rest = re.sub(rf"{re.escape(office[:2])}[省市区县]?(?=的|那|比|和|跟|与|高|多|少)", office, rest, count=1)
        if all(office in rest for office in offices):
            return rest
    for match in SEVERAL_PLACES.finditer(question):
        first, *others = re.split(r"[、和与跟及]", match["places"])
        offices = [name for name in known.departments.names if name.endswith(match["office"])]
        years = [YEAR_IN_FRONT.match(place) for place in others]
        named = [next((n for n in offices if YEAR_IN_FRONT.sub("", place) in n), None) for place in others]
        for size in range(len(first), 1, -1):  # 2026年|北京
            own = next((n for n in offices if first[-size:] in n), None)
            if own is not None and all(named):
                told = [f"{year[0] if year else ''}{name}" for year, name in zip(years, named, strict=True)]
                return question.replace(match[0], first[:-size] + "、".join([own, *told]))
    return question


def _with_full_names(question: str, mentions: list[Mention], candidates: list[Budget]) -> str:
    left = {b.department for b in candidates}
    for start, end, names in reversed(mentions):
        meant = [name for name in names if name in left]
        if len(meant) == 1:
            question = question[:start] + meant[0] + question[end:]
    return question


# --- years and kinds ---------------------------------------------------------------------------------------------
def years_in(text: str) -> set[int]:
    """The years that a text names, those between too where it names a range: 2017到2019年."""
    between = (year for span in YEARS.finditer(text) for year in range(int(span[1]), int(span[2]) + 1))
    return {*(int(m[1] or f"20{m[2]}") for m in YEAR.finditer(text)), *between}


def _years(question: str, last: list[Budget]) -> set[int]:
    found = years_in(question)
    if not found and last and YEAR_BEFORE.search(question):
        found = {min(b.year for b in last) - 1}
    return found


def _of_years(candidates: list[Budget], years: set[int], last: list[Budget]) -> list[Budget]:
    """Those of the years named, where there are any; else those of the years spoken of before."""
    kept = [b for b in candidates if b.year in years]
    if kept:
        return kept
    spoken = {b.year for b in last}
    if years:  # of a year that is not there, the latest can say so
        newest = {b.department: b.year for b in sorted(candidates, key=lambda b: (b.year in spoken, b.year))}
        return [b for b in candidates if b.year == newest[b.department]]
    kept = [b for b in candidates if b.year in spoken]
    # A department that is new in the conversation keeps all its years where none is the one spoken of.
    missing = {b.department for b in candidates} - {b.department for b in kept}
    return kept + [b for b in candidates if b.department in missing]


def _latest(candidates: list[Budget]) -> list[Budget]:
    """Of each department the budgets of its latest year."""
    latest: dict[str, int] = {}
    for budget in candidates:
        latest[budget.department] = max(budget.year, latest.get(budget.department, 0))
    return [b for b in candidates if b.year == latest[b.department]]


def _of_kind(candidates: list[Budget], question: str, last: list[Budget]) -> list[Budget]:
    """Budget or final accounts, as the question says; else as before; else the budget, where a year has several."""
    said = [kind for kind in ("决算", "预算") if kind in question]
    said = said or (["决算"] if SPENT.search(question) else [])
    if COMPLETION.search(question):
        said = ["决算"]
    if ADJUSTED.search(question):
        said = ["调整预算"]
    kept = []
    for budget in candidates:
        beside = {b.kind for b in candidates if (b.department, b.year) == (budget.department, budget.year)}
        wanted = (
            [k for k in said if k in beside]
            or [b.kind for b in last if b.kind in beside]
            or [k for k in ("预算", "决算", "绩效", "调整预算") if k in beside][:1]
        )
        if budget.kind in wanted:
            kept.append(budget)
    return kept
