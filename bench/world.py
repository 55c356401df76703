"""Four invented districts: places, units, posts and people, as many as the bench asks about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.policies import services as policies
from huanze.policies.models import Adoption

FIRST = date(2021, 1, 1)
DEPARTMENTS = ("住建", "水务", "农业农村", "交通", "自然资源", "经信", "城管", "林业", "卫健", "文旅", "应急", "市监")
TOWN_NAMES = "白鹭 石桥 青口 云台 南门 柳湾 禾丰 长岗 双溪 枫林 竹园 马塘 高湖 东渡 龙潭 梅岭 三里 古井 新圩 大沟 望江 桃溪 清泉 河口".split()
DISTRICTS = (("清源区", "990102", 24), ("安平区", "990103", 8), ("怀远县", "990104", 8), ("临川区", "990105", 8))


@dataclass(slots=True)
class District:
    """Ids of what a problem of the district points at."""

    region: Region
    code: str
    office: int = 0
    approver: int = 0
    adoption: int = 0
    leader_post: int = 0
    clerk: int = 0
    departments: list[int] = field(default_factory=list)
    towns: list[tuple[int, str, str, int]] = field(default_factory=list)
    """(region id, path, name, organisation id)"""


def found() -> list[District]:
    """Write the districts; the first has 40 units, the others 24 each."""
    province = Region.add_root(name="安澜省", code="990000", level="province")
    city = province.add_child(name="云泽市", code="990100", level="city")
    version = next(v for v in policies.publish_shipped() if v.code == "xq")
    made = [_district(city, number, *spec) for number, spec in enumerate(DISTRICTS)]
    for d in made:
        decided_by = User.objects.get(username=f"d{made.index(d)}-approver")
        d.adoption = Adoption.objects.create(region=d.region, pack=version, from_day=FIRST, settings={}, decided_by=decided_by, basis="试用").pk
    return made


def _district(city: Region, number: int, name: str, code: str, towns: int) -> District:
    city = Region.objects.get(pk=city.pk)
    region = city.add_child(name=name, code=code, level="county")
    d = District(region, code)
    unit = Organisation.objects.create
    office = unit(name=f"{name}整改办", short_name="整改办", kind="commission_office", region=region)
    group = unit(name=f"{name}领导小组", short_name="领导小组", kind="leading_group", region=region)
    government = unit(name=f"{name}人民政府", short_name="区政府", kind="government", region=region)
    unit(name=f"{name}人大", short_name="人大", kind="congress", region=region)
    d.office, d.approver = office.pk, group.pk
    d.clerk = _person(f"d{number}-clerk", office, "liaison").pk
    _person(f"d{number}-approver", group, "head")
    d.leader_post = _person(f"d{number}-leader", government, "deputy").holdings.get().post_id
    for i, field_ in enumerate(DEPARTMENTS):
        department = unit(name=f"{name}{field_}局", short_name=f"{field_}局", kind="department", region=region)
        d.departments.append(department.pk)
        _person(f"d{number}-ju{i}", department, "liaison")
        _person(f"d{number}-ju{i}z", department, "head")
    for i, town_name in enumerate(TOWN_NAMES[:towns]):
        town = Region.objects.get(pk=region.pk).add_child(name=f"{town_name}镇", code=f"{code}{100 + i}", level="town")
        government = unit(name=f"{town_name}镇人民政府", short_name=f"{town_name}镇", kind="town", region=town)
        d.towns.append((town.pk, town.path, town.name, government.pk))
        _person(f"d{number}-zhen{i}", government, "liaison")
        _person(f"d{number}-zhen{i}z", government, "head")
    return d


def _person(username: str, organisation: Organisation, rank: str) -> User:
    user = User.objects.create(username=username, name=username, password="!")  # noqa: S106  (nobody signs in here)
    post = Post.objects.create(organisation=organisation, title="某职", rank=rank)
    Holding.objects.create(user=user, post=post, from_day=FIRST)
    return user
