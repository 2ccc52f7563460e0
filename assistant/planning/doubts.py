"""What in the words of a question speaks against a reading of it.

In: a question and one of its forms. Out: what the reading is worth still, and the names that it passes over. An operation needs a
sign in the words, a name of the documents must be taken up whole, and the words must not say the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.plan import Calculate, Part, names_of, selects_of
from assistant.reader.characters import characters
from assistant.reader.form import Form, Span, Thing, spans_of, things_of
from assistant.reader.tokens import tokens_of
from assistant.turns import SAME_ROW
from assistant.words.dictionary import frequency, words
from assistant.words.naming import Namer
from assistant.words.normal import bare

PIECE = 8000  # how often the dictionary has seen a character that is seldom a word of its own
NUMERALS = set("〇零一二三四五六七八九十百千万亿两半几")
PASSED_OVER_WORTH = 0.2  # for each name of the question that a reading takes no notice of
SHORT_WORTH = 0.6  # for each short name of a row that a reading takes no notice of
SEVERAL_SHORT_WORTH = 0.4  # where there are two or more
CONTRADICTED_WORTH = 0.25
IGNORED_WORTH = 0.15  # of a reading that takes 它 or 那个项目 for nothing
UNSIGNED_WORTH = 0.3  # for each operation that no word of the question shows
UPWARD, DOWNWARD = {"top", "nth", "sort", "max"}, {"bottom", "nthlow", "sortup", "min"}
SMALLEST = re.compile(r"最(?:小|少|低|便宜|省|轻|末|不起眼|穷)|垫底|倒数|吊车尾|末位|末尾|从(?:小|少|低)到")
LARGEST = re.compile(
    r"最(?:大|多|高|贵|重|费|烧|狠|猛|肥|富|壕|能花|砸钱)|头名|冠军|榜首|第一|前[\d一二三四五六七八九十两仨]|从(?:大|多|高)到"
)
POINTING = re.compile(
    r"该(?:单位|中心|局|部门|项|项目|科目|笔|院|馆|站|所)"
    r"|[这那][两俩仨三四五六七八九](?:个|家|项|笔|样)"
    r"|[这那](?:家|个单位|两个|两家|两项|几个|几项|个项目|笔|项|俩)"
    r"|(?<![其])它|上述|前者|后者"
)
THEY = re.compile(r"^(?:那|那么|请问|所以)?[他她]们")  # the unit that was spoken of; where none was, the department
RANKED = re.compile(r"(?:最[^，。]{1,3}|第[一二三四五六七八九十\d]+[大多高贵]?)的$")
EACH_UNIT = re.compile(r"[各每](?:个|家)?(?:下属|所属|预算)?(?:单位|中心)")
LEFT_OUT = re.compile(r"(?:除[了开去]?|不算|不含|去掉|扣掉|抛开|撇开|刨[去除掉]?)$")
DOUBTING = re.compile(r"对吗|对不对|是不是|是吗|是吧|没错吧|对吧|属实|真的假的|准确吗|正确吗|有没有搞错")
WITHHELD = {"no_amount", "not_public", "out_of_scope", "unsafe", "vague"}  # readings that give no figure
LEANING = {"prev", "again", "pick", "others", "next"}
JUDGED = WITHHELD | {"is", "has", "not", "only", "mostly", "up", "down", "flat", "agree", "sums", "balanced", "again", "about", "say",
                     "define", "note"}  # fmt: skip
PLACED = {"pick", "rank", "prev", "others", "next", "mostly", "is", "again", "[>mean]", "[<mean]"}
SUPERLATIVE = re.compile(r"最(?:大|多|高|贵|小|少|低|便宜)的?(?!只|不超|限|额)|垫底|榜首|倒数第")
THAT_ONE = re.compile(r"[那这]个?(?:项目|单位|科目|笔钱?)")
SHARED = re.compile(r"百分之[几多]|百分比|比重|占比|份额|占[^，。]{0,12}(?:多少|几|比例|百分)|几成")
NO_SHARES = WITHHELD | {"pctmore", "growth", "again", "mostly", "is", "times", "define", "goal", "say", "pick"}
RHETORICAL = re.compile(r"不是[^，。]*[吗嘛么]")
OWNED = re.compile(
    r"(?:哪个|哪家|哪一家)(?:下属|预算|直属)?(?:单位|中心|部门|机构)|单位是谁|(?:归|由|是)谁(?:在)?(?:管|负责|用|实施|牵头)"
)
OWNERS = WITHHELD | LEANING | {"owner", "@owner", "units", "departments", "duty", "members", "say", "by", "max", "min", "is", "sort",
                               "sortup", "rank", "top", "bottom", "nth", "nthlow", "note", "why", "goal"}  # fmt: skip
LISTED = re.compile(r"哪些(?:[^，。]{0,4}(?:项目|单位|科目))")
LISTS = WITHHELD | {"all", "which", "sort", "sortup", "top", "bottom", "projects", "units", "items", "departments", "members", "others",
                    "next", "by", "goal", "say", "owner", "why", "again", "note", "define", "duty", "org", "has", "is"}  # fmt: skip
QUOTED = re.compile(r"[“\"《「『]([^“”\"《》「」『』]{2,})[”\"》」』]")
TAGS = re.compile(r"没错[吧吗]?|对不对|是不是|有没有搞错|有没有|没有错")  # that ask, and deny nothing
PEOPLE = re.compile(r"(?:多少|几|几个|多少个|多少名)(?:人|名(?!单)|位|辆|台|套|户|张|页|份|编制|职工|员工)")
PLACE = re.compile(
    r"第[一二三四五六七八九十\d]+(?:个|名|项|家|位|大|笔)?|最后(?:一)?(?:个|名|项|家|笔)?|前者|后者|后面|前面"
)
OPINION = re.compile(r"值不值|值得吗|划不划算|划算吗|^你(?:觉得|认为|怎么看|咋看)")
SHORT_CODE = re.compile(r"(?<!\d)\d{3}(?!\d|[万元个年亿块%台辆号人项家]|多万)")
HOW_MUCH = re.compile(r"(?:多少|几)[^，。；？?！!]{0,10}[？?。]?$")
WHETHER = re.compile(
    r"[吗吧么嘛]|是不是|是否|有没有|有无|对不对|能不能|够不够|超没超|没错|属实|真的|一致|一样|相等|相符"
)
SUPPOSED = re.compile(r"(?:假如|如果|要是|假设|倘若)[^，。]{0,8}(?:不|没|少|去掉|取消|砍)")  # 假如不买那辆新车
REASONED = re.compile(r"什么原因|原因是|原因呢|是因为|为什么|为啥|为何|缘何")
REASONS = {"why", "whydiff", "goal", "say", "note", "again", "has", "is", "up", "down", "not"}
NOT_OF = re.compile(r"(?:不属于|不归|不在)[^，。？?（）()]{1,12}(?:的|名下)")
LEAVING_OUT = {"rest"}  # whose signs stand in names of columns too: 扣除基建项目后预算数
BUDGETED = re.compile(r"的?(?:年初|全年|调整)?预算数")
STATISTIC = re.compile(r"中位数|众数|方差|标准差|四分位|基尼系数|变异系数")  # which no form can ask for
SO_MANY_PROJECTS = re.compile(r"项目(?:一共|总共|共)?(?:有|是)?(?:几|多少)个|(?:几|多少)个(?:大)?项目")
WHOLE = re.compile(r"全部门|整个部门|全局|整个局|全系统")
YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)|明年|后年|前年|(?<!转)(?<!转入)(?<!转到)下一?年|来年|次年")
THAT_UNIT = re.compile(r"[那这]个?家?(?:中心|单位|局|院|馆|站|所|学校|医院)")
THIS_ONE = re.compile(r"这个?家?(?:单位|局|院|学校|医院)")
BOUGHT = re.compile(r"新买|新购|新增|新添|添置|拟购|(?:要|打算|准备|计划)(?:新|再)?(?:买|购)")
WORDED = WITHHELD | {"say", "why", "goal", "owner", "define", "note", "change", "up"}


class Doubts:
    """Weighs readings by the words of their question. `signs` are for each operation the words of which it needs one."""

    def __init__(self, namer: Namer, signs: Mapping[str, Sequence[str]], final: bool = False) -> None:
        """`final`: all documents are final accounts, where what was budgeted stands beside what was spent."""
        self._namer, self._signs, self._final = namer, signs, final

    def worth(self, question: str, form: Form, parts: Sequence[Part], follows: bool, of_unit: bool = False) -> float:
        """What is left of a reading's likelihood, from 0 to 1; `of_unit`: a unit was spoken of before."""
        against = contradictions(question, form, follows) + self._names_cut(question, form)
        return (
            PASSED_OVER_WORTH ** len(self.passed_over(question, form, parts))
            * short_worth(self._short_names_left(question, form))
            * UNSIGNED_WORTH ** self._unsigned(question, form)
            * PASSED_OVER_WORTH ** pieces_left(question, form)
            * CONTRADICTED_WORTH**against
            * (IGNORED_WORTH if names_people(question, form) else 1.0)
            * (0.5 if self._leans_past_names(question, form) else 1.0)
            * (IGNORED_WORTH if supposes(question, form) or excludes(question, form) else 1.0)
            * (IGNORED_WORTH if self._leaves_out_year(question, form) else 1.0)
            * (IGNORED_WORTH if _points_at_nothing(question, form, follows, of_unit) else 1.0)
            * (IGNORED_WORTH if _asks_each_unit(question, form) else 1.0)
            * (IGNORED_WORTH if self._final and _passes_over(BUDGETED, question, form) else 1.0)
        )

    def passed_over(self, question: str, form: Form, parts: Sequence[Part]) -> list[Span]:
        """The names of the documents in a question of which a form takes up no character, nor the plan by another word."""
        taken = {i for span in spans_of(form) for i in range(span.start, span.end)}
        named = {name for part in parts for name in names_of(part)}
        labels = [set(s.labels) for part in parts if isinstance(part, Calculate) for s in selects_of(part.expression)]

        def told(text: str) -> bool:
            """Whether the parts name what a name means, and not more: 离退休 for 行政单位离退休."""
            meant = self._namer.meanings(text)
            return bool(named & meant) and not any(meant & found and found - meant for found in labels)

        def said(text: str) -> bool:
            """Whether a stretch that is taken has the name in it: 三公经费，三公是哪三公."""
            return any(bare(text) in bare(question[s.start : s.end]) for s in spans_of(form))

        budgeted = [m.span() for m in BUDGETED.finditer(question)] if self._final else []
        codes = [m.span() for m in SHORT_CODE.finditer(question) if "code" in self._namer.kinds(m[0])]
        return [
            Span(start, end)
            for start, end in (*self._namer.known(question), *codes, *budgeted)
            if not taken & set(range(start, end)) and not told(question[start:end]) and not said(question[start:end])
        ]

    def _leans_past_names(self, question: str, form: Form) -> bool:
        """Whether a row or column is named (机关运行经费差多少呢) and a form takes only what was spoken of before."""
        if spans_of(form) or not _operations(form) & LEANING:
            return False
        return bool(self._namer.known(question) or self._namer.short_names(question))

    def _leaves_out_year(self, question: str, form: Form) -> bool:
        """Whether another year than the documents', or one of several, is named of which a form takes nothing."""
        spans, known = spans_of(form), self._namer.years()
        said = list(YEARS.finditer(question))
        several = len({m[1] for m in said if m[1]}) > 1
        others = [m for m in said if several or m[1] is None or int(m[1]) not in known]
        return bool(_operations(form) - WITHHELD) and any(not _touched(spans, *m.span()) for m in others)

    def _short_names_left(self, question: str, form: Form) -> int:
        """How many two-character names of rows (工资, 福利) stand in a question of which a form takes nothing."""
        spans = spans_of(form)
        if not spans or _operations(form) & LEANING:
            return 0
        return sum(not _touched(spans, *span) for span in self._namer.short_names(question))

    def _names_cut(self, question: str, form: Form) -> int:
        """How many names of the documents a form cuts up among several things."""
        things = [thing.spans for thing in things_of(form) if thing.spans]
        shared = {s for s in spans_of(form) if sum(s in spans for spans in things) > 1}

        def inside(spans: tuple[Span, ...], start: int, end: int) -> bool:
            return any(start <= s.start and s.end <= end and s != Span(start, end) for s in spans if s not in shared)

        known = self._namer.known(question)
        return sum(sum(inside(spans, start, end) for spans in things) > 1 for start, end in known)

    def _unsigned(self, question: str, form: Form) -> int:
        """How many operations of a form have no sign in the words of the question."""
        names = _operations(form)
        plain = characters(question).text
        outside = "".join(c for i, c in enumerate(plain) if not any(a <= i < b for a, b in self._namer.known(question)))
        telling = TAGS.sub("", plain.replace("多少", ""))  # which asks, and says neither 多 nor 少
        return sum(
            not any(
                sign in (outside if name in LEAVING_OUT else plain if "多少" in sign else telling)
                for sign in self._signs[name]
            )
            for name in names
            if name in self._signs
        )


