"""The assistant as an MCP server, for assistants of others: ask, look up, search, list the documents.

In: the settings. Out: a server that reads their store. It takes no lock, so it works beside a running service and sees at the next
call what that has indexed since. Models of those who call read the descriptions and errors, so both are in Chinese and English.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BaseModel, Field, ValidationError

from assistant import lookup_tool
from assistant.answer import Assistant
from assistant.budgets.library import Scope
from assistant.contract import Answer
from assistant.plan import Check, Combine, Plan, Reduce
from index.errors import BudgetQAError
from index.settings import Settings
from index.sql.store import DocumentInfo, Store

INSTRUCTIONS = """根据已收录的部门预算、决算文件回答问题；每个数都是文件里的一格或由其算出，带出处。文件里没有的会拒答并说明原因，请如实转告，不要自己补数。
Answers questions about the Chinese department budgets indexed here. Every number is a published cell or computed from such, with its
citation; what is not there is refused with a reason. Pass refusals on as they are and never fill in numbers yourself."""
ASK = """问一个预算问题，用平常的中文。返回 answer（已核对的文字）、value、unit、citations（出处）、derivation（算式）、refused、reason 和 plan。
追问时把以前各轮的 plan 按先后放进 previous。
Ask a question in plain Chinese. Returns the verified text with value, unit, citations, derivation, refused and reason. For a
follow-up, pass the `plan` of each earlier answer in `previous`, oldest first: the server keeps no session."""
LOOK_UP = f"""{lookup_tool.DESCRIPTION}名称须与文件里的一致；不知道名称时用 ask。查不到时 missing 说明缺什么。
Structured lookup in the published tables: value, list, count, sum, mean, rank, share, ratio, difference, check. Names must be those
of the documents; use ask when you do not know them. `missing` says what was not found."""
SEARCH = """按词语找文件里的原文段落：职责、说明、名词解释、项目和绩效目标、表格的行。返回段落原文和所在位置，最相近的在前。
Find passages by words: duties, explanations, definitions, projects with their targets, table rows. Returns the documents' own words
with their place, nearest first. These are quotations, not answers."""
DOCUMENTS = """列出已收录的文件：编号、部门、年度、种类。用它给出的 department、year、id 限定别的工具。
List what is indexed: id, department, year, kind. Use them to narrow the other tools."""
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
TOTAL = {"node": "reduce", "how": "value", "of": {"total": "支出"}}
SHARE = {
    "node": "combine",
    "how": "share",
    "operands": [{"node": "reduce", "how": "value", "of": {"labels": ["办公费"]}}, TOTAL],
}
MOST_NAMED = 20  # documents named in an error
log = logging.getLogger(__name__)

Department = Annotated[
    str | None, Field(description="只问这个部门，全称见 documents · full name of a department", examples=["某市财政局"])
]
Year = Annotated[int | None, Field(description="只问这一年 · year of the budget", examples=[2024])]
Documents = Annotated[
    list[str] | None,
    Field(description="只问这些文件，编号见 documents · ids of documents", examples=[["0123456789abcdef"]]),
]


class Quotation(BaseModel):
    """A passage of a document."""

    document: str
    department: str
    year: int
    kind: str = Field(description="paragraph, definition, project, row, …")
    heading: str
    subject: str
    text: str
    place: dict[str, Any]


class Indexed(BaseModel):
    """What is indexed; `note` says what to do where that is nothing."""

    documents: list[DocumentInfo]
    note: str = ""


class Tools:
    """The four tools over one store."""

    def __init__(self, settings: Settings) -> None:
        """Raises StoreError where the store cannot be opened."""
        self._settings = settings
        self._store = Store.open(settings.store, settings.database_url)
        self._opening = threading.Lock()
        self._opened: Assistant | None = None

    def ask(
        self,
        question: Annotated[
            str, Field(description="问题 · the question", examples=["三公经费是多少", "它占总支出多少"])
        ],
        department: Department = None,
        year: Year = None,
        documents: Documents = None,
        previous: Annotated[
            list[dict[str, Any]],
            Field(description="以前各轮回答里的 plan，先问的在前 · plans of the earlier answers, oldest first"),
        ] = [],  # noqa: B006 the schema shows it; nothing changes it
    ) -> Answer:
        """An answer, by the contract. Raises ToolError where nothing is in scope or a plan is none."""
        scope = self._scope(department, year, documents)
        try:
            plans = [Plan.model_validate(plan).model_dump(mode="json") for plan in previous]
        except ValidationError as error:
            raise ToolError(
                "previous 里有不是计划的内容；请原样传回以前回答里的 plan，或不传 · "
                "previous holds something that is no plan: pass back the `plan` of earlier answers unchanged, or leave it out"
            ) from error
        return self._assistant().ask(question, scope=scope, previous=plans)

    def look_up(
        self,
        expression: Annotated[
            Reduce | Combine | Check,
            Field(discriminator="node", description="要算什么 · what to compute", examples=[TOTAL, SHARE]),
        ],
        department: Department = None,
        year: Year = None,
        documents: Documents = None,
    ) -> dict[str, Any]:
        """Evidence as JSON. Raises ToolError where nothing is in scope, or too much."""
        scope = self._scope(department, year, documents) or Scope()
        try:
            return lookup_tool.looked_up(self._store, scope.among(self._store.documents()), expression)
        except ValueError as error:
            raise ToolError(f"{error} · too many documents: name a department, a year or documents") from error

    def search(
        self,
        words: Annotated[
            str, Field(max_length=500, description="要找的词语 · what to look for", examples=["政府采购", "主要职责"])
        ],
        count: Annotated[int, Field(ge=1, le=20, description="最多几段 · passages at most")] = 5,
        department: Department = None,
        year: Year = None,
        documents: Documents = None,
    ) -> list[Quotation]:
        """Passages, the nearest first. Raises ToolError where nothing is in scope, or too much."""
        scope = self._scope(department, year, documents)
        infos = {info.id: info for info in self._store.documents()}
        among = None if scope is None else [info.id for info in scope.among(infos.values())]
        if self._assistant().library().within(scope).is_large:  # whose texts no one search can read
            raise ToolError("收录的部门太多，请指明部门或文件 · too many departments: name a department or documents")
        return [
            Quotation(
                document=chunk.document, department=infos[chunk.document].department, year=infos[chunk.document].year,
                kind=chunk.kind, heading=chunk.heading, subject=chunk.subject, text=chunk.body, place=chunk.place.as_dict(),
            )
            for chunk, _ in self._assistant().retriever(among).search(words, count)
            if chunk.document in infos
        ]  # fmt: skip

    def documents(self) -> Indexed:
        """All that is indexed, also what is not answered from."""
        infos = self._store.documents(hidden=True)
        return Indexed(documents=infos, note="" if infos else self._nothing())

    def warm(self) -> None:
        """Open the assistant before the first question, which would wait seconds for it, minutes on a machine's first run."""
        try:
            self._assistant().ask("总预算是多少", alone=True)
        except Exception:  # whoever asks is told
            log.exception("not ready")

    def _assistant(self) -> Assistant:
        with self._opening:
            if self._opened is None:
                self._opened = Assistant.open(self._settings)
            return self._opened

    def _scope(self, department: str | None, year: int | None, documents: Sequence[str] | None) -> Scope | None:
        """What the caller has picked, None for everything. Raises ToolError where no document is in it."""
        infos = self._store.documents()
        if not infos:
            raise ToolError(self._nothing())
        scope = Scope(None if documents is None else tuple(documents), department, year)
        if scope == Scope():
            return None
        if not scope.among(infos):
            there = "；".join(f"{i.department} {i.year} {i.kind}（{i.id}）" for i in infos[:MOST_NAMED])
            raise ToolError(
                f"没有符合 department、year、documents 的文件；用 documents 工具查看，已收录：{there} · "
                "no document meets department, year and documents; call the documents tool for what there is"
            )
        return scope

    def _nothing(self) -> str:
        where = self._settings.store
        return (
            f"{where}：还没有收录任何文件；请用 budget-qa ingest 收录，或用 --store、BUDGET_QA_STORE 指定别的数据目录 · "
            "nothing is indexed in this store: run `budget-qa ingest FILE`, or name another store"
        )


