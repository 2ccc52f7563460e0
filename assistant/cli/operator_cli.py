"""The operator's commands: back up, restore, rebuild, examine. Registered by `assistant.cli.main`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.terminal import JsonOption, StoreOption, out, print_json, progress_bar, reported, settings_of

commands = typer.Typer()


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="备份写成这个文件（zip），不能已经存在")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """备份：把全部数据写成一个文件。服务运行时也能做，得到的是同一时刻的数据。

    包含原文件、读出的表、更正、收录的先后和意见；向量不在内，恢复时由文字重算。

    例：budget-qa backup 备份.zip
    """
    with reported():
        from index.sql import backup as archives
        from index.sql.store import Store

        settings = settings_of(store)
        manifest = archives.backup(Store.open(settings.store, settings.database_url), file)
        if as_json:
            print_json(asdict(manifest))
        else:
            out.print(
                f"已备份 {manifest.documents} 份文件到 {file}（{file.stat().st_size / 2**20:.1f} MB）", markup=False
            )


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="backup 写成的文件")],
    store: StoreOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="数据目录里已有文件时，换掉它们")] = False,
    as_json: JsonOption = False,
) -> None:
    """恢复：用一份备份换掉数据目录里的全部数据。须先停止服务；中途停下，原来的数据不变。

    例：budget-qa restore 备份.zip
    """
    with reported():
        from assistant.operation.restoring import restore_archive

        settings = settings_of(store)
        with progress_bar() as advance:
            manifest = restore_archive(file, settings, replace, advance)
        if as_json:
            print_json(asdict(manifest))
        else:
            out.print(f"已恢复 {manifest.documents} 份文件（备份于 {manifest.made_at}）", markup=False)


@commands.command()
def rebuild(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """重建向量库：向量库损坏、丢失，或换了向量模型后，由数据库里的文字重算。须先停止服务。

    例：budget-qa rebuild
    """
    with reported():
        from assistant.operation.restoring import rebuild_vectors

        settings = settings_of(store)
        with progress_bar() as advance:
            made = rebuild_vectors(settings, advance)
        if as_json:
            print_json({"vectors": made})
        else:
            out.print(f"已重建向量 {made} 条")


@commands.command()
def doctor(
    store: StoreOption = None,
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口")] = None,
    as_json: JsonOption = False,
) -> None:
    """检查安装：程序、模型、数据、端口等是否正常，不正常的说明怎么办。有不正常的返回1。

    例：budget-qa doctor
    """
    with reported():
        from assistant.operation.doctor import examine

        found = examine(settings_of(store, host=host, port=port))
        if as_json:
            print_json([asdict(one) for one in found])
        else:
            for one in found:
                todo = f"；{one.todo}" if one.todo else ""
                out.print(f"{one.state}  {one.name}：{one.said}{todo}", markup=False)
        if any(one.state == "不行" for one in found):
            raise typer.Exit(1)
