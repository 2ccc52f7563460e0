from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import PREFIX, Settings, get_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_nothing_set_serves_the_sample_on_loopback() -> None:
    settings = get_settings()
    assert (settings.host, settings.port, settings.sample) == ("127.0.0.1", 7860, True)
    assert settings.store.name == settings.cache.name == "budget-qa"
    assert settings.database_url is None
    assert settings.embedding_model is None


def test_environment_sets_each_field(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = {
        "STORE": str(tmp_path),
        "PORT": "8000",
        "SAMPLE": "0",
        "LOG_LEVEL": "DEBUG",
        "DATABASE_URL": "sqlite:///x",
    }
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = get_settings()
    assert (settings.store, settings.port, settings.sample) == (tmp_path, 8000, False)
    assert (settings.log_level, settings.database_url) == ("debug", "sqlite:///x")


def test_override_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_PORT", "8000")
    assert get_settings(port=9000).port == 9000


def test_override_of_none_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_PORT", "8000")
    assert get_settings(port=None).port == 8000


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_PORT", "")
    assert get_settings().port == 7860


def test_store_is_absolute_with_home_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert get_settings(store="~/data").store == tmp_path / "data"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "abc", "不是整数"),
        ("PORT", "99999", "不能大于 65535"),
        ("PORT", "-1", "不能小于 0"),
        ("SAMPLE", "perhaps", "不是开关值"),
        ("MAX_QUESTION_LENGTH", "0", "不能小于 1"),
        ("LOG_LEVEL", "loud", "不在可选值之内"),
        ("STORE", __file__, "这是文件，不是文件夹"),
        ("CACHE", __file__, "这是文件，不是文件夹"),
        ("DATABASE_URL", "budget.db", "不是数据库地址"),
        ("CHROMA_URL", "127.0.0.1:8000", "不是 http:// 或 https:// 开头的地址"),
    ],
)
def test_bad_value_is_one_line_naming_variable_and_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as caught:
        get_settings()
    message = str(caught.value)
    assert message.startswith(f"{PREFIX}{name}={value}：{reason}")
    assert "\n" not in message


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_PORT", "abc")
    monkeypatch.setenv("BUDGET_QA_SAMPLE", "perhaps")
    with pytest.raises(SettingsError, match=r"BUDGET_QA_PORT=abc.*BUDGET_QA_SAMPLE=perhaps"):
        get_settings()


def test_message_hides_a_password() -> None:
    with pytest.raises(SettingsError) as caught:
        get_settings(database_url="postgresql//user:secret@host/db")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("database", "chroma"),
    [
        ("postgresql+psycopg://u@127.0.0.1/x", None),
        ("postgres://u@127.0.0.1/x", None),
        (None, "http://127.0.0.1:8000"),
        ("sqlite:///budget.sqlite", "http://127.0.0.1:8000"),
    ],
)
def test_one_store_on_a_server_and_the_other_here_is_refused(database: str | None, chroma: str | None) -> None:
    with pytest.raises(SettingsError, match=r"BUDGET_QA_DATABASE_URL.*BUDGET_QA_CHROMA_URL.*须同时设"):
        get_settings(database_url=database, chroma_url=chroma)


def test_both_stores_on_servers_or_both_here_are_taken() -> None:
    assert get_settings(database_url="postgres://u@127.0.0.1/x", chroma_url="http://127.0.0.1:8000").on_servers
    assert not get_settings(database_url="sqlite:///budget.sqlite").on_servers


def test_operator_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_OPERATOR_PASSWORD", "very secret")
    settings = get_settings()
    assert settings.operator_password is not None
    assert settings.operator_password.get_secret_value() == "very secret"
    assert "very secret" not in repr(settings) + str(settings.model_dump())


def test_operator_password_that_is_too_short_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_QA_OPERATOR_PASSWORD", "short")
    with pytest.raises(SettingsError, match=r"BUDGET_QA_OPERATOR_PASSWORD=\*\*\*：太短，至少 8 个字"):
        get_settings()


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="没有这个设置"):
        get_settings(colour="red")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description
