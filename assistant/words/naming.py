"""What a stretch of a question can name in the indexed documents.

In: a stretch, as the reader network cut it out. Out: its options, likeliest first, each a few slots of a Select (a row, a column,
a unit, a table, …). A stretch is taken whole where the documents or the vocabulary know it; else cut into words that they know;
else it may be one slip of the pen away from such a word. What stays unknown has no option.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cn2an

from assistant.words.lexicon import Lexicon
from assistant.words.meaning import Meaning
from assistant.words.normal import bare, in_order, normal
from assistant.words.quantities import quantities
from assistant.words.slips import is_miswritten, is_slip
from assistant.words.sounds import pinyin_of, syllable
from assistant.words.sure_names import KNOWN, SHORT, SureNames
from assistant.words.variants import REGION

SLOTS = {
    "label": "row", "code": "code", "column": "column", "unit": "unit", "department": "department", "headquarters": "own",
    "ourselves": "nothing", "table": "table", "level": "level", "noun": "noun", "total": "total", "project": "project",
    "region": "nothing", "absent": "absent", "place": "elsewhere", "organisation": "elsewhere",
}  # fmt: skip
HEARSAY = re.compile(r"^(?:网传|听说|据说|据传|盛传|传闻|传言|都说|有人说|我记得|好像)(?=..)")
BY_TASK = re.compile(
    r"[这那]?(?:个|家)?专?门?(?:管|管理|主管|分管|负责|搞|抓|干)(.{2,10}?)(?:工作|事务)?"
    r"(?:的?[那这]?个?(?:局|委|厅|办|部门|单位|机构))?"
)
STARS, STARRED = "*＊★☆", re.compile(r"(?:带|标|打|有|画)?了?(?:个)?(?:星号|星标|五角星|星)(?:的|项目)*")
AS_OF = re.compile(r"(?:截至|截止到?|到|至)?(20\d\d)年?(?:底|末|年底|年末|12月31日)|(?:截至|截止到?)(20\d\d)年")
BOUGHT, BOUGHT_END = re.compile(r"^(?:购买|采购|购置|[买购])(..+)"), re.compile(r"的?(?:钱|费用?|支出|经费|资金)$")
VERBS = re.compile(
    r"^(?:购买|采购|购置|聘请|聘用|雇佣|开展|修建|建设|[买请聘雇修建搞办发付给养])(?=..)"
)  # 请顾问, 买货物
USING = re.compile(r"^(?:使用|动用|利用|通过|依靠|来自|[用靠由从拿])(?=...)")
MEASURED = re.compile(r"^(新?(?:购买|采购|购置|添置|[买购添]))一?[台辆套部件批](?=..)")  # 买台新车
PARTICLES = set("的所是有了里内中上下和与及约为共值这那个各将把被就都也还又要请问")
UNKNOWN, WORD, DROPPED = 4.0, 0.3, 0.35
MISWRITTEN_WORTH = 0.76
SLIP_WORTH, CUT_WORTH, ABBREVIATED_WORTH, TRIMMED_WORTH = 0.85, 0.97, 0.92, 0.7
MOST_OPTIONS = 8
AGENCIES = ("局", "厅", "委", "委员会", "法院", "检察院", "派出所")
NO_ORGANISATION = ("大厅", "餐厅", "展厅", "内部", "外部", "全部", "局部", "干部", "好处", "用处", "到处", "承办", "主办", "经办", "举办",
                   "代办", "帮办")  # fmt: skip
SURE, SURE_KINDS = 0.97, {"unit", "department", "headquarters", "column", "table", "project", "organisation"}
TELLING, MOST_ALIKE, IN_NAME_WORTH = (
    4,
    3,
    0.94,
)  # a stretch of so many characters that only so many projects' names have
MOST_COMPARED = 3000  # rows; more are not compared in meaning
SAME = 0.88  # a cosine from which two names may say the same
SLIPPED = {"label", "project", "column", "unit", "table", "department"}


@dataclass(frozen=True)
class Slot:
    """One thing that a stretch says: what kind of restriction, and its value in the documents' own words."""

    kind: str
    value: str


@dataclass(frozen=True)
class Option:
    """One way to take a stretch: its slots, how sure, and what it was taken for where that is not what stands there."""

    slots: tuple[Slot, ...]
    score: float
    taken: str | None = None


