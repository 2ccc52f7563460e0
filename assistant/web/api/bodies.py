"""What callers send with a question, on whatever route."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from assistant.budgets.library import Scope
from assistant.plan import Plan

EXAMPLES: list[JsonValue] = [
    {"question": "办公费是多少"},
    {"question": "换成元", "scope": {"year": 2024}, "previous": []},
]


def _encodable(text: str) -> str:
    """JSON may hold half a character (`\\ud800`), which neither an answer nor a database can."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("含有无法识别的字符") from error
    return text


Text = Annotated[str, AfterValidator(_encodable)]


class Body(BaseModel):
    """A body with no field that is not declared."""

    model_config = ConfigDict(extra="forbid")


class AskedScope(Body):
    """只问哪些文件；不写的不限。"""

    department: str | None = Field(None, description="部门全称")
    year: int | None = Field(None, description="年度")
    documents: list[str] | None = Field(None, description="文件编号（见 /api/documents）")

    def scope(self) -> Scope:
        """The same for the assistant."""
        ids = None if self.documents is None else tuple(self.documents)
        return Scope(documents=ids, department=self.department, year=self.year)


class Asked(Body):
    """一个问题。"""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": EXAMPLES})

    question: Text = Field(description="问题；空的和太长的会得到拒答")
    scope: AskedScope = AskedScope()
    prose: bool = Field(False, description="配有语言模型时，是否等它写完说明（回答里的 prose）；数不受影响")
    previous: list[Plan] = Field([], description="以前各轮回答里的 plan，先问的在前；服务端不保存会话")

    def plans(self) -> list[dict[str, Any]]:
        """The plans of the turns before, as the assistant takes them."""
        return [plan.model_dump(mode="json") for plan in self.previous]
