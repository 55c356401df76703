"""`huanze due` answers in words and in JSON, and refuses in Chinese with the right status."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from huanze.site.commands.due import due

pytestmark = pytest.mark.row("J5")


def run(*args):
    return CliRunner().invoke(due, args)


def test_the_date_comes_first_and_the_sentence_after():
    result = run("--from", "2025-04-30", "--days", "10", "--unit", "workday", "--count-first")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "2025-05-16",
        "自2025年4月30日起，当日计入，10个工作日，至2025年5月16日（周五）届满。",
    ]


def test_explain_lists_every_day():
    lines = run("--from", "2025-09-24", "--days", "10", "--explain").stdout.splitlines()
    assert lines[0] == "2025-10-14"
    assert lines[2] == "2025-09-24  －\t起算日，当日不计入"
    assert lines[6] == "2025-09-28  第3\t调休上班"
    assert lines[-1] == "2025-10-14  第10\t工作日"


def test_json_carries_the_date_and_the_steps():
    result = run("--from", "2026-02-09", "--days", "10", "--json", "--explain")
    answer = json.loads(result.stdout)
    assert (answer["due"], answer["provisional"], answer["at"]) == ("2026-02-28", False, None)
    assert answer["steps"][-1] == {"day": "2026-02-28", "counted": 10, "reason": "调休上班"}
    assert "steps" not in json.loads(run("--from", "2026-02-09", "--days", "10", "--json").stdout)


def test_a_span_into_2027_says_so():
    result = run("--from", "2026-12-21", "--days", "10")
    assert result.stdout.startswith("2027-01-04（暂定）\n")
    answer = json.loads(run("--from", "2026-12-21", "--days", "10", "--json").stdout)
    assert (answer["provisional"], answer["missing_years"]) == (True, [2027])


def test_other_units():
    assert run("--from", "2025-09-28", "--days", "3", "--unit", "day").stdout.startswith("2025-10-01\n")
    assert run("--from", "2025-09-28", "--days", "3", "--unit", "day", "--roll").stdout.startswith(
        "2025-10-09\n"
    )
    assert run("--from", "2025-09-30T14:30", "--days", "24", "--unit", "hour").stdout.startswith(
        "2025-10-01 14:30\n"
    )


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--from", "昨天", "--days", "3"], "“昨天”不是日期"),
        (["--from", "2025-02-30", "--days", "3"], "“2025-02-30”不是日期"),
        (["--from", "2025-04-30T99:00", "--days", "3", "--unit", "hour"], "不是日期"),
        (["--from", "2025-04-30", "--days", "三"], "“三”不是整数"),
        (["--from", "2025-04-30", "--days", "9" * 5000], "不是整数"),
        (["--from", "2025-04-30", "--days", "0"], "期限应为1至12500个工作日之间的整数"),
        (["--from", "2025-04-30", "--days", "-1"], "期限应为1至12500个工作日之间的整数"),
        (["--from", "2025-04-30", "--days", "12501"], "期限应为1至12500个工作日之间的整数"),
        (["--from", "2025-04-30", "--days", "3", "--unit", "week"], "“week”无法识别"),
        (["--from", "2025-04-30", "--days", "3", "--unit", "hour"], "须给出起算时刻"),
        (["--from", "1999-12-31", "--days", "3"], "超出可推算的范围"),
        (["--from", "2099-12-31", "--days", "3"], "超出可推算的范围"),
    ],
)
def test_wrong_calls_are_refused_in_words_on_standard_error(args, told):
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert told in result.stderr


def test_it_needs_no_django():
    code = "import sys, huanze.site.commands.due; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
