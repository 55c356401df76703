"""``huanze audit``: write the chain out, and check it here or where it was written out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.group(help="导出、核验审计链。")
def audit() -> None:
    pass


@audit.command("export", help="把审计链写到 DIR，任何人可以离线核验。")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export_chain(folder: Path) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("导出审计链", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with _platform(), Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        from huanze.audit import services
        from huanze.audit.export import export

        task = bar.add_task("", total=services.marks()[-1].seq)
        try:
            head = export(folder.resolve(), progress=lambda more: bar.advance(task, more))
        except FileExistsError as error:
            raise click.ClickException(f"目录 {folder} 里已有文件，请换一个空目录。") from error
        except OSError as error:
            raise click.ClickException(f"写不进目录 {folder}：{error.strerror}。请检查权限和剩余空间。") from error
    click.echo(f"已导出{head.seq}条审计记录到 {folder}，末端杂凑值 {head.hash}。")


@audit.command("verify", help="核验本平台的审计链；给出 DIR 时核验那里的导出。")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
def verify_chain(folder: Path | None) -> None:
    holds, sentence = _check_export(folder) if folder else _check_database()
    click.echo(sentence, err=not holds)
    if not holds:
        raise SystemExit(1)


def _check_export(folder: Path) -> tuple[bool, str]:
    from huanze.audit.exports.verify import check

    return check(folder)


def _check_database() -> tuple[bool, str]:
    with _platform():
        from huanze.audit.services import Broken, verify

        match verify():
            case Broken(seq, why):
                return False, f"审计链在第{seq}条断开：{why}"
            case held:
                return True, f"审计链完整：共{held.entries}条，末端杂凑值 {held.hash}。"


@contextmanager
def _platform() -> Iterator[None]:
    """The platform's own database, and a sentence when it is not there."""
    from huanze.site.boot import boot

    boot()
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        why = "数据库打不开或尚未初始化，请确认数据目录（HUANZE_DATA）正确，并先运行 huanze up。"
        raise click.ClickException(why) from error
