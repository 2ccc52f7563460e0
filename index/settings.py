"""Every setting: one environment variable each, with the prefix BUDGET_QA_.

In: the environment, and what the command line overrides. Out: one frozen `Settings`. A value that cannot be used raises
SettingsError, one line that names the variable, the value and what is expected.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_dir, user_data_dir
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError

APP = "budget-qa"
PREFIX = "BUDGET_QA_"

# pydantic's error types, as the user reads them; any other type keeps pydantic's own words.
REASONS = {
    "int_parsing": "不是整数",
    "int_from_float": "不是整数",
    "bool_parsing": "不是开关值（请用 1 或 0）",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "不在可选值之内",
    "too_short": "太短，至少 {min_length} 个字",
    "value_error": "{error}",
}
HIDDEN = "***"  # stands in a message for what is secret


def _directory(path: Path) -> Path:
    """Given a directory that may not exist yet, return it absolute, with ~ expanded."""
    path = path.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("这是文件，不是文件夹")
    return path


Directory = Annotated[Path, AfterValidator(_directory)]


class Settings(BaseSettings):
    """What can be set. Make one with `get_settings()`, so that a bad value reads well."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    store: Directory = Field(
        default_factory=lambda: Path(user_data_dir(APP, appauthor=False)),
        description="数据目录：索引、向量和原文件都在这里",
    )
    database_url: str | None = Field(
        default=None,
        description="SQL 数据库的 SQLAlchemy 地址，如 postgresql+psycopg://用户:密码@主机/库；不设则用数据目录里的 SQLite",
    )
    chroma_url: str | None = Field(
        default=None,
        description="Chroma 服务的地址，如 http://127.0.0.1:8000；与 PostgreSQL 同用，不设则用数据目录里的向量库",
    )
    chroma_token: SecretStr | None = Field(
        default=None, description="Chroma 前面的代理要的密钥，以 Authorization: Bearer 发出；不要密钥则不设"
    )
    embedding_model: str | None = Field(
        default=None,
        description="另用的向量模型：sentence-transformers 模型名（须已在本机缓存）或模型目录；不设则用随包的 multilingual-e5-small",
    )
    cache: Directory = Field(
        default_factory=lambda: Path(user_cache_dir(APP, appauthor=False)),
        description="缓存目录：转换好的向量模型放在这里，只转换一次",
    )
    host: str = Field(default="127.0.0.1", description="网页和接口监听的地址")
    port: int = Field(default=7860, ge=0, le=65535, description="网页和接口监听的端口，0 到 65535；0 表示任选空闲端口")
    sample: bool = Field(default=True, description="是否在从未用过的空数据目录里自动收录随包的示例文件，1 或 0")
    max_question_length: int = Field(default=500, ge=1, description="问题最多多少个字，超过则不回答；至少为 1")
    file_seconds: int = Field(default=600, ge=1, description="读一份文件最多用多少秒，超过则中止并报告")
    file_megabytes: int = Field(
        default=6000, ge=500, description="读一份文件最多用多少MB内存，超过则中止并报告；至少 500"
    )
    operator_password: SecretStr | None = Field(
        default=None, min_length=8,
        description="网页“文件”的密码，收录、更正和删除文件时要用，至少 8 个字；不设则没有这一页",
    )  # fmt: skip
    upload_megabytes: int = Field(default=100, ge=1, le=500, description="网页上传的一份文件最多多少MB，1 到 500")
    llm_base_url: str | None = Field(
        default=None,
        description="语言模型的 OpenAI 兼容地址，如 http://127.0.0.1:8080/v1；须与 BUDGET_QA_LLM_MODEL 同设，不设则不用语言模型",
    )
    llm_model: str | None = Field(default=None, description="语言模型的名称，照服务上登记的写")
    llm_api_key: SecretStr | None = Field(default=None, description="语言模型服务的密钥；服务不要密钥则不设")
    llm_understanding: Literal["unsure", "always", "never"] = Field(
        default="unsure",
        description="何时请语言模型理解问题：unsure（本机没把握时）、always（每次，与本机核对）或 never（从不）",
    )
    llm_wording: bool = Field(default=True, description="是否请语言模型在回答之后写一段说明，1 或 0")
    llm_seconds: int = Field(default=20, ge=1, le=120, description="每个回答最多等语言模型多少秒，1 到 120")
    llm_at_once: int = Field(default=2, ge=1, le=64, description="同时最多向语言模型提几个请求，1 到 64")
    at_once: int = Field(default=4, ge=1, le=32, description="同时回答几个问题，其余的排队，1 到 32")
    waiting: int = Field(default=200, ge=0, description="最多几个请求排队，再多的请稍后再来；至少为 0")
    rate_per_minute: int = Field(default=1200, ge=0, description="一个地址每分钟最多几次请求，0 为不限")
    rate_burst: int = Field(default=100, ge=0, description="一个地址每秒最多几次请求，0 为不限")
    remembered_answers: int = Field(default=1000, ge=0, description="记住最近多少个回答，收录变了就作废，0 为不记")
    trusted_proxies: str | None = Field(
        default=None,
        description="反向代理的地址或网段，用逗号分开，只有它们转告的来访地址可信，如 127.0.0.1,10.0.0.0/8",
    )
    root_path: str = Field(default="/", description="反向代理把本程序放在哪个路径下，如 /budget")
    drain_seconds: int = Field(default=20, ge=0, le=600, description="停止时最多等几秒，让正在回答的问题答完，0 到 600")
    log_format: Literal["text", "json"] = Field(default="text", description="日志格式：text 或 json（每行一个对象）")
    log_questions: bool = Field(default=False, description="出错时是否把问题的文字写进日志，1 或 0")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="日志级别：debug、info、warning 或 error"
    )

    @field_validator("database_url")
    @classmethod
    def _looks_like_a_url(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"\w[\w+]*://", url):
            raise ValueError("不是数据库地址")
        return url and re.sub(r"^postgres:", "postgresql:", url)  # as some hosts write it

    @field_validator("trusted_proxies")
    @classmethod
    def _looks_like_networks(cls, listed: str | None) -> str | None:
        for network in (listed or "").split(","):
            try:
                ip_network(network.strip() or "::")
            except ValueError as error:
                raise ValueError(f"{network.strip()} 不是地址或网段") from error
        return listed

    @field_validator("root_path")
    @classmethod
    def _looks_like_a_path(cls, path: str) -> str:
        if not re.fullmatch(r"/|(/[\w.~-]+)+/?", path, re.ASCII):
            raise ValueError("不是以 / 开头的路径")
        return path.rstrip("/") or "/"

    @field_validator("llm_base_url", "chroma_url")
    @classmethod
    def _looks_like_an_endpoint(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^/@]+(/|$)", url):
            raise ValueError("不是 http:// 或 https:// 开头的地址（密钥另设，不写在地址里）")
        return url

    @model_validator(mode="after")
    def _endpoint_and_model_together(self) -> Settings:
        if (self.llm_base_url is None) != (self.llm_model is None):
            raise ValueError("BUDGET_QA_LLM_BASE_URL 和 BUDGET_QA_LLM_MODEL 须同时设")
        return self

    @model_validator(mode="after")
    def _servers_together(self) -> Settings:
        postgresql = (self.database_url or "").startswith("postgresql")
        if postgresql != self.on_servers:
            raise ValueError(
                "PostgreSQL（BUDGET_QA_DATABASE_URL）和 Chroma 服务（BUDGET_QA_CHROMA_URL）须同时设："
                "只设一个时，别的机器会看不到向量，或把它们当作多余的删掉"
            )
        return self

    @property
    def on_servers(self) -> bool:
        """Whether both stores are on servers, which several processes may use at once."""
        return self.chroma_url is not None

    @field_validator("log_level", "log_format", "llm_understanding", mode="before")
    @classmethod
    def _any_case(cls, level: object) -> object:
        return level.lower() if isinstance(level, str) else level


def get_settings(**overrides: Any) -> Settings:
    """The settings of the environment; an override that is not None comes before it. Raises SettingsError."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as exc:
        raise SettingsError("；".join(_explain(error) for error in exc.errors())) from exc


def _explain(error: Any) -> str:
    """Given one of pydantic's errors, return variable, value, reason and what is expected."""
    if not error["loc"]:  # of several settings together
        return str(error["ctx"]["error"])
    name = str(error["loc"][0])
    reason = REASONS.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
    if name not in Settings.model_fields:
        return f"{PREFIX}{name.upper()}：没有这个设置"
    secret = Settings.model_fields[name].annotation == SecretStr | None
    value = HIDDEN if secret else _without_password(str(error["input"]))
    return f"{PREFIX}{name.upper()}={value}：{reason}（{Settings.model_fields[name].description}）"


def _without_password(value: str) -> str:
    return re.sub(r":[^:/@]*@", ":***@", value)
