"""What the words of a form are told to be by the names of the documents alone, before any cell is sought.

In: stretches, with the options of the namer. Out: what kind of thing one names; which of several restrict nothing, as they only say
another once more; and what one names that cannot be here: another year, another department, or nothing that is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding.modifiers import MONEY_END, core_of, made_up, says_what_it_is
from assistant.binding.slots import CLASSIFICATIONS, EXACT, NO_HINTS, SCOPES, SHORT_WORD, Hints, Side, Unbound, year_of
from assistant.words.dictionary import tags
from assistant.words.lexicon import TITLES, Lexicon
from assistant.words.naming import AS_OF, Namer, Option
from assistant.words.normal import bare

EMPTY_TAGS = "upcryxwd"  # particles, prepositions, pronouns: no passage need have them
YEAR_SAID = re.compile(r"(?<!\d)(20\d\d)(?=年)")
TO_BUY = re.compile(r"(?:打算|准备|计划|要|想)*(?:新|再)?(?:买|购|添|增)(?:置|买|购)?(?:的)?|拟购置?|添置")
AGAIN_WORTH = 0.9  # of a stretch that only says another once more


class WordBinder:
    """Tells what words name, of one question."""

    def __init__(self, lexicon: Lexicon, namer: Namer, hints: Hints = NO_HINTS) -> None:
        self._lexicon, self._namer, self.hints = lexicon, namer, hints

    def is_year(self, text: str) -> bool:
        """Whether words name a year, alone or with more."""
        return self._namer.is_year(text)

    def is_row_name(self, text: str) -> bool:
        """Whether words are a row's own name or a synonym of it, and nothing else."""
        return any(o.score >= EXACT for o in self._namer.options(text)[:1]) and self._namer.kinds(text) == {"row"}

    def is_unit_word(self, text: str) -> bool:
        """Whether words name a unit and nothing else."""
        kinds = self._namer.kinds(text)
        return bool(kinds) and kinds <= {"unit", "own"}

    def is_column(self, text: str) -> bool:
        """Whether words name a column and nothing else."""
        return self._namer.kinds(text) == {"column"}

    def is_noun(self, text: str) -> bool:
        """Whether words only say what kind of thing is meant: 项目, 科目."""
        kinds = self._namer.kinds(text)
        return kinds <= {"noun"} or bare(text) == "项目"

    def is_one_word(self, text: str) -> bool:
        """Whether words together are one name or known word of the documents."""
        return self._namer.is_one_word(text)

    def means_something(self, text: str) -> bool:
        """Whether words can name anything that the documents have."""
        return any(s.kind not in ("elsewhere", "absent") for o in self._namer.options(text) for s in o.slots)

    def is_slip(self, text: str) -> bool:
        """Whether words are no name, only like one."""
        options = self._namer.options(text)
        return bool(options) and all(option.taken for option in options)

    def is_last_year(self, text: str) -> bool:
        """Whether words mean the year before the documents', of which they are not."""
        years = [
            year_of(slot, self._lexicon.years())
            for option in self._namer.options(text)[:1]
            for slot in option.slots
            if slot.kind.endswith("year")
        ]
        known = self._lexicon.years()
        return bool(years) and years[0] == max(known, default=0) - 1 and years[0] not in known

    def is_only_year(self, text: str) -> bool:
        """Whether words name a year and nothing else."""
        kinds = self._namer.kinds(text)
        return bool(kinds) and all(kind.endswith("year") for kind in kinds)

    def is_other_year(self, text: str) -> bool:
        """Whether words most likely name a year of which there are no documents."""
        return self._other_year(self._namer.options(text))

    def is_ours(self, text: str) -> bool:
        """Whether words only mean the department itself."""
        kinds = self._namer.kinds(text)
        return kinds <= {"department", "own"}

    def is_table(self, text: str) -> bool:
        """Whether words name a table, or tables by how they are classified (功能科目), and nothing else."""
        slots = [slot for option in self._namer.options(text)[:1] for slot in option.slots]
        return bool(slots) and all(
            s.kind == "table" or (s.kind == "noun" and s.value in CLASSIFICATIONS) for s in slots
        )

    def is_only_where(self, text: str) -> bool:
        """Whether words tell where a row stands and not which: 表1, 第五行的“五”."""
        kinds = self._namer.kinds(text)
        return bool(kinds) and kinds <= {"table", "numbering"}

    def tables(self, text: str) -> list[str]:
        """The kinds of tables that words name."""
        named = [s.value for option in self._namer.options(text) for s in option.slots if s.kind == "table"]
        return [value.split(TITLES)[0] for value in named]

    def is_empty(self, text: str) -> bool:
        """Whether words only say that money is meant: 合计数."""
        options = self._namer.options(text)
        return bool(options) and not options[0].slots

    def is_bare_total(self, text: str) -> bool:
        """Whether words say a whole and not of what: 总盘子, 总数, not 总支出."""
        return self._namer.kinds(text) <= {"total"} and not re.search(r"支出|收入|开支|花", text)

    def sides(self, text: str) -> list[Side]:
        """The sides of the budget whose total words can mean."""
        totals = {t.name: t.side for t in self._lexicon.vocabulary.totals}
        return [totals[s.value] for o in self._namer.options(text) for s in o.slots if s.kind == "total"]  # type: ignore[misc]

    def is_private(self, text: str) -> bool:
        """Whether words name one person by office, or what is kept secret."""
        return any(word in text for word in self._lexicon.vocabulary.organisations["private"])

    def may_be_row(self, text: str) -> bool:
        """Whether words can name a row and neither a column, a unit nor a project."""
        return self._namer.kinds(text) <= {"row"}

    def scope(self, text: str) -> str | None:
        """The scope, basic or project expenditure, that words name and nothing else; None where they do not."""
        named = [s.value for o in self._namer.options(text)[:1] for s in o.slots]
        return named[0] if len(named) == 1 and named[0] in SCOPES else None

    def known(self, question: str) -> list[tuple[int, int]]:
        """The stretches of a question that are sure names."""
        return self._namer.known(question)

    def content_words(self, text: str) -> list[str]:
        """A stretch as one word where it is known, else its words that carry meaning."""
        plain = bare(text)
        if len(plain) < 4 or self._namer.is_one_word(text):
            return [plain] if plain else []
        words = [plain[start:end] for start, end, tag in tags(plain) if end - start > 1 and tag[:1] not in EMPTY_TAGS]
        return words or [plain]

    def other_names(self, text: str) -> list[str]:
        """A word with what else it may be called in the documents."""
        senses = [
            s.value
            for s in self._lexicon.senses(bare(text))
            if s.kind in ("label", "term", "unit", "project", "column")
        ]
        topics = self._lexicon.vocabulary.topics
        families = ([key, *said] for key, said in topics.items() if text == key or text in said)
        return list(dict.fromkeys([text, *senses, *(o for family in families for o in family)]))

    def _with_verb(self, stretches: Sequence[str]) -> list[str]:
        """买|公车 as 买公车, where that is known."""
        found: list[str] = []
        for text in stretches:
            joined = found[-1] + text if found else ""
            if found and TO_BUY.fullmatch(bare(found[-1])) and self._namer.is_one_word(joined):
                found[-1] = joined
            else:
                found.append(text)
        return found

    def _joined(self, stretches: Sequence[str]) -> list[str]:
        """The stretches, two that together are one known word as that word: 公务用车|购置费."""
        if len(stretches) != 2 or not self._namer.is_one_word("".join(stretches)):
            return list(stretches)
        return ["".join(stretches)]

    def _without_repetition(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> list[tuple[Option, ...]]:
        """The options, where an unknown stretch that only says a known row once more restricts nothing."""
        options = [
            (Option((), AGAIN_WORTH),) if self._describes_scope(index, stretches, options) else choices
            for index, choices in enumerate(options)
        ]
        rows = [
            n
            for choices in options
            for o in choices[:1]
            for s in o.slots
            if s.kind in ("row", "code")
            for n in (s.value.split("|") if s.kind == "row" else sorted(self._lexicon.code_names.get(s.value, ())))
        ]
        again = (Option((), AGAIN_WORTH),)

        def says_nothing_new(index: int, text: str) -> bool:
            core = core_of(text)
            if rows and MONEY_END.search(bare(text)) and len(core) >= SHORT_WORD and all(core in bare(n) for n in rows):
                return True  # 养车的运行费: a part of the name of 公务用车运行维护费
            if not rows or self._namer.says_again(text, rows):
                return bool(rows)
            behind = options[index + 1] if index + 1 < len(options) else ()
            exact = [o for o in behind[:1] if o.score >= EXACT]
            named = [n for o in exact for s in o.slots if s.kind == "row" for n in s.value.split("|")]
            own_name = made_up(stretches[index : index + 2], self._namer.rows)  # 事业单位人员的医疗支出 is another row
            return own_name is None and says_what_it_is(text, named, self._lexicon.synonyms)

        return [
            again if not choices and says_nothing_new(index, text) else choices
            for index, (text, choices) in enumerate(zip(stretches, options, strict=True))
        ]

    def _describes_scope(self, index: int, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> bool:
        """Whether a stretch only says what the scope behind it is: 日常运转的基本支出."""
        behind = options[index + 1] if index + 1 < len(options) else ()
        scopes = [s.value for o in behind[:1] for s in o.slots if s.kind == "column" and s.value in SCOPES]
        if not scopes:
            return False
        named = [s for o in options[index][:1] for s in o.slots]
        text = bare(stretches[index])
        itself = any(s.kind != "row" or text in map(bare, s.value.split("|")) for s in named)
        columns = self._lexicon.vocabulary.columns.items()
        itself |= any(text in map(bare, (name, *said)) for name, said in columns if name not in scopes)
        return not itself and says_what_it_is(text, scopes, self._lexicon.vocabulary.columns)

    def _hindered(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Unbound | None:
        """A stretch that names nothing here, or another year or department."""
        unknown = None
        for text, choices in zip(stretches, options, strict=True):
            kinds = {slot.kind for option in choices for slot in option.slots}
            first = {slot.kind for slot in choices[0].slots} if choices else set()
            if first and (kinds <= {"elsewhere"} or (len(first) > 1 and "elsewhere" in first)):
                return Unbound("other_department", text)
            if self._namer.begins_elsewhere(text):
                return Unbound("other_department", text)
            if self._other_year(choices) or self._of_other_year(text, choices):
                return Unbound("other_year", text)
            if not choices or kinds == {"absent"} or (len(first) > 1 and "absent" in first):
                unknown = unknown or Unbound("not_found", text)
        return unknown

    def _other_year(self, choices: tuple[Option, ...]) -> bool:
        known = self._lexicon.years()
        years = [
            year_of(slot, self._lexicon.years())
            for option in choices[:1]
            for slot in option.slots
            if slot.kind.endswith("year")
        ]
        return any(year not in known for year in years)

    def _of_other_year(self, text: str, choices: tuple[Option, ...]) -> bool:
        """Whether a longer stretch (2035年支出预算表) says a year that is neither the documents' nor a part of what it names."""
        if AS_OF.search(bare(text)):
            return False  # 截至2025年底, as a budget of the next year tells
        years = {year for year in YEAR_SAID.findall(text) if int(year) not in self._lexicon.years()}
        named = [slot.value for option in choices for slot in option.slots]
        return any(not any(year in name for name in named) for year in years)
