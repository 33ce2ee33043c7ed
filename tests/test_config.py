"""The start fails clearly on a bad setting, and works with good ones."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import BadSetting, read_settings

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
GOOD = {
    "PORTAL_MODE": "production",
    "PORTAL_DATABASE_URL": "sqlite:///var/leeway.db",
    "PORTAL_SECRET_KEY": "n1Jx0qTz5Vb8Rk3Lw6Pc9Hd2Sf4Gm7Yu",
    "PORTAL_LOOKUP_KEY": "Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk8Lz0Xc",
    "PORTAL_DATA_KEYS": f"first:{KEY}",
    "PORTAL_BASE_URL": "https://pay.example",
}
# Setting, a bad value (None: missing), and what the sentence has to say.
BAD = [
    ("PORTAL_SECRET_KEY", None, "PORTAL_SECRET_KEY is missing"),
    ("PORTAL_SECRET_KEY", "short", "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_SECRET_KEY", "a" * 40, "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_LOOKUP_KEY", "", "PORTAL_LOOKUP_KEY is missing"),
    ("PORTAL_DATA_KEYS", "first:tooshort", "PORTAL_DATA_KEYS"),
    ("PORTAL_DATA_KEYS", f"first:{KEY},first:{KEY}", "an id of its own"),
    ("PORTAL_DATABASE_URL", None, "PORTAL_DATABASE_URL is missing"),
    ("PORTAL_DATABASE_URL", "mysql://somewhere", "PORTAL_DATABASE_URL begins with"),
    ("PORTAL_BASE_URL", "http://pay.example", "https://"),
    ("PORTAL_MODE", "staging", "PORTAL_MODE is 'staging'"),
    ("PORTAL_GATEWAY", "pigeon", "PORTAL_GATEWAY is 'pigeon'"),
    ("PORTAL_GATEWAY", "outbox", "for the demo alone"),
    ("PORTAL_NOW", "2028-02-29T23:30+08:00", "in the demo and in tests alone"),
    ("PORTAL_PROXIES", "not a network", "PORTAL_PROXIES names no network"),
    ("PORTAL_LOG_LEVEL", "LOUD", "PORTAL_LOG_LEVEL"),
    ("PORTAL_SETTINGS", "nowhere.env", "no such file"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The good settings and no others, in a folder without a settings file."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORTAL_NOW", "PORTAL_SETTINGS", "PORTAL_GATEWAY", "PORTAL_PROXIES", "PORTAL_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    yield


def test_good_settings_are_read() -> None:
    settings = read_settings()
    assert settings.data_keys == {"first": bytes(range(32))}
    assert settings.base_url == "https://pay.example"
    assert not settings.is_demo


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, said: str) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=said.replace("(", r"\(")):
        read_settings()


def test_a_clock_without_its_offset_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_MODE", "demo")
    monkeypatch.setenv("PORTAL_NOW", "2028-02-29T23:30")
    with pytest.raises(BadSetting, match="no offset"):
        read_settings()


def test_the_environment_goes_before_the_settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PORTAL_BASE_URL")
    (tmp_path / "leeway.env").write_text("PORTAL_BASE_URL=https://file.example\nPORTAL_MODE=demo\n")
    settings = read_settings()
    assert settings.base_url == "https://file.example"
    assert settings.mode == "production"