class Namer(SureNames):
    """Options over one state of the store."""

    def __init__(self, lexicon: Lexicon, meaning: Meaning | None = None) -> None:
        super().__init__(lexicon)
        self._meaning = meaning
        self.rows = sorted({name for senses in lexicon.words.own.values() for kind, name in senses if kind == "label"})
        self._projects = {name: bare(name) for name in lexicon.projects}
        self._near = lru_cache(maxsize=4096)(self._slips)
        self.options = lru_cache(maxsize=4096)(self._options)
        self.nearest_rows = lru_cache(maxsize=4096)(self._nearest_rows)

    def _nearest_rows(self, text: str) -> list[tuple[str, float]]:
        """The rows that are most alike in meaning, with their cosines, best first; empty without an embedding model."""
        if self._meaning is None or not self.rows or len(self.rows) > MOST_COMPARED:
            return []
        alike = self._meaning.likeness(text, self.rows)
        return sorted(zip(self.rows, alike, strict=True), key=lambda pair: -pair[1])[:3]

    def likeness(self, text: str, names: Sequence[str]) -> list[float]:
        """How alike in meaning a text is to each of some names; empty without an embedding model."""
        return list(self._meaning.likeness(text, names)) if self._meaning is not None and names else []

    def says_again(self, text: str, rows: Sequence[str]) -> bool:
        """Whether words that nothing here knows only say one of the rows in another way: 租房子租设备 beside 租赁费."""
        nearest = self.nearest_rows(text)
        return bool(nearest) and nearest[0][0] in rows and nearest[0][1] >= SAME

    def is_one_word(self, text: str) -> bool:
        """Whether a stretch is one word that the documents or the vocabulary know."""
        return any(o.slots and o.score >= KNOWN for o in self._whole(bare(text)))

    def kinds(self, text: str) -> set[str]:
        """The kinds of what a stretch most likely names; empty where it names nothing."""
        return {slot.kind for option in self.options(text)[:1] for slot in option.slots}

    def is_year(self, text: str) -> bool:
        """Whether a stretch most likely names a year, alone or with more."""
        return any(kind.endswith("year") for kind in self.kinds(text))

    def years(self) -> list[int]:
        """The years of the documents."""
        return self._lexicon.years()

    def meanings(self, text: str) -> set[str]:
        """The names in the documents that a known word can mean."""
        return {s.value for s in self._lexicon.senses(bare(text))}

    def _options(self, text: str) -> tuple[Option, ...]:
        """The ways to take a stretch, likeliest first; empty where it names nothing that is known."""
        word = MEASURED.sub(r"\1", HEARSAY.sub("", bare(text)))
        numbered = self._numbered(normal(text))
        whole: list[Option] = [*self._whole(word), *self._in_project_names(word)]
        whole = self._printed_without_verb(word, whole) or whole
        if not any(o.score >= KNOWN for o in whole):
            whole = [*self._funds(word), *whole]
        whole += [o for o in self._headquarters(word) if whole]  # 甲局本级, which some table prints as a row too
        if all(o.slots and o.slots[0].kind in ("elsewhere", "absent") for o in whole):
            whole = [*self._abbreviated(word), *self._without_class(word), *whole]
        if numbered and not any(o.score > CUT_WORTH for o in whole):
            whole = [numbered, *whole]
        if not whole:
            whole = self._headquarters(word)
        if (
            not whole and word.endswith(AGENCIES) and not BY_TASK.fullmatch(word) and self._looks_elsewhere(word)
        ):  # 社保局 is no cost of 社保
            ours = [o for o in self._near(word) if any(s.kind in ("unit", "department") for s in o.slots)]
            whole = ours or [Option((Slot("elsewhere", text),), 0.9)]
        if not whole:
            whole = self._without_verb(word)
        if not whole:
            whole = self._cut(word)
        if not whole:
            whole = [*self._near(word)]
        if not whole:
            whole = self._cut(word, slips=True)
        if not whole:
            whole = self._trimmed(word)
        if not whole:
            whole = [*self._counted(text), *self._explained(text)]
        if not whole:
            whole = self._by_its_task(word) or self._starred(word)
        if not whole and self._looks_elsewhere(word):
            whole = [Option((Slot("elsewhere", text),), 0.9)]
        return tuple(sorted(whole, key=lambda o: -o.score)[:MOST_OPTIONS])

    def _whole(self, word: str, worth: float = 1.0) -> list[Option]:
        """The stretch as one known word. Several rows under one everyday word (社保) stay together in one option."""
        senses = [s for s in self._lexicon.senses(word) if s.kind in SLOTS]
        if not any(s.kind in ("label", "column", "unit") for s in senses) and len(word) > 1:
            senses += [
                s
                for end in ("费", "支出", "费用", "经费")
                for s in self._lexicon.senses(word + end)
                if s.kind == "label"
            ]
        if word in self._dropped and not senses:
            return [Option((), worth)]
        options: list[Option] = []
        for kind in dict.fromkeys(s.kind for s in senses):
            mine = sorted((s for s in senses if s.kind == kind), key=lambda s: -s.score)
            # 一般公共预算财政拨款, a column of one table, may be said of the kind of money too
            best = [s for s in mine if s.score >= mine[0].score - (0.06 if kind == "column" else 0.04)]
            if kind == "label":
                options.append(Option((Slot("row", "|".join(s.value for s in best)),), best[0].score * worth))
                money = [s for s in mine if s.value not in self._lexicon.counted]
                if money and not any(s in money for s in best):  # 因公出国（境）: 1人次, and what it cost
                    alike = "|".join(s.value for s in money if s.score >= money[0].score - 0.04)
                    options.append(Option((Slot("row", alike),), money[0].score * worth))
            else:
                options += [Option((Slot(SLOTS[kind], s.value),), s.score * worth) for s in best]
        return [o if o.slots[0].kind != "nothing" else Option((), o.score) for o in options]

    def _trimmed(self, word: str) -> list[Option]:
        """The stretch without a character that was cut in with it (服务类所): a known word, and nothing negated."""
        found: list[Option] = []
        for shorter, lost in ((word[:-1], word[-1:]), (word[1:], word[:1])):
            if len(shorter) > 1 and lost in PARTICLES:
                found += [Option(o.slots, o.score * TRIMMED_WORTH) for o in self._whole(shorter)
                          if o.slots and o.slots[0].kind in {SLOTS[k] for k in SLIPPED}]  # fmt: skip
        return found

    def _printed_without_verb(self, word: str, known: Sequence[Option]) -> list[Option]:
        """买家具 as the row 家具用具, where the row that is only called so has nothing of the noun in its name."""
        rest = VERBS.sub("", word)
        rows = [slot.value for option in known for slot in option.slots if slot.kind == "row"]
        if not rows or rest == word or len(rest) < SHORT or any(rest in bare(row) for row in rows):
            return []
        return [o for o in self._whole(rest) if any(s.kind == "row" and rest in bare(s.value) for s in o.slots)]

    def _without_class(self, word: str) -> list[Option]:
        """服务类 as the row 服务."""
        found = self._whole(word[:-1]) if word.endswith("类") and len(word) > SHORT else []
        return [Option(o.slots, o.score * CUT_WORTH) for o in found if o.slots and o.slots[0].kind == "row"]

    def _funds(self, word: str) -> list[Option]:
        """用财政拨款, 靠事业收入: the kind of money, whatever row is called after it."""
        rest = USING.sub("", word)
        found = self._whole(rest) if rest != word else []
        return [Option(o.slots, o.score * CUT_WORTH) for o in found if o.slots and o.slots[0].kind == "column"]

    def _without_verb(self, word: str) -> list[Option]:
        """The stretch without the verb before it: 买货物, 请顾问; 买公务用车 is its purchase, not what it costs to run too."""
        rest, bought = VERBS.sub("", word), BOUGHT.match(word)
        noun = BOUGHT_END.sub("", bought[1]) if bought else ""
        rows = [n for n in self.rows if noun and bare(n).startswith(f"{noun}购置") and "运行" not in n]
        if rows:
            return [Option((Slot("row", "|".join(rows)),), ABBREVIATED_WORTH)]
        found = self._whole(rest) if rest != word else []
        return [Option(o.slots, o.score * ABBREVIATED_WORTH) for o in found if o.slots]

    def _counted(self, text: str) -> tuple[Option, ...]:
        """The stretch without the number and measure word before it: 8辆车."""
        counted = re.match(r"(?:\d+|[一二三四五六七八九十两几]+)[辆台套栋间名个家笔项](?=.)", normal(text))
        return self._options(normal(text)[counted.end() :]) if counted else ()

    def _explained(self, text: str) -> list[Option]:
        """The stretch without a bracket that lists its parts: 公车（购置加运维）."""
        bracket = re.fullmatch(r"([^（(]+)[（(]([^（）()]+)[）)]([^（(]*)", text)
        listed = len(re.split(r"[、,，/+＋加和与及]", bracket[2])) > 1 if bracket else False
        options = self._options(bracket[1] + bracket[3]) if bracket and listed else ()
        return [Option(o.slots, o.score * ABBREVIATED_WORTH, o.taken) for o in options]

    def _headquarters(self, word: str) -> list[Option]:
        """甲局机关: the department's own unit."""
        stem = re.sub(r"(?:机关|本级|本部|自身|本身)+$", "", word)
        ours = stem != word and any(s.kind == "department" for o in self._options(stem) for s in o.slots)
        return [Option((Slot("own", "局本级"),), ABBREVIATED_WORTH)] if ours else []

    def _in_project_names(self, word: str) -> list[Option]:
        """The projects whose names have just these words, where no row or unit is called so outright."""
        sure = any(s.kind in SURE_KINDS or (s.kind == "label" and s.score >= SURE) for s in self._lexicon.senses(word))
        standard = any(
            s.kind == "absent" for s in self._lexicon.senses(word)
        )  # 人员经费 is no project's name cut short
        weak = word in self._lexicon.vocabulary.weak  # 大厅, which says of no project that it is that one
        if sure or standard or weak or len(word) < TELLING or re.fullmatch(r"\d+年?度?", word):
            return []
        names = [name for name, plain in self._projects.items() if word in plain and word != plain]
        return [Option((Slot("project", name),), IN_NAME_WORTH) for name in names] if len(names) <= MOST_ALIKE else []

    def _abbreviated(self, word: str) -> list[Option]:
        """Departments and units whose name is the word with characters left out: 卫健委 for 卫生健康委员会."""
        found = []
        names = {info.department: "department" for info in self._lexicon.documents}
        for name, kind in (dict.fromkeys(self._lexicon.units, "unit") | names).items():
            region = REGION.match(name)
            levels = [
                name[i:] for i in range(1, region.end() if region else 0) if name[i] in "省市县区州旗"
            ]  # 市甲中心
            cores = [
                name,
                *levels,
                *([name[region.end() :], (region[1] or region[2]) + name[region.end() :]] if region else []),
            ]
            only = kind == "department" and len(names) == 1 and word[-1:] == name[-1]  # 数管局
            if len(word) > 2 and (any(_leaves_out(word, core) for core in cores) or (only and in_order(word, name))):
                found.append(Option((Slot(kind, name),), ABBREVIATED_WORTH))
        return found

    def _by_its_task(self, word: str) -> list[Option]:
        """The department as one that does what its name says: 管交通运输的局."""
        task = BY_TASK.fullmatch(word)
        names = [info.department for info in self._lexicon.documents if task and task[1] in info.department]
        return [Option((Slot("department", name),), ABBREVIATED_WORTH) for name in names[:1]]

    def _starred(self, word: str) -> list[Option]:
        """The projects whose names begin with a star: 带星号的."""
        names = [n for n in self._projects if n[0] in STARS] if STARRED.fullmatch(word) else []
        return [Option((Slot("project", name),), IN_NAME_WORTH) for name in names[:MOST_ALIKE]]

    def begins_elsewhere(self, text: str) -> bool:
        """Whether a stretch begins with another place's name and its rank: 乙市残联支出总体情况表."""
        word = bare(text)
        ours = "".join(info.department for info in self._lexicon.documents)
        sizes = [
            n
            for n in (2, 3, 4)
            if word[:n] in self._lexicon.vocabulary.regions and word[n : n + 1] in set("省市区县州盟")
        ]
        return bool(sizes) and word[: sizes[0]] not in ours and word not in self._lexicon.bare_text

    def _looks_elsewhere(self, word: str) -> bool:
        """Whether an unknown word is called like an organisation or begins with a place."""
        suffixes = self._lexicon.vocabulary.organisations["suffixes"]
        if word.endswith(NO_ORGANISATION):
            return False
        ours = [info.department for info in self._lexicon.documents]
        place = word[:2] in self._lexicon.vocabulary.regions and not any(word[:2] in name for name in ours)
        named = max((len(s) for s in suffixes if word.endswith(s)), default=0)
        if named and len(word) - named < 2 and not place:  # 新办公室
            return False
        alone = place and (len(word) <= SHORT + 1 or word[SHORT] in "省市区县")  # 北京租房 is rent
        return len(word) > 2 and word not in self._lexicon.bare_text and (word.endswith(tuple(suffixes)) or alone)

    def _numbered(self, text: str) -> Option | None:
        """Years, codes and printed numbers of rows: 2023年, 30201, 第十一."""
        as_of = AS_OF.fullmatch(text)
        day = int(as_of[1] or as_of[2]) if as_of is not None else 0
        if day in self._lexicon.years():
            return Option((Slot("year", str(day)),), 0.97)
        if day + 1 in self._lexicon.years():
            return Option((), 0.97)  # what a budget says there is, it says as of the end of the year before
        found = quantities(text)
        if re.fullmatch(r"第\d{3,7}.?", text):
            found = []
        whole = [q for q in found if q.end - q.start >= len(text.rstrip("的、，项款个类")) - 1]
        for quantity in whole:
            if quantity.kind == "year":
                return Option((Slot("year", str(quantity.value)),), 1.0)
            if quantity.kind == "relative_year":
                return Option((Slot("relative_year", str(quantity.value)),), 1.0)
            if quantity.kind == "code":
                return Option((Slot("code", quantity.text),), 1.0)
            if quantity.kind == "numbering":
                return Option((Slot("numbering", quantity.text),), 1.0)
            if quantity.kind == "rank" and quantity.text == "第":
                return Option((Slot("numbering", cn2an.an2cn(int(quantity.value))),), 0.9)
        printed = re.match(r"([一二三四五六七八九十]{1,3})、(.+)", text)
        if printed:
            rest = self._whole(bare(printed[2])) or self._cut(bare(printed[2]))
            return Option((Slot("numbering", printed[1]), *rest[0].slots), rest[0].score) if rest else None
        if re.fullmatch(r"今年度?|本年度?|当年|本年预算", text):
            return Option((Slot("relative_year", "0"),), 1.0)
        coded = re.fullmatch(r"第?(\d{3}|\d{5}|\d{7})(?:行|科目|号|项|款|类)?", text)
        if coded:
            return Option((Slot("code", coded[1]),), 0.95)
        if re.fullmatch(r"[一二三四五六七八九十]{1,3}|\d{1,2}", text):
            return Option((Slot("numbering", text),), 0.85)
        return None

    def _cut(self, word: str, slips: bool = False) -> list[Option]:
        """The stretch cut into known words, the fewest; nothing may stay over."""
        best: list[tuple[float, tuple[tuple[Option, ...], ...]] | None] = [(0.0, ())]
        for end in range(1, len(word) + 1):
            choices = []
            for start in range(max(0, end - 40), end):
                before = best[start]
                if before is None:
                    continue
                piece = word[start:end]
                if piece in self._dropped:
                    choices.append((before[0] + DROPPED, before[1]))
                options = self._whole(piece) if len(piece) > 1 else []
                if not options and 1 < len(piece) <= 6:
                    numbered = self._numbered(piece)
                    options = [numbered] if numbered else []
                if not options and slips and len(piece) > 2:
                    options = list(self._near(piece))
                if options:
                    top = max(o.score for o in options)
                    choices.append((before[0] + WORD + (1 - top), (*before[1], tuple(options))))
            best.append(min(choices, key=lambda c: c[0]) if choices else None)
        last = best[len(word)]
        if last is None:
            return []
        found = [Option((), CUT_WORTH)]
        for ways in last[1]:
            found = [
                Option(a.slots + b.slots, a.score * b.score, _joined(a.taken, b.taken)) for a in found for b in ways
            ][:MOST_OPTIONS]
        return found

    def _miswritten(self, word: str, near: Counter[str]) -> list[Option]:
        """The one known word that a word, which is none, is but for one character."""
        found = [
            Option(o.slots, o.score * MISWRITTEN_WORTH, known)
            for known in near if is_miswritten(word, known)
            for o in self._whole(known) if o.slots and o.slots[0].kind in {SLOTS[k] for k in SLIPPED}
        ]  # fmt: skip
        own = [
            o for o in found if o.score >= SURE * MISWRITTEN_WORTH
        ]  # rows' own names before what else they are called
        found = own or found
        return found if len({o.slots for o in found}) == 1 else []

    def _slips(self, word: str) -> tuple[Option, ...]:
        """Known words that the stretch is, but for one slip of the input method; never past a negation or a digit."""
        if len(word) < 2:
            return ()
        counts: Counter[str] = Counter()
        for character in set(word):
            counts.update(self._lexicon.keys_by_pair.get(syllable(character), ()))
        found = []
        for known, shared in counts.items():
            if abs(len(known) - len(word)) > 1 or shared < 0.6 * len(set(known)):
                continue
            if is_slip(word, known):
                found += [
                    Option(o.slots, o.score * SLIP_WORTH, known)
                    for o in self._whole(known) if o.slots and o.slots[0].kind in {SLOTS[k] for k in SLIPPED}
                ]  # fmt: skip
        if not found:
            found = self._miswritten(word, counts)
        sound = pinyin_of(word)
        return tuple(sorted(found, key=lambda o: (-(pinyin_of(o.taken or "") == sound), -o.score))[:4])


def _leaves_out(word: str, name: str) -> bool:
    """Whether a word is a name with characters left out, its first and last kept."""
    return word[0] == name[0] and word[-1] in name[-3:] and in_order(word, name)


def _joined(first: str | None, second: str | None) -> str | None:
    return "、".join(t for t in (first, second) if t) or None
