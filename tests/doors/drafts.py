"""The addresses of packs made of documents, who is meant, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cast import Cast
from doors import OFFICE, Door, business, of, same
from huanze.evidence.models import File
from huanze.policies.models import Naming, PackDraft, PolicyDocument

READS = OFFICE | {"approver", "leader", "mayor"}
"""The people of the office, the leading group and the government: they see packs in the making."""
OTHERS = {"neighbour_liaison", "neighbour_head", "park_liaison", "park_head", "town_liaison", "town_head"}

DOORS: Mapping[str, Door] = {
    "drafts": business(),
    "draft_new": business(200, "settled_document", other={"other_clerk": 404}),
    "draft": business(200, "pack_draft", may=of(READS)),
    "draft_review": business(200, "pack_draft", may=of(READS)),
    "draft_changes": business(200, "pack_draft", may=of(READS)),
    "namings": business(),
    "naming_new": business(200, "pack_place", other=same(OTHERS | {"other_clerk"}, 404)),
    "naming_withdraw": business(302, "naming", post=True, other=same(OTHERS | {"other_clerk"}, 404)),
    "packs_differ": business(),
    "what_if": business(200, "version"),
}


def made(cast: Cast) -> dict[str, Any]:
    at = datetime(2025, 3, 1, tzinfo=UTC)
    file = File.objects.create(sm3="d" * 64, name="办法.txt", size=1, media_type="text/plain", uploaded_by=cast.clerk, uploaded_at=at)
    document = PolicyDocument.objects.create(
        region=cast.district, kept_by=cast.office, file=file, sha256="d" * 64, title="青禾区巡河管理办法", form="txt", text="第一条", reader="1",
        stage=PolicyDocument.Stage.ACCEPTED, added_by=cast.clerk, accepted_by=cast.clerk, accepted_at=at,
    )  # fmt: skip
    draft = PackDraft.objects.create(document=document, code="qh", machine="code: qh\n", text="code: qh\n", made_by=cast.clerk)
    naming = Naming.objects.create(region=cast.district, name="水利站", organisation=cast.water, decided_by=cast.clerk)
    return {"settled_document": document, "pack_draft": draft, "naming": naming, "pack_place": cast.district}
