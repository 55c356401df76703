"""The `huanze` command: what it lists, what it says when called wrongly, and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from huanze.site.cli import COMMANDS, huanze

HUANZE = [sys.executable, "-c", "from huanze.site.cli import main; main()"]


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HUANZE, *args], capture_output=True, text=True, env={**os.environ, **env}, check=False)


def test_help_lists_the_commands_that_are_there():
    done = run("--help")

    assert done.returncode == 0
    for name in ("up", "due", "packs", "audit", "manage"):
        assert f"\n  {name} " in done.stdout
        assert COMMANDS[name] in done.stdout


def test_every_listed_command_opens():
    for name in huanze.list_commands(None):
        command = huanze.get_command(None, name)
        assert command is not None
        assert command.name == name


def test_help_loads_neither_django_nor_a_command():
    code = (
        "import sys\nfrom huanze.site.cli import huanze\n"
        "huanze.main(['--help'], standalone_mode=False)\n"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django' or m.startswith('huanze.site.commands.')]\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nonsense"], "没有这个命令：nonsense"),
        (["up", "--nonsense"], "没有 --nonsense 这个选项"),
        (["up", "--port", "many"], "--port"),
        (["up", "--port", "99999"], "--port"),
        (["up", "extra"], "多余的参数：extra"),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_so_on_standard_error(args, said):
    done = run(*args)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_busy_port_ends_with_1_in_words(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("up", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path))

    assert done.returncode == 1
    assert "端口已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_ends_with_1_in_words(tmp_path: Path):
    done = run("manage", "check", HUANZE_DATABASE_URL="mysql://x/y", HUANZE_DATA=str(tmp_path))

    assert done.returncode == 1
    assert "HUANZE_DATABASE_URL 写法不对" in done.stderr
    assert "Traceback" not in done.stderr
