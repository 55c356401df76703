"""Publishing packs, adopting them, and loading a calendar year (habits 6 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.orgs.models import Holding, Post, Region, User
from huanze.orgs.selectors import ancestry, posts_of
from huanze.policies.models import Adoption, CalendarYear, PackDraft, PackVersion
from huanze.policies.selectors.drafts import DECIDES, versions_for
from huanze.policies.selectors.packs import known_year, pack, text_hash
from huanze.rules.calendar import FIRST, Calendar, CalendarError, YearCalendar, chinese_date, load_year
from huanze.rules.packs import loader
from huanze.rules.packs.reading import PackError
from huanze.rules.verdicts import Refusal

SYSTEM_ACTOR = ("system", "系统")
FARTHEST = timedelta(days=3653)
TOO_FAR = "施行日最晚定在十年以内"
EARLIEST = FIRST
"""No day is counted before the calendar begins."""
MAX_YEAR_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day of the year that a newly loaded notice makes other than it was: before and after in Chinese."""

    day: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a year would do. ``changes`` is empty when it says what is in force already."""

    year: YearCalendar
    replaces: bool
    changes: tuple[DayChange, ...]

    @property
    def notice(self) -> str:
        return "、".join(map(str, self.year.notices))


@transaction.atomic
def publish_shipped() -> list[PackVersion]:
    """Store each pack of this release, overlays applied, under its content hash. Running it twice adds nothing."""
    versions = []
    for code, shipped in loader.shipped().items():
        version, new = PackVersion.objects.get_or_create(
            content_hash=loader.content_hash(shipped),
            defaults={"code": code, "version": shipped.version, "title": shipped.title, "content": loader.to_json(shipped)},
        )
        if new:
            _record("publish_pack", "packversion", version.pk, None, {"code": code, "hash": version.content_hash})
        versions.append(version)
    return versions


@transaction.atomic
def adopt(
    *, region: Region, pack_version: PackVersion, from_day: date, settings: Mapping[str, Any], basis: str, acting_user: User
) -> Adoption | Refusal:
    """Let a region run under a pack version from a day on. Cases already begun keep the version they have (J7).

    By the head of the place's office, leading group, government or Party committee, or of one above it; not by
    whoever submitted the draft that the version was made from.
    """
    decider = _decider(acting_user, region)
    if decider is None:
        return Refusal("not_allowed", "只有本级或者上级整改办、领导小组、政府、党委的主要负责人可以决定施行哪一版规则")
    if (wrong := _unfit_version(pack_version, region, acting_user)) is not None:
        return wrong
    locked = Region.objects.select_for_update().get(pk=region.pk)
    if from_day > clock.today() + FARTHEST:
        return Refusal("too_far", TOO_FAR, fields={"from_day": TOO_FAR})
    if from_day < EARLIEST:
        text = f"施行日不早于{chinese_date(EARLIEST)}"
        return Refusal("too_early", text, fields={"from_day": text})
    latest = Adoption.objects.filter(region=locked).order_by("-from_day").first()
    if latest and from_day <= latest.from_day:
        text = f"施行日应当晚于上一次的{chinese_date(latest.from_day)}，已经施行的规则不得追溯改变"
        return Refusal("back_dated", text, fields={"from_day": text})
    if not basis.strip():
        return Refusal("invalid", "请填写决定的依据（文件名称和文号）", fields={"basis": "请填写决定的依据"})
    try:
        loader.settings(pack(pack_version), settings)
    except PackError as error:
        return Refusal("bad_settings", "；".join(error.problems), fields={"settings": "；".join(error.problems)})
    made = Adoption.objects.create(
        region=locked, pack=pack_version, from_day=from_day, settings=dict(settings), basis=basis.strip(), decided_by=acting_user
    )
    payload = {"region": locked.name, "pack": pack_version.code, "hash": pack_version.content_hash, "from": from_day, "settings": made.settings}
    _record("adopt_pack", "adoption", made.pk, acting_user, payload, str(decider.post))
    return made


def _unfit_version(version: PackVersion, region: Region, acting_user: User) -> Refusal | None:
    if not versions_for(region).filter(pk=version.pk).exists():
        return Refusal("not_here", "这一版规则是由其他地方的文件拟定的，不能在本地施行")
    if PackDraft.objects.filter(version=version, submitted_by=acting_user).exists():
        return Refusal("same_person", "这一版规则由您送审，施行须由另一位负责人决定")
    return None


def deciding_posts(user: User) -> list[Holding]:
    """The holdings by which a person may decide which rules their place runs under."""
    return [h for h in posts_of(user) if h.post.rank == Post.Rank.HEAD and h.post.organisation.kind in DECIDES]


def _decider(user: User, region: Region) -> Holding | None:
    above = set(ancestry(region))
    return next((h for h in deciding_posts(user) if h.post.organisation.region.path in above), None)


def preview_calendar_year(text: str, origin: str = "上传的文件") -> Preview | Refusal:
    """What loading this text would change, day by day; nothing is written."""
    if len(text.encode("utf-8", "replace")) > MAX_YEAR_BYTES:
        return Refusal("too_large", f"{origin}超过64KB，不是一个年度的节假日安排")
    try:
        new = load_year(text, origin)
    except CalendarError as error:
        return Refusal("bad_year", str(error), fields={"text": str(error)})
    old = known_year(new.year)
    before, after = Calendar({new.year: old} if old else {}), Calendar({new.year: new})
    days = clock.days(date(new.year, 1, 1), date(new.year, 12, 31))
    # What counts is whether a day is worked and what it is called; that the rest is sure now is no change of a day.
    differ = (DayChange(d, _plain(before.why(d)), _plain(after.why(d))) for d in days)
    return Preview(new, old is not None, tuple(c for c in differ if c.before != c.after))


def _plain(why: str) -> str:
    return why.partition("（")[0]


@transaction.atomic
def load_calendar_year(text: str, acting_user: User) -> CalendarYear | Refusal:
    """Put a year's notice in force. ``CalendarYear.loaded_at`` tells the daily sweep to count provisional dates anew."""
    if not acting_user.is_active or acting_user.admin_role != User.AdminRole.SYSTEM:
        return Refusal("not_allowed", "只有系统管理员可以导入节假日安排，请与其联系")
    preview = preview_calendar_year(text)
    if isinstance(preview, Refusal):
        return preview
    if preview.replaces and not preview.changes:
        return Refusal("nothing_new", f"{preview.year.year}年的安排与现行的完全一致，不需要导入")
    row, _ = CalendarYear.objects.update_or_create(
        year=preview.year.year,
        defaults={
            "content": text,
            "content_hash": text_hash(text),
            "notice": preview.notice[:200],
            "loaded_by": acting_user,
            "loaded_at": clock.now(),
        },
    )
    changes = [[c.day, c.before, c.after] for c in preview.changes]
    _record("load_calendar_year", "calendaryear", row.pk, acting_user, {"notice": row.notice, "hash": row.content_hash, "changes": changes})
    return row


def _record(action: str, object_type: str, object_id: int, acting_user: User | None, payload: Mapping[str, Any], hat: str = "") -> None:
    actor, name = (acting_user.username, acting_user.name) if acting_user else SYSTEM_ACTOR
    record(
        action=f"policies.{action}",
        object_type=object_type,
        object_id=object_id,
        actor=actor,
        actor_name=name,
        hat=hat or (acting_user.get_admin_role_display() if acting_user else ""),
        payload=payload,
    )
