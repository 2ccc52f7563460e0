"""The command line: `budget-qa`. Each command is a thin layer over the library.

Errors are one line on stderr that says what to do; a traceback only with --debug. Exit codes: 0 fine, 1 the work failed,
2 wrong usage.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from assistant.cli import operator_cli
from assistant.cli.terminal import (
    JsonOption,
    StoreOption,
    err,
    out,
    print_json,
    progress_bar,
    reported,
    settings_of,
    state,
)
from assistant.operation.reports import error_line, report_line, standing_line, state_of, whose_line
from index.errors import BudgetQAError

if TYPE_CHECKING:
    from index.model import Document
    from index.report import FileReport

app = typer.Typer(
    add_completion=True,
    no_args_is_help=True,
    help="预算问答助手：根据部门预算文件回答问题，每个数都有出处。\n\n例：budget-qa ask 三公经费是多少",
    rich_markup_mode=None,
)
app.add_typer(operator_cli.commands)


@app.callback()
def main_options(debug: Annotated[bool, typer.Option("--debug", help="出错时显示完整的调用栈")] = False) -> None:
    """预算问答助手。"""
    state["debug"] = debug


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹")],
    store: StoreOption = None,
    department: Annotated[str | None, typer.Option(help="更正：这些文件都是这个部门的")] = None,
    year: Annotated[int | None, typer.Option(help="更正：这些文件都是这一年的", min=1990, max=2100)] = None,
    source_url: Annotated[str | None, typer.Option(help="这些文件公布在哪个网址，随出处一起显示")] = None,
    ray: Annotated[
        str | None, typer.Option(help="由这个 Ray 集群读文件，如 ray://主机:10001（见 docs/servers.md）")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """收录文件：读取、入库、建索引。有文件失败时返回1，其余照常收录。

    可读取 PDF（含扫描件）、图片、DOCX、XLSX、XLS、ODS、网页、TXT 和 Markdown。部门和年份取自文件本身，认错了可用选项更正。
    文件没有变，只给 --source-url 时不重读，只记下公布地址。

    例：budget-qa ingest 2024年部门预算.pdf 资料文件夹/
    """
    with reported():
        from assistant.operation.indexing import ingest_files
        from index.ingest import Correction

        try:
            told = Correction(department, year, source_url)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--source-url") from error
        settings = settings_of(store)
        with progress_bar() as advance:
            report = ingest_files(paths, settings, advance, told, ray)
        if as_json:
            print_json([vars(entry) for entry in report.files])
        else:
            print_report(report.files)
        if report.failed or not report.files:
            if not report.files:
                err.print("没有找到可读取的文件；请检查路径和文件格式")
            raise typer.Exit(1)


def print_report(files: list[FileReport]) -> None:
    """What became of each file, a line each, with its remarks below."""
    for entry in files:
        if entry.error:
            out.print(f"{state_of(entry)}  {entry.path}：{error_line(entry, Path(entry.path).name)}", markup=False)
        else:
            out.print(f"{state_of(entry)}  {entry.title}  {report_line(entry)}", markup=False)
            for line in (whose_line(entry), *entry.remarks):
                out.print(f"      {line}", markup=False)


@app.command()
def documents(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """列出已收录的文件。

    例：budget-qa documents
    """
    with reported():
        from index.sql.store import Store

        settings = settings_of(store)
        infos = Store.open(settings.store, settings.database_url).documents(hidden=True)
        if as_json:
            print_json([vars(info) for info in infos])
            return
        if not infos:
            out.print("还没有收录任何文件；用 budget-qa ingest 收录")
            return
        published = any(info.source_url for info in infos)
        table = Table(Column("编号", no_wrap=True))  # in full, since other commands take it
        for name in ("部门", "年份", "种类", "文件", "说明", *(["公布地址"] if published else [])):
            table.add_column(name, overflow="fold")
        names = {info.id: info.file_name for info in infos}
        for info in infos:
            cells = [info.id, info.department, str(info.year), info.kind, info.file_name, standing_line(info, names)]
            table.add_row(*map(escape, [*cells, *([info.source_url or ""] if published else [])]))
        out.print(table, soft_wrap=False)


@app.command()
def show(
    target: Annotated[str, typer.Argument(help="文件路径，或已收录文件的编号")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """显示一份文件读出来的内容；给出路径时只读取，不入库。一个文件里有几份预算的，JSON 是列表。

    例：budget-qa show 2024年部门预算.pdf
    """
    with reported():
        from index.ingest import limits_of, parse_file
        from index.show import document_json
        from index.sql.store import Store

        if Path(target).exists():
            shown = parse_file(Path(target), limits_of(settings_of(store)))[0]
        else:
            settings = settings_of(store)
            shown = [Store.open(settings.store, settings.database_url).parsed(target)]
        if as_json:
            as_jsons = [document_json(document) for document in shown]
            print_json(as_jsons[0] if len(shown) == 1 else as_jsons)
            return
        for document in shown:
            print_document(document)


def print_document(document: Document) -> None:
    """A document as tables."""
    out.print(f"{document.title}（{document.department}，{document.year}年，{document.kind}）", markup=False)
    for table in document.tables:
        out.print(
            f"\n表{table.number or '-'}  {table.title}（{table.unit or '单位未注明'}，{len(table.rows)}行）",
            markup=False,
        )
        grid = Table("行", *["/".join(column) for column in table.columns])
        for row in table.rows:
            grid.add_row("  " * max(0, row.level - 1) + row.label, *row.cells)
        out.print(grid)


@app.command()
def remove(
    document: Annotated[str, typer.Argument(help="文件编号（见 documents）")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """从库中移除一份文件；文件里有几份预算的，一并移除。

    例：budget-qa remove 0123456789abcdef
    """
    with reported():
        from assistant.operation.indexing import remove_indexed

        remove_indexed(document, settings_of(store))
        if as_json:
            print_json({"removed": document})
        else:
            out.print(f"已移除 {document}")


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="问题；不写则在终端里逐句问答，或从标准输入每行读一个", show_default=False)
    ] = None,
    store: StoreOption = None,
    department: Annotated[str | None, typer.Option(help="只问这个部门")] = None,
    year: Annotated[int | None, typer.Option(help="只问这一年")] = None,
    as_json: JsonOption = False,
) -> None:
    """问一个问题；不写问题则逐句问答。

    在终端里可以接着追问，输入编号就问建议的那一句。从标准输入读时各行互不相干，--json 一行一个回答。

    例：budget-qa ask 三公经费是多少

    例：budget-qa ask --json < 问题.txt
    """
    with reported():
        from assistant.answer import Assistant
        from assistant.budgets.library import Scope
        from assistant.cli import ask_cli

        scope = Scope(department=department, year=year)

        def opened() -> Assistant:
            return Assistant.open(settings_of(store))

        if question is not None:
            assistant = opened()
            answer = assistant.ask(question, scope=scope)
            if as_json:
                print_json(answer.model_dump(mode="json"))
            else:
                ask_cli.print_answer(out, answer)
                ask_cli.print_prose(out, assistant, answer)
        elif sys.stdin.isatty() and not as_json:
            ask_cli.converse(opened, scope, out, err)
        else:
            asked, failed = ask_cli.answer_lines(sys.stdin.buffer, opened, scope, as_json, out, err)
            if not asked:
                raise typer.BadParameter("没有问题；请写在命令后面，或从标准输入每行给一个", param_hint="question")
            if failed:
                raise typer.Exit(1)


@app.command()
def audit(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """核对已收录文件的勾稽关系：上下级合计、收支平衡、各表之间、文与表之间、与上年文件之间。

    例：budget-qa audit
    """
    with reported():
        from index.checks.between import audit_store
        from index.sql.store import Store

        settings = settings_of(store)
        store_read = Store.open(settings.store, settings.database_url)
        found = list(audit_store(store_read))
        if as_json:
            print_json([identity.as_dict() for identity in found])
            return
        titles = {info.id: f"{info.title}（{info.file_name}）" for info in store_read.documents(hidden=True)}
        for document, own in itertools.groupby(found, key=lambda identity: identity.document):
            out.print(f"\n{titles.get(document, document)}", markup=False)
            for identity in sorted(own, key=lambda i: ("不一致", "尾差", "一致").index(i.verdict)):
                said = f"{identity.title}：{identity.left} 与 {identity.right}，差 {identity.difference}"
                out.print(f"{identity.verdict}  {said}", markup=False)
        counts = {v: sum(i.verdict == v for i in found) for v in ("一致", "尾差", "不一致")}
        out.print("合计：" + "，".join(f"{name} {count}" for name, count in counts.items()))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口")] = None,
    store: StoreOption = None,
) -> None:
    """启动网页和接口。空的、从未用过的数据目录会先收录随包的示例文件。

    例：budget-qa serve --port 7861
    """
    with reported():
        import app as web

        web.serve(settings_of(store, host=host, port=port), progress_bar)


@app.command()
def mcp(
    http: Annotated[bool, typer.Option("--http", help="用 HTTP（地址后加 /mcp），不用标准输入输出")] = False,
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int, typer.Option(help="监听端口")] = 7861,
    store: StoreOption = None,
) -> None:
    """供其他助手调用的 MCP 服务器：提问、查数、找原文、列文件。只读，网页服务运行时也能用。

    例：budget-qa mcp --http
    """
    with reported():
        settings = settings_of(store, host=host, port=port)
        if http:
            import app as web

            web.serve_mcp(settings)
        else:
            from assistant.mcp_server import create_server

            create_server(settings).run()


@app.command()
def feedback(
    export: Annotated[Path | None, typer.Option(help="写成 JSONL 文件，作为评测候选题")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """网页和接口收到的意见：有多少；--export 导出。

    例：budget-qa feedback --export 候选题.jsonl
    """
    with reported():
        from index.sql.feedback import candidates
        from index.sql.store import Store

        settings = settings_of(store)
        given = Store.open(settings.store, settings.database_url).feedback()
        good = sum(entry.good for entry in given)
        if as_json:
            print_json({"count": len(given), "good": good, "bad": len(given) - good})
        else:
            out.print(f"意见 {len(given)} 条：有用 {good}，有问题 {len(given) - good}")
        if export is not None:
            lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in candidates(given)]
            try:
                # Never over a file in which someone may have written gold already.
                with export.open("x", encoding="utf-8") as file:
                    file.writelines(lines)
            except FileExistsError as error:
                raise BudgetQAError(f"{export}：文件已经存在；请换一个文件名") from error


OWN_OPTIONS = {
    "--help": "显示这段说明",
    "--install-completion": "为当前的 shell 装上命令补全",
    "--show-completion": "显示当前 shell 的补全脚本，可复制或改写",
}


def commands() -> Any:
    """The app as it runs, with Typer's own options explained in Chinese."""
    group: Any = typer.main.get_command(app)
    for command in (group, *group.commands.values()):
        for option in (*command.params, command.get_help_option(typer.Context(command))):
            option.help = OWN_OPTIONS.get(option.opts[0], option.help)
    return group


def main() -> None:
    """The console script."""
    try:
        commands()()
    except BudgetQAError as error:
        if state["debug"]:
            raise
        err.print(str(error), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
