"""Lists of items as the people of the cast make them. ``in_force`` takes one from nothing to publication."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from acts import ok
from cast import Cast
from huanze.base import clock
from huanze.duties.models import ListVersion
from huanze.duties.services import chain, lists
from huanze.duties.services.lists import Wording
from huanze.orgs.models import Holding, InnerUnit, Organisation, Post, User
from huanze.policies.models import Adoption, Naming, PackVersion
from huanze.rules.packs import loader

DAY = date(2025, 4, 1)
HEADS = {"housing": "lead_head", "farming": "second_head", "water": "water_head"}


@cache
def _shipped(code: str) -> tuple[str, str, date, str]:
    pack = loader.shipped_pack(code)
    return loader.to_json(pack), loader.content_hash(pack), pack.version, pack.title


def adopt(cast: Cast, code: str, from_day: date = date(2025, 2, 1)) -> Adoption:
    """The district runs under a shipped pack from a day on."""
    content, content_hash, version, title = _shipped(code)
    row, _ = PackVersion.objects.get_or_create(
        content_hash=content_hash, defaults={"code": code, "version": version, "title": title, "content": content}
    )
    return Adoption.objects.create(region=cast.district, pack=row, from_day=from_day, settings={}, decided_by=cast.approver, basis="青禾环〔2025〕2号")


def means(cast: Cast, name: str, unit: Organisation) -> None:
    """What a document's words mean in the district."""
    Naming.objects.create(region=cast.district, name=name, organisation=unit, decided_by=cast.office_head)


def approvers(cast: Cast) -> User:
    """The province's words for who approves, put to the district's bodies; returns the head of the Party committee."""
    means(cast, "省委", cast.party_committee)
    means(cast, "省政府", cast.government)
    return person(cast, "secretary", "秦书记", cast.party_committee, rank="head", title="书记")


def person(cast: Cast, username: str, name: str, unit: Organisation, *, rank: str = "liaison", title: str = "科员", inner: InnerUnit | None = None) -> User:
    """One more person with a post."""
    user = User.objects.create(username=username, name=name, password="!")
    post = Post.objects.create(organisation=unit, title=title, rank=rank, inner_unit=inner)
    Holding.objects.create(user=user, post=post, from_day=date(2025, 1, 1))
    return user


def wording(text: str = "监管城镇污水处理设施运行", **over: Any) -> Wording:
    said: dict[str, Any] = {"text": text, "relation": "lead", "basis": "青禾区部门责任清单", "clause": "第三条"}
    return Wording(**said | over)


def drafted(cast: Cast, unit: str = "housing", *texts: str, **over: Any) -> ListVersion:
    """A draft with these items, each a lead unless told."""
    organisation, user = getattr(cast, unit), getattr(cast, HEADS[unit])
    version = ok(lists.start(organisation=organisation, acting_user=user, from_pack=False))
    for text in texts or ("监管城镇污水处理设施运行",):
        ok(lists.add_item(version=version, wording=wording(text, **over), acting_user=user))
    return version


def signed(version: ListVersion, step: str, user: User, opinion: str = "同意") -> ListVersion:
    return ok(chain.sign(version=version, step=step, opinion=opinion, acting_user=user))


def through(cast: Cast, version: ListVersion, user: User, from_day: date | None = None) -> ListVersion:
    """Signed by its head and published, under rules that set no approval."""
    signed(version, "draft", user)
    return ok(chain.publish(version=version, from_day=from_day or clock.today(), opinion="公开", page_url="https://zj.example.test/list", acting_user=user))


def in_force(cast: Cast, unit: str = "housing", *texts: str, **over: Any) -> ListVersion:
    """A published list of a department, under rules that set no approval."""
    return through(cast, drafted(cast, unit, *texts, **over), getattr(cast, HEADS[unit]))