def pieces_left(question: str, form: Form) -> int:
    """How many pieces of words that nobody knows (印费 for 印刷费) stand in a question of which a form takes nothing."""
    spans = spans_of(form)
    taken = {i for span in spans for i in range(span.start, span.end)}
    alone = [start for start, end in words(question) if end - start == 1 and question[start] not in NUMERALS
             and "\u4e00" <= question[start] <= "\u9fff" and frequency(question[start]) < PIECE and start not in taken]  # fmt: skip
    return sum(at + 1 in alone for at in alone) if spans else 0


def short_worth(left: int) -> float:
    """What a reading is worth that takes no notice of so many short names: of several hardly anything."""
    return SHORT_WORTH**left * (SEVERAL_SHORT_WORTH if left > 1 else 1.0)


def supposes(question: str, form: Form) -> bool:
    """Whether something is supposed away (假如不买那辆车), and a form takes nothing off."""
    return bool(SUPPOSED.search(question)) and not _operations(form) & (WITHHELD | {"rest", "diff", "say"})


def excludes(question: str, form: Form) -> bool:
    """Whether members are left out by whose they are (其中不属于局本级的), and a form leaves none out."""
    return bool(NOT_OF.search(question)) and not _operations(form) & (
        WITHHELD | {"[not", "not", "rest", "others", "say"}
    )


