"""The `huanze` command. A sub-command's module is imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import click

COMMANDS = {
    "up": "启动平台：准备数据、网页服务和每日晨间任务",
    "due": "计算期限，可逐日说明",
    "read": "读公文：条款、责任、时限、阈值、事项",
    "packs": "查看、检查规则包",
    "sweep": "执行某一日的每日巡查",
    "simulate": "用真实的业务规则推演一段时间",
    "audit": "导出、核验审计链",
    "manage": "Django 管理命令（迁移、收集静态文件等）",
}


IN_CHINESE = {
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
}


class Formatter(click.HelpFormatter):
    """Writes the few words that click itself says in help pages in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…"), "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(IN_CHINESE.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, self._said(text)) for name, text in rows], col_max, col_spacing)

    @staticmethod
    def _said(text: str) -> str:
        return IN_CHINESE.get(text, text.replace("[default: ", "[默认 ").replace("[required]", "[必填]"))


click.Context.formatter_class = Formatter


class Lazy(click.Group):
    """Lists the commands that are there; opens one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"huanze.site.commands.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(importlib.import_module(f"huanze.site.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huanze", message="环责 %(version)s")
def huanze() -> None:
    """环责：谁负责、何时完成、不办会怎样，件件有依据。"""


def in_words(error: click.ClickException) -> str:
    """What was wrong with the command line, in Chinese."""
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项。"
        case click.MissingParameter():
            return f"缺少{error.param.get_error_hint(error.ctx) if error.param and error.ctx else '参数'}。"
        case click.BadParameter():
            hint = error.param.get_error_hint(error.ctx) if error.param and error.ctx else "参数"
            # What click itself objects to is in English and plain from the help page; what we object to is not.
            return f"{hint} 的值不正确：{error.message}" if _chinese(error.message) else f"{hint} 的值不正确。"
        case click.FileError():
            return f"文件 {error.ui_filename} 打不开：{error.message}"
        case click.UsageError() if error.message.startswith("No such command"):
            return f"没有这个命令：{error.message.split(chr(39))[1]}。"
        case click.UsageError() if "unexpected extra argument" in error.message:
            return f"多余的参数：{error.message.partition('(')[2].rstrip(')') or error.message}。"
        case _:
            return error.message


def _chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 not done, 2 called wrongly."""
    try:
        status = huanze.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.message)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"错误：{in_words(error)}", err=True)
        if isinstance(error, click.UsageError) and error.ctx:
            click.echo(f"用法见：{error.ctx.command_path} --help", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        sys.exit(130)
    except Exception as error:
        if not _known(error):
            raise
        click.echo(f"错误：{error}", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _known(error: Exception) -> bool:
    """A wrong setting is told in words; Django is asked only when it is loaded anyway."""
    core = sys.modules.get("django.core.exceptions")
    return core is not None and isinstance(error, core.ImproperlyConfigured)
