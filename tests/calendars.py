"""Packs with duties of the test's own, and the calendar they open for the cast."""

from __future__ import annotations

from datetime import date
from typing import Any

from acts import ok
from cast import Cast
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.obligations.services import put_in_force
from huanze.policies.models import Adoption, PackVersion
from huanze.rules.packs import loader
from huanze.rules.packs.schema import Duty

REPORT = {
    "key": "annual_report", "what": "报告上一年度履职情况", "kind": "annual_report", "value": {"freq": "yearly", "due": "01-10"},
    "obliged": ["区住房和城乡建设局", "区农业农村局"], "report_to": ["区委", "区政府"], "copy_to": [{"type": "抄送", "units": ["区整改办"]}],
    "publish": True, "clause": "XQ-2",
}  # fmt: skip
STUDY = {
    "key": "study", "what": "专题研究生态环境保护", "kind": "recurring", "value": {"freq": "quarterly", "min": 1},
    "obliged": ["禾丰镇人民政府"], "clause": "XQ-3",
}  # fmt: skip
ON_SITE = {
    "key": "on_site", "what": "视情到现场督办", "kind": "recurring", "value": {"freq": "irregular"}, "obliged": ["禾丰镇人民政府"], "clause": "XQ-3",
}  # fmt: skip
SET_UP = {
    "key": "set_up", "what": "建立受理处理机制", "kind": "deadline", "value": {"freq": "once"}, "obliged": ["区水务局"], "clause": "XQ-2",
}  # fmt: skip
NOBODY = {
    "key": "nobody", "what": "报送年度计划", "kind": "recurring", "value": {"freq": "yearly", "due": "05-20"}, "obliged": ["重要职责部门"], "clause": "XQ-5",
}  # fmt: skip


def pack_of(*duties: dict[str, Any]) -> PackVersion:
    """The xq pack with these duties in place of its own."""
    shipped = loader.shipped_pack("xq")
    pack = shipped.model_copy(update={"duties": tuple(Duty.model_validate(d) for d in duties)})
    row, _ = PackVersion.objects.get_or_create(
        content_hash=loader.content_hash(pack),
        defaults={"code": "xq", "version": pack.version, "title": pack.title, "content": loader.to_json(pack)},
    )
    return row


def in_force(cast: Cast, *duties: dict[str, Any], on: date, decided: date | None = None) -> Adoption:
    """The district runs under these duties from ``on``, decided that day unless told."""
    with clock.at(decided or on):
        return ok(
            put_in_force(
                region=cast.district, pack_version=pack_of(*duties), from_day=on, settings={}, basis="青禾整改〔2025〕5号", acting_user=cast.approver
            )
        )


def days(**wanted: Any) -> list[tuple[str, str, str]]:
    """Unit, period and due day of the rows, in order of their day."""
    rows = Occurrence.objects.filter(**wanted).order_by("due", "organisation", "pk").select_related("organisation")
    return [(str(row.organisation), row.period, str(row.due or "")) for row in rows]
