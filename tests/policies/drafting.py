"""An invented document of the district, settled, and a fit pack drafted from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cast import Cast
from huanze.base import clock
from huanze.evidence.models import File
from huanze.orgs.models import User
from huanze.policies.models import Fact, PackDraft, PolicyDocument
from huanze.policies.selectors.packs import text_hash
from huanze.policies.services import drafts

DAY = date(2025, 6, 3)
FIT = """\
code: qh
version: 2025-05-20
title: 青禾区巡河规则
level: county
document: {title: 青禾区巡河管理办法, number: 青禾政发〔2025〕6号}
clauses:
  QH-1: {gist: 各单位按季度巡河}
  QH-2: {gist: 水务局汇总}
left_open:
  reply_days: {term: 及时, meaning: 几个工作日内答复算及时, clause: QH-2, unit: workday, default: 5, min: 1, max: 20}
clocks:
  reply: {label: 答复, n: {setting: reply_days}, unit: workday, after: received, clause: QH-2}
duties:
  - key: patrol
    what: 巡河并报送记录
    kind: fixed_dates
    value: {freq: quarterly, due: ["03-25", "06-25", "09-25", "12-25"]}
    obliged: [区水务局]
    report_to: [区整改办]
    clause: QH-1
  - key: summary
    what: 汇总巡河情况
    kind: recurring
    value: {freq: yearly, min: 1}
    obliged: [各河段长]
    clause: QH-2
"""
BROKEN = FIT.replace("    kind: fixed_dates\n", "    kind: whenever\n")
OPEN_BRACKET = FIT.replace("obliged: [区水务局]", "obliged: [区水务局")


def settled(cast: Cast, *, region: Any = None, by: User | None = None) -> PolicyDocument:
    """A document kept in the district, with one clause and one duty accepted and one fact dropped."""
    by, at = by or cast.clerk, datetime(2025, 6, 2, 2, tzinfo=UTC)
    region = region or cast.district
    name = f"{PolicyDocument.objects.count() + 1:08x}"
    file = File.objects.create(sm3=name * 8, name="巡河办法.txt", size=60, media_type="text/plain", uploaded_by=by, uploaded_at=at)
    document = PolicyDocument.objects.create(
        region=region, kept_by=cast.office, file=file, sha256=name * 8, title="青禾区巡河管理办法", number="青禾政发〔2025〕6号", date=date(2025, 5, 20),
        form="txt", text="第一条 各单位按季度巡河。第二条 水务局汇总。", reader="1", stage=PolicyDocument.Stage.ACCEPTED, added_by=by, accepted_by=by,
        accepted_at=at,
    )  # fmt: skip
    for order, (kind, clause, value, decision) in enumerate(
        [
            ("clause", "第一条", {"id": "第一条", "heading": "巡河", "text": "各单位按季度巡河。"}, "accepted"),
            ("responsibility", "第一条", {"units": [{"name": "区水务局", "role": "负责"}]}, "corrected"),
            ("responsibility", "第二条", {"units": [{"name": "区财政局", "role": "负责"}]}, "dropped"),
        ],
        1,
    ):
        Fact.objects.create(document=document, order=order, kind=kind, clause=clause, start=0, end=8, machine=value, value=value, decision=decision)
    return document


def written(cast: Cast, text: str = FIT, *, by: User | None = None, parent: str = "") -> PackDraft:
    """A draft whose text a person has written."""
    with clock.at(DAY):
        made = drafts.make(document=settled(cast), code="qh", parent=parent, acting_user=by or cast.clerk)
        assert isinstance(made, PackDraft), made
        made = drafts.edit(draft=made, text=text, seen=text_hash(made.text), acting_user=by or cast.clerk)
        assert isinstance(made, PackDraft), made
    return made


def submitted(cast: Cast, text: str = FIT, *, by: User | None = None) -> PackDraft:
    with clock.at(DAY):
        made = drafts.submit(draft=written(cast, text, by=by), acting_user=by or cast.clerk)
    assert isinstance(made, PackDraft), made
    return made


def passed(cast: Cast, text: str = FIT) -> PackDraft:
    with clock.at(DAY):
        made = drafts.pass_(draft=submitted(cast, text), opinion="同意", acting_user=cast.office_head)
    assert isinstance(made, PackDraft), made
    return made