class Server(MCPServer):
    """The SDK's server, whose errors say what to do."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """As the SDK, but with errors in the words of whoever raised them."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            raise ToolError(_told(name, error, [t.name for t in await self.list_tools()])) from error


def _told(name: str, error: ToolError, names: Sequence[str]) -> str:
    """An error of a tool in the words of whoever raised it."""
    cause = error.__cause__
    if name not in names:
        return f"没有工具 {name[:40]} · no such tool; there are {', '.join(names)}"
    if isinstance(cause, ToolError | BudgetQAError):
        return str(cause)
    if isinstance(cause, ValidationError):
        found = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors(include_url=False)[:5]]
        return f"参数不对，请按 {name} 的 inputSchema 改正 · invalid arguments, see its inputSchema: {'; '.join(found)}"
    log.error("%s failed", name, exc_info=cause)
    return "程序出错，已经记录；请换一种问法 · internal error, logged; try another phrasing"


def create_server(settings: Settings) -> Server:
    """The server, its assistant being opened meanwhile. Raises StoreError where the store cannot be opened."""
    tools = Tools(settings)
    server = Server("budget-qa", title="预算问答助手", instructions=INSTRUCTIONS)
    for function, name, title, description in (
        (tools.ask, "ask", "提问", ASK),
        (tools.look_up, "lookup", "结构化查数", LOOK_UP),
        (tools.search, "search", "找原文", SEARCH),
        (tools.documents, "documents", "已收录的文件", DOCUMENTS),
    ):
        server.add_tool(function, name, title, description, annotations=READ_ONLY)
    threading.Thread(target=tools.warm, daemon=True).start()
    return server
