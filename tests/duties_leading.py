"""Steps on the way to a lead, as the people of the cast take them, in a district under another document's rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from acts import ok
from cast import PASSWORD, Cast
from huanze.duties.models import Determination
from huanze.duties.services import determining
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.policies.models import Adoption, Naming, PackVersion
from huanze.rules.packs import loader

DAY = date(2025, 4, 1)
"""An ordinary Tuesday. The fifth working day after it is 9 April: 4 April is a holiday."""


def adopt(cast: Cast, code: str, region: Region | None = None, **settings: Any) -> Adoption:
    """Let a place run under a shipped pack from 2025-02-01."""
    pack = loader.shipped_pack(code)
    version, _ = PackVersion.objects.get_or_create(
        content_hash=loader.content_hash(pack),
        defaults={"code": code, "version": pack.version, "title": pack.title, "content": loader.to_json(pack)},
    )
    return Adoption.objects.create(
        region=region or cast.district, pack=version, from_day=date(2025, 2, 1), settings=settings, decided_by=cast.approver, basis="青环〔2025〕2号"
    )


def person(username: str, organisation: Organisation, rank: str = "head") -> User:
    """One more person with a post."""
    user = User.objects.create(username=username, name=username, password=make_password(PASSWORD))
    post = Post.objects.create(organisation=organisation, title="负责人", rank=rank)
    Holding.objects.create(user=user, post=post, from_day=date(2025, 1, 1))
    return user


def means(cast: Cast, name: str, organisation: Organisation, region: Region | None = None) -> Naming:
    return Naming.objects.create(region=region or cast.district, name=name, organisation=organisation, decided_by=cast.office_head)


def jx(cast: Cast, region: Region | None = None) -> Adoption:
    """The 22 measures adopted, by the district itself or above it; there 省委、省政府 mean its own two, each with a head."""
    adoption = adopt(cast, "jx", region)
    means(cast, "省委", cast.party_committee)
    means(cast, "省政府", cast.government)
    cast.secretary = person("secretary", cast.party_committee)
    return adoption


def raised(cast: Cast, matter: str = "房屋外墙保温材料废料的收集处理", **over: Any) -> Determination:
    given = {"organisation": cast.town_gov, "matter": matter, "why": "清单没有列出，各部门都说不归自己。", "acting_user": cast.town_liaison} | over
    return ok(determining.raise_matter(**given))


def consulting(cast: Cast) -> Determination:
    return ok(determining.consult(determination=raised(cast), organisations=[cast.housing, cast.water], acting_user=cast.clerk))


def opinion(cast: Cast) -> Determination:
    """Housing says another should lead, water says housing; the office proposes housing."""
    row = consulting(cast)
    ok(determining.give_view(determination=row, stance="other", proposes=cast.farming, text="与农房改造相连。", acting_user=cast.lead_liaison))
    ok(determining.give_view(determination=row, stance="other", proposes=cast.housing, text="属于建筑垃圾。", acting_user=cast.water_head))
    return ok(determining.form_opinion(determination=row, proposed_lead=cast.housing, opinion="属于建筑垃圾管理的延伸。", acting_user=cast.clerk))