def _asks_each_unit(question: str, form: Form) -> bool:
    """Whether every unit is asked about (各单位项目支出谁最多), and a form takes the parts of what was spoken of."""
    names = _operations(form)
    return bool(EACH_UNIT.search(question)) and "prev" in names and not names & {"units", "by", "owner"}


def names_people(question: str, form: Form) -> bool:
    """Whether people, cars or tables are to be counted, and a form counts units, projects or rows."""
    return "count" in _operations(form) and bool(PEOPLE.search(question))


def contradictions(question: str, form: Form, follows: bool) -> int:
    """How often the words of a question say the contrary of a form."""
    names = _operations(form)
    shares = any("share" in name for name in names)
    return sum(
        (
            _other_end(question, names),
            bool(DOUBTING.search(question)) and not names & JUDGED,
            bool(SUPERLATIVE.search(question)) and not names & (UPWARD | DOWNWARD | PLACED),
            bool(SHARED.search(question)) and not names & NO_SHARES and not shares,
            bool(RHETORICAL.search(question)) and "!=" in names,
            bool(OWNED.search(question)) and not names & OWNERS,
            bool(LISTED.search(question)) and not names & LISTS,
            _quotes_more(question, form),
            "code" in names and bool(SAME_ROW.search(question)),
            "count" in names and not names & {"projects", "by"} and bool(SO_MANY_PROJECTS.search(question)),
            _asks_again_behind(form),
            bool(OPINION.search(question)) and not names <= WITHHELD | {"<stop>"},
            bool(STATISTIC.search(question)) and not names <= WITHHELD | {"<stop>"},
            "is" in names and len(form.parts) == 1 and bool(HOW_MUCH.search(question)) and not WHETHER.search(question),
            bool(REASONED.search(question)) and not names & (WITHHELD | REASONS),
            _passes_over(BOUGHT, question, form) and not names & WORDED,
            _passes_over(WHOLE, question, form) and shares and "total" in names,
        )
    )


