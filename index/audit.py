"""The accounting identities of a Document: which of its amounts must agree, and whether they do.

In: a Document. Out: identities with their verdicts. A rule is a function from the document to identities; it speaks only
where the tables that it is about exist and hold amounts, so a blank table gives none. What is often but not always true
(the rows of one fund are those of the whole budget) is asked only where the totals show that it is the same money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product

from index.amounts import convert, is_money
from index.facts import Fact, column_name, document_facts
from index.identity import Identity, figure_cell, table_cells
from index.kinds import BY_NAME
from index.model import Document, Row, Table
from index.prose import AMOUNT, Figure, figures
from index.rows import AMONG, is_total, numbering_level, plain_label

Spot = tuple[int, int, int]  # table, row and column
Sum = tuple[int, list[int]]  # a row or column, and those that it is the sum of

TOTAL_LEAF = re.compile(r"^(?:合计|小计|总计|共计|总额)$")
NO_PART = re.compile(r"占|比|率|%|数量|人数|上年|去年")  # columns that are no part of the total beside them
ONE_FUND = {"一般公共预算", "财政拨款"}
PURPOSES = {"基本支出", "项目支出"}
OUTSIDE_THREE_PUBLIC = re.compile(r"会议费|培训费")
THREE_PUBLIC = (  # a whole, then its parts
    (r"三公|^合计$", (r"^因公出国", r"^公务用车购置(?:及|和|与)", r"^公务接待")),
    (r"^公务用车购置(?:及|和|与)", (r"^公务用车购置(?!及|和|与)", r"^公务用车运行")),
)
WORDS_OF_TOTAL = re.compile(r"(?:预算|总计|合计|总额|安排)+$")
WORDS_OF_COST = re.compile(r"(?:支出|费用|费)+$")
OTHER_YEAR = re.compile(r"(?<![比较])(20\d\d)年")


def audit_document(document: Document, document_id: str) -> list[Identity]:
    """All identities of a document, rule by rule. What two rules both say is said once, a sum of zeros never."""
    found: dict[frozenset, Identity] = {}
    for rule in RULES:
        for name, title, left, right in rule(document):
            identity = Identity(document_id, name, title, left, right)
            if left and right and any(cell.value for cell in identity.cells):
                found.setdefault(frozenset((frozenset(left), frozenset(right))), identity)
    return list(found.values())


Finding = tuple[str, str, tuple, tuple]  # rule, title, and the cells of both sides
