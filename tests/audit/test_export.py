"""An export can be checked by a stranger: with openssl and sh, and with Python alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from append_only import unguarded
from huanze.audit import export as exporter
from huanze.audit.exports.verify import plain_sm3, sm3
from huanze.audit.models import Entry
from huanze.audit.services import Act, record_many, seal_day
from huanze.site.commands.audit import audit

LENGTH = 23


@pytest.fixture
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export of 23 entries in parts of 10, sealed after the twelfth."""
    monkeypatch.setattr(exporter, "PART", 10)
    acts = [
        Act("problem.note", "problem", n, "zhang", "张三", payload={"n": n, "文": "第一行\n第二行\\“引号”", "长": "长" * 9000})
        for n in range(1, LENGTH + 1)
    ]
    record_many(acts[:12])
    seal_day(date(2026, 3, 2))
    record_many(acts[12:])
    exporter.export(tmp_path / "out")
    return tmp_path / "out"


def by_shell(folder: Path) -> tuple[int, str]:
    done = subprocess.run(["sh", "verify.sh"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def by_python(folder: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def by_command(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(audit, ["verify", str(folder)])
    return done.exit_code, done.output


def all_say(folder: Path, *, status: int, sentence: str) -> None:
    for way in (by_shell, by_python, by_command):
        found, said = way(folder)
        assert (found, re.search(sentence, said) is not None) == (status, True), (way.__name__, found, said)


def edit(path: Path, row: int, old: str, new: str) -> None:
    rows = path.read_text("utf-8").split("\n")
    assert old in rows[row]
    rows[row] = rows[row].replace(old, new)
    path.write_text("\n".join(rows), "utf-8")


@pytest.mark.row("J1")
def test_a_stranger_can_verify_the_export(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == [
        "README.md", "chain-00001.jsonl", "chain-00001.sm3", "chain-00002.jsonl", "chain-00002.sm3",
        "chain-00003.jsonl", "chain-00003.sm3", "heads.txt", "manifest.json", "verify.py", "verify.sh",
    ]
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["entries"], [p["lines"] for p in manifest["parts"]]) == (LENGTH, [10, 10, 3])
    all_say(folder, status=0, sentence=f"共{LENGTH}条，末端杂凑值 {Entry.objects.get(seq=LENGTH).hash}")


@pytest.mark.row("J1")
def test_one_line_is_checked_by_openssl_alone(folder: Path) -> None:
    line = (folder / "chain-00002.jsonl").read_bytes().split(b"\n")[1]
    said = subprocess.run(["openssl", "dgst", "-sm3"], input=line, capture_output=True, check=True).stdout
    assert said.split()[-1].decode() == Entry.objects.get(seq=12).hash


@pytest.mark.row("J1")
@pytest.mark.parametrize("seq", [1, 11, 23])
def test_a_changed_entry_is_named(folder: Path, seq: int) -> None:
    edit(folder / f"chain-{(seq - 1) // 10 + 1:05d}.jsonl", (seq - 1) % 10, "第一行", "第二行")
    all_say(folder, status=1, sentence=f"第{seq}条断开")


@pytest.mark.row("J1")
@pytest.mark.parametrize("seq", [1, 12, 23])
def test_an_entry_changed_with_its_hash_is_named(folder: Path, seq: int) -> None:
    part, row = folder / f"chain-{(seq - 1) // 10 + 1:05d}.jsonl", (seq - 1) % 10
    edit(part, row, "第一行", "第二行")
    new = sm3(part.read_bytes().split(b"\n")[row])
    edit(part.with_suffix(".sm3"), row, Entry.objects.get(seq=seq).hash, new)
    all_say(folder, status=1, sentence=f"第{seq}条断开")


@pytest.mark.row("J1")
def test_a_missing_line_is_named(folder: Path) -> None:
    for kind in ("jsonl", "sm3"):
        part = folder / f"chain-00002.{kind}"
        rows = part.read_text("utf-8").split("\n")
        part.write_text("\n".join(rows[:4] + rows[5:]), "utf-8")
    all_say(folder, status=1, sentence="第15条断开")


@pytest.mark.row("J1")
@pytest.mark.parametrize(("gone", "first"), [("00001", 1), ("00002", 11), ("00003", 21)])
def test_a_missing_part_is_named(folder: Path, gone: str, first: int) -> None:
    (folder / f"chain-{gone}.jsonl").unlink()
    (folder / f"chain-{gone}.sm3").unlink()
    all_say(folder, status=1, sentence=f"第{first}条断开")


@pytest.mark.row("J1")
def test_two_lines_changing_places_name_the_first(folder: Path) -> None:
    for kind in ("jsonl", "sm3"):
        part = folder / f"chain-00001.{kind}"
        rows = part.read_text("utf-8").split("\n")
        rows[3], rows[4] = rows[4], rows[3]
        part.write_text("\n".join(rows), "utf-8")
    all_say(folder, status=1, sentence="第4条断开")


@pytest.mark.row("J1")
def test_a_cut_tail_with_the_head_set_back_is_found_by_the_seal(folder: Path) -> None:
    for name in ("chain-00002", "chain-00003"):
        (folder / f"{name}.jsonl").unlink()
        (folder / f"{name}.sm3").unlink()
    heads = (folder / "heads.txt").read_text("utf-8").split("\n")
    (folder / "heads.txt").write_text(f"{heads[0]}\nhead 10 {Entry.objects.get(seq=10).hash}\n", "utf-8")
    all_say(folder, status=1, sentence="第11条断开")


@pytest.mark.row("J1")
@pytest.mark.parametrize("row", [0, 1])
def test_a_forged_head_is_found(folder: Path, row: int) -> None:
    rows = (folder / "heads.txt").read_text("utf-8").split("\n")
    edit(folder / "heads.txt", row, rows[row].split()[-1], "f" * 64)
    all_say(folder, status=1, sentence=f"第{(12, 23)[row]}条断开")


@pytest.mark.row("J1")
@pytest.mark.django_db
def test_an_empty_chain_is_exported_and_verified(tmp_path: Path) -> None:
    exporter.export(tmp_path / "out")
    all_say(tmp_path / "out", status=0, sentence="共0条")


def test_a_folder_that_is_no_export_is_refused_in_words(tmp_path: Path) -> None:
    found, said = by_command(tmp_path)
    assert found == 1
    assert "heads.txt" in said


@pytest.mark.row("J1")
def test_an_export_never_lands_on_other_files(folder: Path) -> None:
    done = CliRunner().invoke(audit, ["export", str(folder)])
    assert done.exit_code == 1
    assert "已有文件" in done.output


@pytest.mark.row("J1")
def test_a_stopped_export_can_be_run_again(folder: Path, tmp_path: Path) -> None:
    def stop(more: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exporter.export(tmp_path / "again", progress=stop)
    assert not (tmp_path / "again").exists()
    done = CliRunner().invoke(audit, ["export", str(tmp_path / "again")])
    assert (done.exit_code, "已导出23条" in done.output) == (0, True)
    all_say(tmp_path / "again", status=0, sentence="共23条")


@pytest.mark.row("J1")
@pytest.mark.django_db
def test_the_command_names_the_first_broken_entry_of_the_platform() -> None:
    record_many([Act("note", "problem", n, "zhang") for n in range(3)])
    assert CliRunner().invoke(audit, ["verify"]).exit_code == 0
    with unguarded():
        Entry.objects.filter(seq=2).update(actor="wang")
    done = CliRunner().invoke(audit, ["verify"])
    assert (done.exit_code, "第2条" in done.output) == (1, True)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_the_plain_sm3_agrees_with_openssl(data: bytes) -> None:
    assert plain_sm3(data) == sm3(data)


def test_the_plain_sm3_gives_the_example_of_the_standard() -> None:
    """GB/T 32905-2016, annex A: the message "abc"."""
    assert plain_sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.django_db
def test_a_database_without_tables_is_told_in_words() -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_dailyhead RENAME TO elsewhere")
        with transaction.atomic():
            done = CliRunner().invoke(audit, ["verify"])
            transaction.set_rollback(True)
        cursor.execute("ALTER TABLE elsewhere RENAME TO audit_dailyhead")
    assert (done.exit_code, "尚未初始化" in done.output) == (1, True)
