"""Four invented districts: places, units, posts and people, as many as the bench asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.policies import services as policies
from huanze.policies.models import Adoption

FIRST = date(2021, 1, 1)
DEPARTMENTS = ("住建", "水务", "农业农村", "交通", "自然资源", "经信", "城管", "林业", "卫健", "文旅", "应急", "市监")
TOWN_NAMES = (
    "白鹭", "石桥", "青口", "云台", "南门", "柳湾", "禾丰", "长岗", "双溪", "枫林", "竹园", "马塘",
    "高湖", "东渡", "龙潭", "梅岭", "三里", "古井", "新圩", "大沟", "望江", "桃溪", "清泉", "河口",
)  # fmt: skip
DISTRICTS = (("清源区", "990102", 24), ("安平区", "990103", 8), ("怀远县", "990104", 8), ("临川区", "990105", 8))


@dataclass(frozen=True, slots=True)
class District:
    """Ids of what a problem of the district points at. ``towns``: region id, path, name, organisation id."""

    region: Region
    office: int
    approver: int
    adoption: int
    leader_post: int
    clerk: int
    departments: list[int]
    towns: list[tuple[int, str, str, int]]


def found() -> None:
    """Write the districts; the first has 40 units, the others 24 each."""
    province = Region.add_root(name="安澜省", code="990000", level="province")
    city = province.add_child(name="云泽市", code="990100", level="city")
    version = next(v for v in policies.publish_shipped() if v.code == "xq")
    for number, spec in enumerate(DISTRICTS):
        region = _district(Region.objects.get(pk=city.pk), number, *spec)
        head = User.objects.get(username=f"d{number}-approver")
        Adoption.objects.create(region=region, pack=version, from_day=FIRST, settings={}, decided_by=head, basis="试用")


def _district(city: Region, number: int, name: str, code: str, towns: int) -> Region:
    region: Region = city.add_child(name=name, code=code, level="county")
    unit = Organisation.objects.create
    _person(f"d{number}-clerk", unit(name=f"{name}整改办", short_name="整改办", kind="commission_office", region=region), "liaison")
    _person(f"d{number}-approver", unit(name=f"{name}领导小组", short_name="领导小组", kind="leading_group", region=region), "head")
    _person(f"d{number}-leader", unit(name=f"{name}人民政府", short_name="区政府", kind="government", region=region), "deputy")
    unit(name=f"{name}人大", short_name="人大", kind="congress", region=region)
    for i, field in enumerate(DEPARTMENTS):
        department = unit(name=f"{name}{field}局", short_name=f"{field}局", kind="department", region=region)
        _person(f"d{number}-ju{i}", department, "liaison")
        _person(f"d{number}-ju{i}z", department, "head")
    for i, town_name in enumerate(TOWN_NAMES[:towns]):
        town = Region.objects.get(pk=region.pk).add_child(name=f"{town_name}镇", code=f"{code}{100 + i}", level="town")
        government = unit(name=f"{town_name}镇人民政府", short_name=f"{town_name}镇", kind="town", region=town)
        _person(f"d{number}-zhen{i}", government, "liaison")
        _person(f"d{number}-zhen{i}z", government, "head")
    return region


def _person(username: str, organisation: Organisation, rank: str) -> None:
    user = User.objects.create(username=username, name=username, password="!")  # noqa: S106  (nobody signs in here)
    post = Post.objects.create(organisation=organisation, title="某职", rank=rank)
    Holding.objects.create(user=user, post=post, from_day=FIRST)


def districts() -> list[District]:
    """The districts as they were founded, the large one first."""
    return [_read(n, region) for n, region in enumerate(Region.objects.filter(level="county").order_by("path"))]


def _read(number: int, region: Region) -> District:
    own = Organisation.objects.filter(region=region).order_by("pk")
    towns = Organisation.objects.filter(kind="town", region__path__startswith=region.path).select_related("region").order_by("pk")
    return District(
        region=region,
        office=own.get(kind="commission_office").pk,
        approver=own.get(kind="leading_group").pk,
        adoption=Adoption.objects.get(region=region).pk,
        leader_post=Post.objects.get(organisation__region=region, rank="deputy").pk,
        clerk=User.objects.get(username=f"d{number}-clerk").pk,
        departments=list(own.filter(kind="department").values_list("pk", flat=True)),
        towns=[(o.region_id, o.region.path, o.region.name, o.pk) for o in towns],
    )
