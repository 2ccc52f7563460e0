"""A service that a test kills, ends and starts again at the same address, and the documents that it is asked about."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import Service, serving
from tests.services import free_port

FIGURE, SHARE, TEXT, TERM = "教育支出是多少", "项目支出占总支出的百分之几", "智慧课堂平台由谁来建设", "什么是基本支出"
BUDGET = """2024年
{department}部门预算

第二部分 2024年部门预算表

支出总体情况表

单位：万元

项目\t合计\t基本支出\t项目支出
合计\t{total}.00\t5.00\t4.00
一、教育支出\t{education}.00\t4.00\t3.00
二、卫生健康支出\t2.00\t1.00\t1.00

第三部分 2024年部门预算情况说明

一、收支情况

2024年教育支出{education}.00万元，比上年增加1.00万元，主要原因是新增{name}的建设。

{name}由{department}信息中心负责建设，供全市中小学使用。

第四部分 名词解释

一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。
"""


def budget(department: str = "某市测试局", name: str = "智慧课堂平台", education: int = 7) -> str:
    """A small budget whose figures tell which edition of it this is."""
    return BUDGET.format(department=department, name=name, education=education, total=education + 2)


@dataclass
class App:
    """A service over a store, not started yet."""

    store: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    lives: list[Service] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> subprocess.Popen[str]:
        return self.lives[-1].process

    @property
    def log(self) -> str:
        """Of all its lives."""
        return "".join(line for life in self.lives for line in life.log)

    def start(self) -> None:
        """Returns once it answers. No answer is remembered: each is made."""
        environment = {"BUDGET_QA_SAMPLE": "0", "BUDGET_QA_REMEMBERED_ANSWERS": "0", **self.environment}
        self._running = ExitStack()
        self.lives.append(self._running.enter_context(serving(self.store, "--port", str(self.port), **environment)))

    def kill(self) -> None:
        """At once, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()
        self._running.close()

    def end(self) -> int:
        """As a supervisor does. Returns the exit code."""
        self.process.terminate()
        code = self.process.wait(60)
        self._running.close()
        return code

    def documents(self) -> list[dict]:
        found: list[dict] = (
            httpx.get(f"{self.url}/api/documents", trust_env=False, timeout=60).raise_for_status().json()
        )
        return found

    def ask(self, question: str, *documents: str) -> dict:
        body = {"question": question, "scope": {"documents": documents}}
        response = httpx.post(f"{self.url}/api/ask", json=body, trust_env=False, timeout=60)
        found: dict = response.raise_for_status().json()
        return found

    def assert_no_traceback(self) -> None:
        assert "Traceback" not in self.log, self.log
