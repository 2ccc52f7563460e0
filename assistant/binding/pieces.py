"""A row that no stretch names whole: its name has a part in each of them.

In: stretches and their options, and which of them nothing explains. Out: a Bound to the one row that this stretch names with the ones
beside it; None where there is no such row, or more than one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.binding.modifiers import core_of, described, made_up
from assistant.binding.selects import SelectBuilder
from assistant.binding.slots import MOST_CHOICES, MOST_TRIED, Ambiguous, Bound, Hints, may_be_department, worth
from assistant.lookup.lookup import Lookup
from assistant.plan import Select
from assistant.words.lexicon import Lexicon
from assistant.words.naming import Namer, Option
from assistant.words.normal import bare, in_order
from index.facts import Fact
from index.parsing.rows import plain_label

MOST_OVER = 4  # characters of a name that has a stretch and its neighbour in it, beside them
PART_WORTH, MADE_UP_WORTH = 0.9, 0.85
PEOPLE, STAFF = {"人", "人员", "人手"}, re.compile(r"(?:人员|编制|职工|在职|在编|离退休|人数)$|编制人")
NOT_WITH = re.compile(r"[（(]不[含包][^）)]*[）)]")
TO_BE_BOUGHT = re.compile(r"拟|新[增购]|购[置买]|配置")
CALLED_WORTH = 0.85  # of what is counted, found by a part of its name


class PieceBinder:
    """Binds to rows by the pieces of their names."""

    def __init__(self, lexicon: Lexicon, namer: Namer, lookup: Lookup, builder: SelectBuilder, hints: Hints) -> None:
        self._lexicon, self._namer, self._lookup, self._builder, self._hints = lexicon, namer, lookup, builder, hints

    def row(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int) -> Bound | None:
        """The row that the stretch at `index`, which nothing explains, names with the others or describes alone."""
        return (
            self._part_of_row(stretches, options, index)
            or self._made_up(stretches, options, index)
            or self._named_together(stretches, options, index)
        )

    def _part_of_row(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int) -> Bound | None:
        """The one part of a row that is named whose name has the words that nothing else explains."""
        others = [c for i, c in enumerate(options) if i != index]
        if not others or not all(others):
            return None
        word = bare(stretches[index])
        for way in itertools.islice(itertools.product(*others), MOST_TRIED):
            slots = self._builder.slots(way)
            if len(slots.rows) != 1 or len(word) < 2:
                continue
            parts = [
                v.facts[0].name
                for v in self._lookup.members(Select(under=slots.rows[0], **self._builder.common(slots)))
            ]
            named = list(dict.fromkeys(n for n in parts if word in bare(n)))
            if len(named) == 1:
                return Bound(Select(labels=named, **self._builder.common(slots)), worth(way) * PART_WORTH)
        return None

    def _made_up(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int) -> Bound | None:
        """A row whose name an unknown stretch makes up with a neighbour, or describes alone."""
        names = [n for n in self._namer.rows if n not in self._lexicon.indicators]
        for pair in ((index, index + 1), (index - 1, index)):
            if pair[0] >= 0 and pair[1] < len(stretches):
                name = made_up([stretches[i] for i in pair], names)
                if name is not None:
                    return self._as_row(name, pair, options)
        name = described(stretches[index], names)
        return self._as_row(name, (index,), options) if name is not None else None

    def _named_together(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int
    ) -> Bound | None:
        """The one row whose name has an unknown stretch and a neighbour in it, whole: 政府采购预算|货物 as 政府采购货物类预算."""
        core = core_of(stretches[index])
        for other in (index - 1, index + 1):
            if not 0 <= other < len(stretches) or len(core) < 2:
                continue
            beside = core_of(stretches[other])
            both = [n for n in self._namer.rows if core in bare(n) and beside in bare(n).replace(core, "")]
            rest = {n: len(bare(n)) - len(core) - len(beside) for n in both if len(beside) > 1}
            names = [n for n in both if rest.get(n, MOST_OVER + 1) <= MOST_OVER]
            if len(names) == 1:
                return self._as_row(names[0], sorted((index, other)), options)
        return None

    def _as_row(self, name: str, places: Sequence[int], options: Sequence[tuple[Option, ...]]) -> Bound | None:
        """A row that was found in some of the stretches, narrowed by the others."""
        others = [choices for i, choices in enumerate(options) if i not in places]
        for way in itertools.islice(itertools.product(*others), MOST_TRIED):
            slots = self._builder.slots(way)
            select = Select(labels=[name], codes=slots.codes, **self._builder.common(slots))
            if not slots.rows and not slots.projects and self._lookup.holds(select):
                return Bound(select, worth(way) * MADE_UP_WORTH)
        return None

    def counted_called(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> Bound | Ambiguous | None:
        """What is counted, by a part of its name, where its number is asked for: 编制多少人 is 人员编制, with 行政编制 below it; 几辆
        公务车 is 公务用车, and no money for it."""
        told = [self._narrows(choices) for choices in options]
        called = [text for text, narrows in zip(stretches, told, strict=True) if not narrows]
        measure = re.compile(rf"(?:几|多少)?(?:{'|'.join(self._hints.units)})(?=.)")  # 几辆车
        cores = [core_of(measure.sub("", text, count=1) if measure.match(text) else text) for text in called]
        if not called and PEOPLE & set(self._hints.units):  # 甲局有多少人, read as of the office alone
            called = cores = ["人"]
        if not cores or not all(cores):
            return None
        narrowing = [choices[0] for choices, narrows in zip(options, told, strict=True) if narrows]
        common, people = self._builder.common(self._builder.slots(narrowing)), set(cores) <= PEOPLE
        names = [n for n in sorted(self._lexicon.counted) if all(_calls(c, bare(NOT_WITH.sub("", n))) for c in cores)]
        if people:  # of the office, and not those whom a project is for
            names = [n for n in names if STAFF.search(n) and n not in self._lexicon.indicators]
        if not self._hints.bought:  # 购置车辆0辆 are none that are there
            names = [n for n in names if not TO_BE_BOUGHT.search(n)]
        found = {n: facts for n in names if (facts := self._counts(Select(labels=[n], **common)))}
        above = {n: {plain_label(label) for fact in facts for label in fact.path[:-1]} for n, facts in found.items()}
        highest = [n for n in found if not above[n] & set(found)]
        if not highest:
            return None
        if len(highest) > 1 or people:  # 在职人员 may be those of one unit
            return Ambiguous("、".join(called), tuple(list(found)[:MOST_CHOICES]))
        return Bound(Select(labels=highest, **common), CALLED_WORTH, taken=(("、".join(called), highest[0]),))

    def asks_for_people(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> bool:
        """Whether nothing but people is asked for, of the whole office."""
        named = [bare(t) for t, choices in zip(stretches, options, strict=True) if not self._narrows(choices)]
        return set(named) <= PEOPLE and bool(named or PEOPLE & set(self._hints.units))

    def _counts(self, select: Select) -> list[Fact]:
        """The facts that a select finds in the units that are asked for."""
        return [fact for fact in self._lookup.select(select) if fact.unit in self._hints.units]

    def _narrows(self, choices: Sequence[Option]) -> bool:
        """Whether a stretch says of when, whose or where something is, and not what is counted."""
        if may_be_department(choices):
            return True
        kinds = {slot.kind for option in choices[:1] for slot in option.slots}
        return bool(choices) and not kinds & {"row", "project", "noun", "absent", "total", "level"}


def _calls(core: str, name: str) -> bool:
    """Whether a word calls what is counted: a part of its name, or its name with characters left out: 车, 公务车 for 公务用车."""
    return core in name or (name.endswith(core[-1]) and in_order(core, name))
