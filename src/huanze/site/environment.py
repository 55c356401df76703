"""Reads the HUANZE_* variables that settings are made of. Wrong values stop the start with a plain sentence."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def switch(name: str) -> bool:
    return os.environ.get(name, "").strip() in {"1", "true", "yes", "on"}


def data_dir() -> Path:
    """The data directory, made if it is not there; only its owner may look in."""
    path = Path(os.environ.get("HUANZE_DATA") or "data").resolve()
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"数据目录 {path} 无法建立：{error.strerror}。请换一个可写的目录（--data 或 HUANZE_DATA）。") from error
    return path


def secret_key(data: Path) -> str:
    """The key that signs cookies: made once, kept in the data directory, readable by its owner only."""
    path = data / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    except OSError as error:
        raise ImproperlyConfigured(f"数据目录 {data} 不可写：{error.strerror}。请检查目录权限。") from error
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key


def _kept_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"密钥文件 {path} 无法读取：{error.strerror}。请检查文件权限。") from error
    if len(key) < 32:
        raise ImproperlyConfigured(f"密钥文件 {path} 内容不完整。请删除该文件后重新启动，届时所有人须重新登录。")
    return key


def hosts() -> list[str]:
    named = [host.strip() for host in os.environ.get("HUANZE_HOSTS", "").split(",") if host.strip()]
    return named or ["127.0.0.1", "localhost"]


def database(data: Path) -> dict[str, Any]:
    """SQLite in the data directory, or the PostgreSQL that HUANZE_DATABASE_URL names."""
    url = os.environ.get("HUANZE_DATABASE_URL", "").strip()
    return _postgresql(url) if url else _sqlite(data)


def _sqlite(data: Path) -> dict[str, Any]:
    # Writers queue at BEGIN instead of failing half-way (IMMEDIATE). synchronous=FULL: an act that was
    # acknowledged is on the disk, so neither kill -9 nor a power cut takes it back; NORMAL would lose the
    # last acts at a power cut, and an audit chain that forgets its tail is worth little.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "huanze.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise ImproperlyConfigured(
            "HUANZE_DATABASE_URL 写法不对。应为 postgresql://用户:密码@主机:端口/库名，例如 postgresql://huanze@127.0.0.1:5432/huanze。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **dict(parse_qsl(parts.query))},
    }


def email(data: Path) -> dict[str, Any]:
    """Where letters go: the SMTP server that HUANZE_EMAIL_URL names, or files in the data directory."""
    url = os.environ.get("HUANZE_EMAIL_URL", "").strip()
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(data / "mail")}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("HUANZE_EMAIL_URL 写法不对。应为 smtp://用户:密码@主机:端口 或 smtps://用户:密码@主机:端口。")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
    }
