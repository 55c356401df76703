"""What a step accepts fits the column that keeps it: PostgreSQL refuses what is longer, SQLite would keep it in silence."""

import pytest

from huanze.problems.inputs import parse
from huanze.rules.verdicts import Refusal


@pytest.mark.parametrize(
    ("name", "field", "longest"),
    [
        ("approve_plan", "document", 100),
        ("approve_change", "document", 100),
        ("upper_pass", "document", 100),
        ("open_publicity", "phone", 40),
        ("file", "filing_number", 60),
        ("spot_check", "led_by", 60),
        ("spot_check", "letter_number", 60),
        ("leader_supervise", "leader", 60),
    ],
)
def test_text_is_as_long_as_its_column_at_most(name: str, field: str, longest: int):
    def wrong(text: str) -> str:
        answer = parse(name, {field: text})
        return answer.fields.get(field, "") if isinstance(answer, Refusal) else ""

    assert wrong("字" * longest) == ""
    assert wrong("字" * (longest + 1)) == "内容太长"
