"""What the loader refuses, with file and line and in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from huanze.rules.packs import checking, loader
from huanze.rules.packs.reading import PackError

GOOD = """\
code: aa
version: 2025-01-01
title: 测试规则
level: county
document: {title: 测试文件}
clauses:
  AA-1: {gist: 第一条}
  AA-2: {gist: 第二条}
left_open:
  near: {term: 临近, meaning: 多少天算临近, clause: AA-1, unit: day, default: 30, min: 1, max: 90}
clocks:
  reply: {label: 答复, n: 10, unit: workday, after: received, clause: AA-1}
thresholds:
  - {effect: letter, at: 10, below: 20, label: 发函, addressee: 单位, clause: AA-2}
  - {effect: talk, at: 20, label: 约谈, addressee: 单位, clause: AA-2}
ladder:
  - step: prompt
    label: 提示
    when: {fact: days_to_deadline, op: "<=", value: {setting: near}}
    addressee: [单位]
    issued_by: [办公室]
    clause: AA-2
"""


def write(folder: Path, text: str = GOOD, **files: str) -> Path:
    place = folder / "aa"
    place.mkdir(exist_ok=True)
    (place / "pack.yaml").write_text(text, encoding="utf-8")
    for name, more in files.items():
        (place / f"{name}.yaml").write_text(more, encoding="utf-8")
    return place


def refusal(folder: Path, text: str, **files: str) -> str:
    with pytest.raises(PackError) as e:
        loader.load_folder(write(folder, text, **files))
    return str(e.value)


def test_a_fit_pack_is_read_and_found_fit(tmp_path: Path) -> None:
    assert checking.check(loader.load_folder(write(tmp_path))) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: county", "level: county\ncolour: red", "aa/pack.yaml:5：colour：不认识这一项"),
        ("level: county", "level: village", "aa/pack.yaml:4：level：“village”不在可选值之内"),
        ("n: 10, unit", "n: ten, unit", "aa/pack.yaml:12：clocks.reply.n"),
        (", after: received, clause: AA-1", ", after: received", "clocks.reply.clause：缺少这一项"),
        ("clause: AA-2}\n  - {effect: talk", "clause: 第二条}\n  - {effect: talk", "条款编号“第二条”应形如"),
        ("title: 测试规则", "title: 测试规则\ntitle: 又一个", "aa/pack.yaml:4：同一个键写了两次"),
        ("title: 测试规则", "title: [测试", "YAML 写法有误"),
        ("days_to_deadline", "phase_of_moon", "aa/pack.yaml:19：ladder.0.when：条件引用了不认识的事实“phase_of_moon”"),
        ("code: aa", "code: bb", "应与文件夹同名"),
        ("gist: 第一条", f"gist: {'长' * 121}", "超过 120 字"),
    ],
)
def test_a_slip_is_refused_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refusal(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("after: received, clause: AA-1", "after: received, clause: AA-9", "引用的条款 AA-9 没有列入 clauses"),
        ("{setting: near}", "{setting: nearer}", "引用的本地设定 nearer 没有列入 left_open"),
        ("below: 20", "below: 15", "两档之间有空档"),
        ("below: 20", "below: 25", "两档之间有重叠"),
        ("effect: talk, at: 20", "effect: letter, at: 20", "letter 写了两次"),
        ("default: 30", "default: 120", "120 大于上限 90"),
        ("at: 20, label", "at: 20, below: 30, label", "最高一档不应有上限"),
    ],
)
def test_what_the_schema_cannot_see_is_found(tmp_path: Path, old: str, new: str, told: str) -> None:
    found = checking.check(loader.load_folder(write(tmp_path, GOOD.replace(old, new, 1))))
    assert any(told in f for f in found), found


def test_a_step_that_does_not_exist_is_found(tmp_path: Path) -> None:
    pack = loader.load_folder(write(tmp_path, GOOD + "lifecycle: {clauses: {levitate: AA-1}}\n"))
    assert "aa：lifecycle.clauses.levitate：没有这一步，请对照 rules/lifecycle.py" in checking.check(pack)


def test_sections_of_several_files_are_joined(tmp_path: Path) -> None:
    pack = loader.load_folder(write(tmp_path, more="clauses:\n  AA-3: {gist: 第三条}\n"))
    assert list(pack.clauses) == ["AA-1", "AA-2", "AA-3"]


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    assert "“clauses”中的 AA-1 在另一个文件里已经写过" in refusal(tmp_path, GOOD, more="clauses:\n  AA-1: {gist: 又一条}\n")
    assert "“title”在另一个文件里已经写过" in refusal(tmp_path, GOOD, more="title: 又一个\n")


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="没有 pack.yaml"):
        loader.load_folder(tmp_path)


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(PackError, match="没有代码为“nowhere”的规则包"):
        loader.shipped_pack("nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "", "- 1", "a: [1", "a: 1\na: 2", "&a [*a]", "<<: 3", "version: 2023-13-45", "a: \x07", "[" * 5_000, "\ud800: 1", "a: !!float x",
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)),
        "ladder: [{step: prompt, when: {fact: state, op: in, value: {}}}]",
    ],
)  # fmt: skip
def test_a_pack_as_one_text_is_read_or_refused_in_words(text: str) -> None:
    with pytest.raises(PackError) as refused:
        loader.load_text(text)
    assert all(problem.startswith("规则包") for problem in refused.value.problems)


def test_a_pack_as_one_text_is_the_pack_of_its_folder() -> None:
    files = sorted((loader.FOLDER / "xq").glob("*.yaml"), key=lambda p: p.name != "pack.yaml")
    made = loader.load_text("\n".join(p.read_text(encoding="utf-8") for p in files))
    assert loader.content_hash(made) == loader.content_hash(loader.shipped_pack("xq"))
