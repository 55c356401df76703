"""`huanze manage ...` passes everything to Django's own commands."""

from __future__ import annotations

import click


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Django 管理命令，例如 huanze manage migrate。"""
    from huanze.site.boot import boot

    boot()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["huanze manage", *args])
