"""`huanze up`: prepare the data, start the web server and the morning loop, end both together."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from huanze.site.boot import boot

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - the operator's own word for every address
ADMINISTRATORS = {"system": ("sysadmin", "系统管理员"), "security": ("secadmin", "安全保密管理员"), "audit": ("auditor", "安全审计员")}


@click.command(help="启动平台。首次启动会建立数据库、装入规则包和演示数据。")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址，0.0.0.0 表示所有网卡")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="数据目录，默认为 ./data 或 HUANZE_DATA")
@click.option("--no-demo", is_flag=True, help="首次启动不装入演示数据，只建立三名管理员")
def up(port: int, host: str, data: Path | None, no_demo: bool) -> None:
    from huanze.site import serve

    if not serve.wait_for_port(host, port):
        raise click.ClickException(f"{host} 的 {port} 端口已被占用，或该地址不属于本机。请停掉占用的程序，或用 --port 换一个端口。")
    if host not in EVERYWHERE | {"127.0.0.1", "localhost"}:
        os.environ.setdefault("HUANZE_HOSTS", f"{host},127.0.0.1,localhost")
    boot(data)
    _run(host, port, _prepare(demo=not no_demo))


def _prepare(*, demo: bool) -> list[str]:
    """Bring database and static files up to date; returns what the operator should read."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db.utils import OperationalError

    click.echo(f"数据目录：{settings.DATA_DIR}")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise click.ClickException(f"数据库打不开：{error}。请检查磁盘空间、目录权限，或 HUANZE_DATABASE_URL。") from error
    call_command("collectstatic", verbosity=0, interactive=False)
    return _first_run(demo=demo)


def _first_run(*, demo: bool) -> list[str]:
    from django.db import transaction

    from huanze.orgs.models import User
    from huanze.policies.services import publish_shipped

    publish_shipped()
    if User.objects.exclude(admin_role="").exists():
        return []
    if not demo:
        return _found_administrators()
    from huanze.site import demo as demonstration

    # Whole or not at all: a start that is broken off half-way leaves an empty site, and the next one begins anew.
    with transaction.atomic():
        _show_progress(demonstration.load)
    return ["演示账号（用户名 / 密码 / 身份）：", *(f"  {name} / {password} / {who}" for name, password, who in demonstration.accounts())]


def _show_progress(load: Callable[..., None]) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    if not sys.stderr.isatty():
        click.echo("正在装入演示数据，约需一两分钟……")
    columns = (TextColumn("装入演示数据"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("")
        load(progress=lambda done, total: bar.update(task, completed=done, total=total))


def _found_administrators() -> list[str]:
    """The three administrators of an empty site, with first passwords that are shown once."""
    from huanze.orgs.services import found_administrators

    people = {role: (username, name, f"{secrets.token_hex(5)}-{secrets.randbelow(10**4):04}") for role, (username, name) in ADMINISTRATORS.items()}
    founded: Any = found_administrators(people=people)
    if not founded:
        raise click.ClickException(f"三名管理员未能建立：{founded.reason}。")
    told = (f"  {username} / {password} / {name}" for username, name, password in people.values())
    return ["三名管理员的初始密码只显示这一次，首次登录须修改（用户名 / 密码 / 身份）：", *told]


def _run(host: str, port: int, lines: list[str]) -> None:
    from threading import Thread

    from django.db import connections

    from huanze.site import morning, serve

    stop = serve.Stop()
    stop.listen()
    # The child must not inherit open database connections.
    connections.close_all()
    web = serve.start_web(host, port)
    try:
        if not serve.wait_until_open(web, host, port):
            raise click.ClickException("网页服务没有启动成功，原因见上面的输出。")
        _welcome(host, port, lines)
        Thread(target=morning.Morning().run, args=(stop,), daemon=True).start()
        while not stop.wait(1):
            if web.poll() is not None:
                raise click.ClickException("网页服务意外结束，原因见上面的输出。请重新启动。")
        click.echo("正在停止……")
    finally:
        stop.set()
        serve.end(web)
    click.echo("已停止。")


def _welcome(host: str, port: int, lines: list[str]) -> None:
    shown = "127.0.0.1" if host in EVERYWHERE else host
    click.echo(f"\n环责已启动：http://{f'[{shown}]' if ':' in shown else shown}:{port}/")
    if host in EVERYWHERE and not os.environ.get("HUANZE_HOSTS"):
        click.echo("要让其他电脑访问，请用环境变量 HUANZE_HOSTS 写明本机的域名或地址，例如 HUANZE_HOSTS=10.1.2.3。")
    for line in lines:
        click.echo(line)
    click.echo("按 Ctrl+C 停止。")
