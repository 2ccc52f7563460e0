"""What the stretches of a question say of performance forms.

In: stretches. Out: what they say: the words for a row, the cells that are asked for, the kind of indicator, whose form, and whether
a form is spoken of at all. No form is looked into.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.lookup.form_rows import Role
from assistant.words.lexicon import Lexicon
from assistant.words.naming import Namer, Slot
from assistant.words.normal import bare

FORM_WORD = re.compile(
    r"(?:20\d\d年度?|[省市区县]级|做了?的?|开展了?的?|公开的?|部门|单位|项目|整体|年度|年初|申报的?|预算|支出|综合|的|里)*(?:绩效|自评|评价)(?:绩效|评价|目标|指标|自评|申报|综合|情况|结果|考核|表|书|的|里|项目)*"
    r"|(?:部门|单位)?整体(?:支出|绩效)?|申报(?:的|表)?|三级指标|(?:绩效)?指标|(?:这|整)张表|整个?表"
)
BRANCH = re.compile(
    r"(?:数量|质量|时效|产出|效益|满意度|服务对象满意度|成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|可持续影响)指标"
)
ASKED: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("score", re.compile(r"几分|得分|[得评]了?多少分|自评分|扣了")),
    ("points", re.compile(r"分值|满分|权重|占多少分")),
    ("reached", re.compile(r"(?:发|做|办|开|建|完成|实现|达到)了(?:几|多少)(?!分)|完成值|实际|完成了|完成情况|达到了|做到了"
                           r"|够了?(?!不)|(?<!才)(?<!才算)(?<!才能)达标|兑现")),
    ("target", re.compile(r"指标值|目标值|年初定|才(?:算|能)?达标|原[来本]?(?:定|计划)|本来(?:定|要)"
                          r"|目标定|要达到|要求|[定设]的|[定设]了|[定设]为|[设定]在|控制在|不[少低高多]于|不超过|以内|计划(?:值|数|完成|定|[^，。、？]{0,3}(?:几|多少))"
                          r"|目标(?:值|数)?(?:是|为|定)?了?(?:多少|几|呢)|目标(?:值|数)?[和与、跟及]|[和与、跟及]目标")),
)  # fmt: skip
BEGINS: tuple[tuple[Role, re.Pattern[str]], ...] = (  # what a word of a follow-up begins with, whatever else it says
    ("score", re.compile(r"得分?|自评|几分|分$|评分")),
    ("points", re.compile(r"分值|满分|权重")),
    ("reached", re.compile(r"实际|完成|最后|最终|结果")),
    ("target", re.compile(r"年初|目标|计划|预期|指标值|要求")),
)
A_HEAD = re.compile(r"每(?:个)?人(?:每(?:个)?月|每年)?|人均每?月?")
PROJECT_NOUN = re.compile(r"(?:这个|那个|的)?项目$|(?<=..)[要是为得达定]$")
AFTER_PROJECT = re.compile(r"^(?:这个|那个|的)*(?:项目|专项)?(?:里|中)?的?")
SHORTEST = 2


@dataclass
class Said:
    """What the stretches say: words, the cells asked for, and the kind of indicator; `explicit` where a form is spoken of."""

    words: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    explicit: bool = False
    table: bool = False  # a form is named as a table
    project: str = ""  # the form that a word names outright
    years: list[int] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of names, as one."""
        return "".join(self.words)


def roles_asked(question: str) -> tuple[Role, ...]:
    """What a question asks of an indicator, in the order in which it says it."""
    found = [(m.start(), role) for role, pattern in ASKED if (m := pattern.search(question))]
    return tuple(role for _, role in sorted(found))


class FormWords:
    """Reads stretches by the names of the documents at hand and the words of `prompts/forms.yaml`."""

    def __init__(self, lexicon: Lexicon, namer: Namer) -> None:
        self._lexicon, self._namer = lexicon, namer

    def without_form_words(self, stretches: Sequence[str]) -> list[str]:
        """The stretches without what only says that a form is meant (绩效目标表, 自评 of 自评得分); where the documents have forms."""
        if not self._lexicon.forms.rows:
            return list(stretches)
        kept = [t for t in stretches if not FORM_WORD.fullmatch(bare(t))] or list(stretches)
        return [self._column_of_form(text) for text in kept]

    def _column_of_form(self, text: str) -> str:
        """自评得分 as 得分; any other word as it is."""
        head = FORM_WORD.match(bare(text))
        rest = bare(text)[head.end() :] if head else ""
        return rest if self.role(rest) is not None else text

    def is_form_word(self, word: str) -> bool:
        """Whether words only say that a form is meant: 自评, 绩效目标表."""
        return FORM_WORD.fullmatch(bare(word)) is not None

    def means_projects(self, stretches: Sequence[str]) -> bool:
        """Whether projects are meant by what is said of their forms: 自评项目."""
        return any("项目" in text and FORM_WORD.fullmatch(bare(text)) for text in stretches)

    def is_column(self, word: str) -> bool:
        """Whether a word names a column of forms and nothing else: 完成值."""
        return self.role(bare(word)) is not None

    def parsed(self, stretches: Sequence[str]) -> Said:
        """What stretches of a question say of a form: roles, years, departments, and the names left over."""
        said = Said()
        for text in stretches:
            scope = self._scope(text)
            if scope is not None:
                said.years += [int(s.value) for s in scope if s.kind == "year"]
                said.departments += [s.value for s in scope if s.kind == "department"]
                continue
            word = A_HEAD.sub("人均", bare(re.sub(r"20\d\d年度?", "", text)).strip("（）()"))
            self.take(word, said)
        joined: list[str] = []
        for word in said.words:  # 每人每月|补贴标准
            if joined and joined[-1] == "人均":
                joined[-1] += word
            else:
                joined.append(word)
        said.words = joined
        return said

    def _scope(self, text: str) -> tuple[Slot, ...] | None:
        """The year or department that a stretch names and nothing else; None where it says more."""
        kinds = {"department", "own", "year", "relative_year"}
        ways = (o.slots for o in self._namer.options(text) if o.slots)
        return next((slots for slots in ways if all(s.kind in kinds for s in slots)), None)

    def take(self, word: str, said: Said) -> None:
        """One word, added to what is said."""
        role = self.role(word)
        if role is not None:
            said.roles.append(role)
        elif FORM_WORD.fullmatch(word):
            said.explicit = True
            said.table |= "表" in word
        elif BRANCH.fullmatch(word):
            said.branches.append(word)
        elif word not in ("项目", "专项", "经费", "资金", "评", "得", "打", "分", ""):
            rest = PROJECT_NOUN.sub("", self._without_column(word, said))
            said.words += [piece for piece in self._project_first(rest) if piece]

    def _project_first(self, word: str) -> list[str]:
        """甲项目工程验收合格率: a project's name and what is said of it, cut in one stretch."""
        names = (n for name in self._lexicon.projects if word.startswith(n := bare(name)) and word != n)
        name = max(names, key=len, default="")
        return [name, AFTER_PROJECT.sub("", word[len(name) :])] if name else [word]

    def role(self, word: str) -> Role | None:
        """What of an indicator a word asks for; None where it is no such word."""
        return next((role for role, words in self._lexicon.vocabulary.forms.items() if word in words), None)

    def _without_column(self, word: str, said: Said) -> str:
        """高质量论文指标值: the name without the column behind it."""
        for role, words in self._lexicon.vocabulary.forms.items():
            end = max((w for w in words if len(w) > SHORTEST and word.endswith(w) and w != word), key=len, default="")
            if end:
                said.roles.append(role)
                return word.removesuffix(end).removesuffix("的")
        return word
