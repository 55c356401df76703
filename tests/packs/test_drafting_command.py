"""`huanze packs draft` and `huanze packs differ`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from huanze.rules.packs import loader
from huanze.site.commands.packs import packs

INVENTED = Path(__file__).parent / "invented"
FILE = str(INVENTED / "qingyuan.txt")
CORRECTIONS = str(INVENTED / "corrections.yaml")


def draft(*options: str, file: str = FILE) -> Result:
    return CliRunner().invoke(packs, ["draft", file, "--code", "qy", "--level", "county", "--parent", "cn", "--version", "2026-07-01", *options])


def test_the_draft_is_a_pack_and_what_is_left_to_a_person_is_told_apart() -> None:
    result = draft("--corrections", CORRECTIONS)
    assert result.exit_code == 0
    assert loader.load_text(result.stdout).code == "qy"
    assert "请处理：QY-4：没有说牵头部门由谁决定" in result.stderr


def test_cases_are_told_one_by_one_and_counted() -> None:
    result = draft("--corrections", CORRECTIONS, "--cases", str(INVENTED / "cases"))
    assert result.exit_code == 0
    assert "通过  score      扣到十二分，发警示函" in result.stdout
    assert result.stdout.endswith("self_check 2/2；duty 3/3；due 3/3；score 3/3；chain 1/1\n共12条案例，通过12条\n")


def test_without_the_corrections_some_cases_fail_with_their_reason() -> None:
    result = draft("--cases", str(INVENTED / "cases"), "--kind", "score", "--kind", "due")
    assert result.exit_code == 1
    assert "未过  score      扣到十二分，发警示函：缺少或写错了事实：'false_return'" in result.stdout
    assert "due 1/3；score 0/3" in result.stdout
    assert "Traceback" not in result.output


def test_a_case_on_a_duty_the_pack_does_not_have_fails_in_words() -> None:
    result = draft("--cases", "xq", "--kind", "duty")
    assert "引用的条款 XQ-6/2 没有列入 clauses" in result.stdout
    assert result.exit_code == 1


def test_wrong_corrections_and_unreadable_files_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("drop: [duties.nothing]\n", encoding="utf-8")
    (tmp_path / "empty.docx").write_bytes(b"PK")
    wrong, unreadable = draft("--corrections", str(tmp_path / "wrong.yaml")), draft(file=str(tmp_path / "empty.docx"))
    assert (wrong.exit_code, unreadable.exit_code) == (1, 1)
    assert "wrong.yaml:1：duties.nothing：草稿里没有 nothing" in wrong.stderr
    assert "Traceback" not in wrong.output + unreadable.output


def test_a_draft_that_is_not_fit_yet_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("关于开会的通知\n请各单位准时参加。\n", encoding="utf-8")
    result = draft(file=str(tmp_path / "short.txt"))
    assert result.exit_code == 1
    assert result.stdout.startswith("code: qy\n")
    assert "没有读出条款" in result.stderr
    assert "草稿还不能用作规则包" in result.stderr


def test_differ_marks_what_differs_and_names_the_clause() -> None:
    out = CliRunner().invoke(packs, ["differ", "sd", "jx", "hb"]).stdout
    assert "≠ 部门报告：期限\n    sd       每年4月30日以前（SD-7）\n    jx       每年1月10日以前（JX-9）\n    hb       每年1月31日以前（HB-11）\n" in out
    assert "＝ 部门报告：公开\n" in out


def test_differ_of_an_unknown_pack_is_refused_in_words() -> None:
    result = CliRunner().invoke(packs, ["differ", "sd", "nowhere"])
    assert result.exit_code == 1
    assert "没有代码为“nowhere”的规则包" in result.stderr
