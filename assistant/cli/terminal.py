"""What the commands share: the terminal, settings, options, and errors as one line.

In: what a command does. Out: its words on stdout, its progress and errors on stderr, its exit code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.operation.logs import configure
from index.errors import BudgetQAError
from index.settings import Settings, get_settings

WIDE = 2000  # columns of what is piped or kept in a file, where nothing may be cut off
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)

StoreOption = Annotated[Path | None, typer.Option("--store", help="数据目录（默认用 BUDGET_QA_STORE 或用户数据目录）")]
JsonOption = Annotated[bool, typer.Option("--json", help="以JSON输出")]
state = {"debug": False}


@contextmanager
def reported() -> Iterator[None]:
    """Our own errors as one line and exit 1; anything else too, unless --debug."""
    try:
        yield
    except BudgetQAError as error:
        if state["debug"]:
            raise
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    except BrokenPipeError:  # whoever read has enough, as head has
        raise
    except (OSError, MemoryError) as error:
        if state["debug"]:
            raise
        err.print(f"{error}；请检查磁盘空间、内存和权限后重试", markup=False)
        raise typer.Exit(1) from error


def settings_of(store: Path | None, **overrides: object) -> Settings:
    """The settings that a command runs with, options before the environment; logging is set up by them. Raises SettingsError."""
    settings = get_settings(store=store, **overrides)
    configure(settings)
    return settings


def print_json(value: object) -> None:
    """To stdout, indented, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress_bar() -> Iterator:
    """A bar on stderr, one line a file; silent where stderr is no terminal."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        tasks: dict[str, int] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done)  # type: ignore[arg-type]

        yield advance
