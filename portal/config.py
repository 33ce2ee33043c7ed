"""Settings from the environment, typed and checked: the start fails clearly on a bad one."""

import base64
import ipaddress
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from environs import Env

SETTINGS_FILE = "leeway.env"
SHORTEST_SECRET = 32
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASES = ("sqlite:///", "postgresql+psycopg://")
MODES = ("production", "demo", "test")
GATEWAYS = ("none", "outbox", "webhook", "kannel")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadSetting(Exception):
    """A setting is missing, weak or contradictory; the text says which and what to do."""


@dataclass(frozen=True)
class SmtpServer:
    """security: none, starttls or tls. `sender` is the address that emails come from, `bounces` the one to which what can't
    be delivered comes back."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    bounces: str


@dataclass(frozen=True)
class Settings:
    """What one deployment runs with.

    `data_keys` maps a key id to 32 bytes; the first seals, all open. `lookup_key` makes the keyed hashes that find
    people and never changes. `starts_at` is where the clock starts (demo and tests alone). `proxies` are the networks
    whose X-Forwarded-For is believed. `gateway_*` belong to the gateway for texts that `gateway` names; `smtp` is where
    emails are handed over, None where none are sent.
    """

    mode: str
    database_url: str
    secret_key: str
    data_keys: dict[str, bytes]
    lookup_key: bytes
    base_url: str
    gateway: str
    gateway_url: str = ""
    gateway_user: str = ""
    gateway_secret: str = field(default="", repr=False)
    gateway_sender: str = ""
    smtp: SmtpServer | None = None
    proxies: tuple[Network, ...] = ()
    starts_at: datetime | None = None
    log_level: str = "INFO"

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"


def read_settings() -> Settings:
    """The settings in the process's environment, and below it in the file that PORTAL_SETTINGS names (leeway.env in the
    working folder where it names none and that is there). Raises BadSetting."""
    env = Env(prefix="PORTAL_")
    named = os.environ.get("PORTAL_SETTINGS")
    path = Path(named or SETTINGS_FILE)
    if named and not path.is_file():
        raise BadSetting(f"PORTAL_SETTINGS names {named}, and no such file can be read.")
    if path.is_file():
        env.read_env(str(path), recurse=False)
    mode = env.str("MODE", "production")
    if mode not in MODES:
        raise BadSetting(f"PORTAL_MODE is {mode!r}; it is one of {', '.join(MODES)}.")
    starts_at = _instant(env.str("NOW", ""))
    if starts_at and mode == "production":
        raise BadSetting("PORTAL_NOW sets the clock in the demo and in tests alone; unset it.")
    gateway = env.str("GATEWAY", "none")
    if gateway not in GATEWAYS:
        raise BadSetting(f"PORTAL_GATEWAY is {gateway!r}; it is one of {', '.join(GATEWAYS)}.")
    if gateway == "outbox" and mode == "production":
        raise BadSetting("PORTAL_GATEWAY=outbox shows every message to anybody who asks: it is for the demo alone.")
    base_url = _required(env, "BASE_URL", "the address under which borrowers open the portal").rstrip("/")
    if mode == "production" and not base_url.startswith("https://"):
        raise BadSetting("PORTAL_BASE_URL has to begin with https:// in production.")
    return Settings(
        mode=mode,
        database_url=_database_url(env),
        secret_key=_secret(env, "SECRET_KEY"),
        data_keys=_data_keys(_required(env, "DATA_KEYS", "ID:BASE64 of 32 random bytes, the one in force first")),
        lookup_key=_secret(env, "LOOKUP_KEY").encode(),
        base_url=base_url,
        gateway=gateway,
        **_gateway(env, gateway, mode),
        smtp=_smtp(env.str("SMTP", ""), env.str("EMAIL_FROM", ""), env.str("EMAIL_BOUNCES", "")),
        proxies=_networks(env.str("PROXIES", "")),
        starts_at=starts_at,
        log_level=_log_level(env.str("LOG_LEVEL", "INFO").upper()),
    )


def _gateway(env: Env, gateway: str, mode: str) -> dict[str, str]:
    if gateway not in ("webhook", "kannel"):
        return {}
    url = _required(env, "GATEWAY_URL", "where texts are handed over")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting("PORTAL_GATEWAY_URL is no address that begins with https:// or http://.")
    if mode == "production" and parts.scheme == "http" and not _is_near(parts.hostname):
        raise BadSetting(
            "PORTAL_GATEWAY_URL leaves this machine's network without https://: texts name people's numbers."
        )
    needs = "the gateway's password" if gateway == "kannel" else "what both sides sign with"
    secret = _required(env, "GATEWAY_SECRET", needs) if gateway == "kannel" else _secret(env, "GATEWAY_SECRET")
    user = _required(env, "GATEWAY_USER", "the user of Kannel's sendsms") if gateway == "kannel" else ""
    return {
        "gateway_url": url,
        "gateway_user": user,
        "gateway_secret": secret,
        "gateway_sender": env.str("GATEWAY_SENDER", ""),
    }


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host


def _smtp(url: str, sender: str, bounces: str) -> SmtpServer | None:
    """From smtp://USER:PASSWORD@HOST:PORT (STARTTLS), smtps://… (TLS) or smtp+plain://… (neither: a server on this
    machine)."""
    if not url:
        return None
    parts = urlsplit(url)
    security = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "none"}.get(parts.scheme)
    if security is None or not parts.hostname:
        raise BadSetting("PORTAL_SMTP begins with smtp://, smtps:// or smtp+plain:// and names a host.")
    if security == "none" and not _is_near(parts.hostname):
        raise BadSetting("PORTAL_SMTP leaves this machine's network without TLS: use smtp:// or smtps://.")
    if "@" not in sender:
        raise BadSetting("PORTAL_EMAIL_FROM is missing: the address that emails come from.")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or {"starttls": 587, "tls": 465, "none": 25}[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        bounces=bounces or sender,
    )


def _required(env: Env, name: str, meaning: str) -> str:
    value = env.str(name, "")
    if not value:
        raise BadSetting(f"PORTAL_{name} is missing: {meaning}.")
    return value


def _log_level(name: str) -> str:
    if name not in LOG_LEVELS:
        raise BadSetting(f"PORTAL_LOG_LEVEL is {name!r}; it is one of {', '.join(LOG_LEVELS)}.")
    return name


def _database_url(env: Env) -> str:
    url = _required(env, "DATABASE_URL", "for instance sqlite:///var/leeway.db or postgresql+psycopg://…")
    if not url.startswith(DATABASES):
        raise BadSetting("PORTAL_DATABASE_URL begins with sqlite:/// or postgresql+psycopg://.")
    return url


def _secret(env: Env, name: str) -> str:
    value = _required(env, name, f"at least {SHORTEST_SECRET} random characters")
    if len(value) < SHORTEST_SECRET or len(set(value)) < 10:
        raise BadSetting(f"PORTAL_{name} is weak: give it at least {SHORTEST_SECRET} random characters.")
    return value


def _data_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, colon, encoded = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except ValueError:
            key = b""
        if not colon or not key_id.isalnum() or len(key) != 32 or key_id in keys:
            raise BadSetting("PORTAL_DATA_KEYS is not a list of ID:BASE64, each of 32 bytes and with an id of its own.")
        keys[key_id] = key
    return keys


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise BadSetting(f"PORTAL_PROXIES names no network: {error}.") from None


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"PORTAL_NOW is {text!r}; it is an instant such as 2028-02-29T23:30+08:00.") from None
    if instant.tzinfo is None:
        raise BadSetting("PORTAL_NOW has no offset: write for instance 2028-02-29T23:30+08:00.")
    return instant
