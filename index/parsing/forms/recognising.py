"""What a grid is: a form, a list of projects with their indicators, or neither.

In: a draft of a table. Out: yes or no; and where the header of the indicators stands, by which forms and lists are told.
"""

from __future__ import annotations

import re

from index.model import GridRow
from index.parsing.forms.matrix import plain
from index.parsing.tables import Draft

INDICATOR = re.compile(r"^(?:三级指标|(?:绩效)?指标名称|绩效指标|指标内容|三级指标名称)$")
INDICATOR_LEVEL = re.compile(r"^(?:一级指标|二级指标|指标类型|指标类别|活动)")
INDICATOR_VALUE = re.compile(r"指标值|目标值|完成值|度量单位|计量单位|分值|得分|权重")
FORM_LABEL = re.compile(
    r"^(?:项目名称|专项名称|部门名称|单位名称|部门[（(]单位[)）]名称|单位[（(]部门[)）]名称|填报单位|政策名称|专项资金名称)[:：]?$"
)
PROJECT_HEAD = "项目名称"
TALLEST_HEADER = 4  # rows; a taller cell is the label of the whole tree


def is_form(draft: Draft) -> bool:
    """A grid of a form: its indicators have a header of their own below other rows, or it opens with the name of a project."""
    if not draft.spanned or len(draft.rows) < 3 or is_indicator_list(draft):
        return False
    opens = any(FORM_LABEL.match(plain(row.cells[0].text)) and not _is_list_header(row) for row in draft.rows[:2])
    titled = re.search(r"绩效|自评", draft.title) is not None
    return indicator_header(draft.rows) is not None or (opens and titled)


def _is_list_header(row: GridRow) -> bool:
    return any(re.search(r"名称$|金额$|目标$|总计$|合计$", plain(text)) for text in row.texts()[1:])


def is_indicator_list(draft: Draft) -> bool:
    """A list of projects or of one department with the tree of indicators beside: the indicators' header is the grid's."""
    rows = below_title(draft.rows)
    header = indicator_header(rows[:5]) if draft.spanned else None
    return header is not None and header < max(rows[0].cells[0].row_span, 1)


def below_title(rows: list[GridRow]) -> list[GridRow]:
    """The rows of a list of projects without those above its header that hold its title, whose it is, or nothing."""
    header = next(
        (r for r, row in enumerate(rows[:TALLEST_HEADER]) if any(plain(t) == PROJECT_HEAD for t in row.texts())), 0
    )
    blank = all(sum(bool(text.strip()) for text in row.texts()) <= 1 for row in rows[:header])
    return rows[header:] if blank else rows


def indicator_header(rows: list[GridRow]) -> int | None:
    """The first row that names the columns of an indicator tree; None where none does."""
    return next((r for r, row in enumerate(rows) if names_indicators(row)), None)


def names_indicators(row: GridRow) -> bool:
    """Whether a row names the columns of an indicator tree."""
    texts = [plain(text) for text in row.texts()]
    return any(INDICATOR.match(text) for text in texts) and any(
        INDICATOR_LEVEL.match(text) or INDICATOR_VALUE.search(text) for text in texts
    )