def _asks_again_behind(form: Form) -> bool:
    """Whether a question of its own is followed by one that leans on the turn before: 公车购置；again{运行}."""
    first, *rest = [part.node for part in form.parts]
    stands_alone = isinstance(first, Thing) and first.kind in ("thing", "total", "income")
    return stands_alone and any(isinstance(node, Thing) and node.kind == "again" for node in rest)


def _other_end(question: str, names: set[str]) -> bool:
    """The largest for the smallest, or the other way round."""
    small, large = bool(SMALLEST.search(question)), bool(LARGEST.search(question))
    return (bool(names & UPWARD) and not names & DOWNWARD and small and not large) or (
        bool(names & DOWNWARD) and not names & UPWARD and large and not small
    )


def _quotes_more(question: str, form: Form) -> bool:
    """Whether something stands in quotation marks of which a form takes nothing."""
    spans = spans_of(form)
    return bool(spans) and any(not _touched(spans, *m.span(1)) for m in QUOTED.finditer(question))


def _passes_over(said: re.Pattern[str], question: str, form: Form) -> bool:
    """Whether words that matter stand in the question and in no stretch of a form that takes any."""
    spans, found = spans_of(form), said.search(question)
    return found is not None and bool(spans) and not _touched(spans, *found.span())


def _touched(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether a span takes something of a stretch."""
    return any(s.start < end and start < s.end for s in spans)


def _points_at_nothing(question: str, form: Form, follows: bool, of_unit: bool) -> bool:
    """A pointing word (它, 该单位, 那个项目) that a form ignores, or that has nothing before it to point at."""
    spans = spans_of(form)
    if not follows:
        unit = THAT_UNIT.search(question)
        if unit is not None and THIS_ONE.fullmatch(unit[0]):
            unit = None  # 这个局有几辆车: the department whose budget it is
        if unit is not None and spans and not _touched(spans, *unit.span()):
            return True
        ranked = _operations(form) & (UPWARD | DOWNWARD | {"rank"})
        alone = THAT_ONE.search(question) or (None if ranked else PLACE.search(question))
        return (
            alone is not None and bool(spans) and all(alone.start() <= s.start and s.end <= alone.end() for s in spans)
        )
    pointing = POINTING.search(question) or (THEY.search(question) if of_unit else None)
    if pointing is None or _operations(form) & LEANING:
        return False
    if RANKED.search(question[: pointing.start()]) and _operations(form) & (UPWARD | DOWNWARD):  # 最贵的那个项目
        return False
    # 除了它: the form says which it is.
    if "[not" in _operations(form) and LEFT_OUT.search(question[: pointing.start()]):
        return False
    at = pointing.start()
    return not any(span.end <= at or span.start <= at < span.end for span in spans)


def _operations(form: Form) -> set[str]:
    """The calls, sets and bounds of a form."""
    return {token.rstrip("({") for token in tokens_of(form) if isinstance(token, str)}
