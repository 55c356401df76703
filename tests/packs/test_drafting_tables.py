"""What the rows of a table of tasks become in a drafted pack."""

from __future__ import annotations

import datetime as dt

from huanze import reader
from huanze.rules.packs import drafting, loader

TEXT = """清禾区治污任务分解表
序号\t工作任务\t责任单位\t完成时限
1\t拆除燃煤锅炉3台\t区工信局\t2026年10月31日前
2\t改造污水管网15公里\t区住建局\t2026年11月30日前
"""


def test_each_deadline_is_called_by_the_task_of_its_row() -> None:
    head, facts = drafting.of_reading(reader.read(TEXT.encode(), "表.txt").to_json())
    made = drafting.draft(head=head, facts=facts, code="qh", level="county", parent=None, version=dt.date(2026, 1, 1), over=None)
    pack = loader.load_text(made.text, None)
    assert {(duty.what, duty.obliged) for duty in pack.duties} == {
        ("拆除燃煤锅炉3台", ("区工信局",)),
        ("改造污水管网15公里", ("区住建局",)),
    }
