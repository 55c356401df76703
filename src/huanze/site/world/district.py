"""The invented district: places, units, posts and people, founded through the real services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from huanze.base import clock
from huanze.obligations.services import put_in_force
from huanze.orgs import services as people
from huanze.orgs import structure
from huanze.orgs.models import Organisation, Post, Region, User
from huanze.policies import services as policies
from huanze.policies.services import naming
from huanze.rules.packs import loader
from huanze.rules.verdicts import Refusal

PASSWORD = "Huanze-demo-2026"  # noqa: S105  (an invented place; the demo's accounts are shown on the first page)
PACK = "xq"

FIELDS = {
    "住房城乡建设": "住建局", "水务": "水务局", "农业农村": "农业农村局", "交通运输": "交通运输局",
    "自然资源": "自然资源局", "工业": "经信局", "市场监管": "市场监管局",
}  # fmt: skip
DEPARTMENTS = {
    "住建局": "住房和城乡建设局", "水务局": "水务局", "农业农村局": "农业农村局", "交通运输局": "交通运输局",
    "自然资源局": "自然资源和规划局", "经信局": "经济和信息化局", "市场监管局": "市场监督管理局",
}  # fmt: skip
TOWNS = ("白鹭镇", "石桥镇", "青口镇", "云台街道", "南门街道")
PARK = "临港园区"
LEADERS = (
    ("副区长", ("住房城乡建设", "交通运输", "自然资源")),
    ("副区长", ("水务", "农业农村")),
    ("副区长", ("工业", "市场监管")),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
GIVEN = ("建国", "敏", "立", "清源", "文博", "晓禾", "志远", "静", "海涛", "雅琴", "向东", "思齐", "明", "春梅", "永康", "一帆")

Made = TypeVar("Made")


class CannotFound(Exception):
    """The district cannot be founded here; the reason is in Chinese."""


def must(made: Made | Refusal) -> Made:
    if isinstance(made, Refusal):
        raise CannotFound(made.reason)
    return made


@dataclass(slots=True)
class District:
    """Handles to what was founded. ``users`` by account name, ``posts`` by account name, ``units`` by short name."""

    region: Region
    office: Organisation
    towns: list[Region] = field(default_factory=list)
    units: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


@dataclass(slots=True)
class _Founder:
    system: User
    security: User
    first: date
    district: District
    count: int = 0

    def unit(self, name: str, short: str, kind: str, region: Region) -> Organisation:
        made = must(structure.create_organisation(name=name, short_name=short, kind=kind, region=region, acting_user=self.system))
        self.district.units[short] = made
        return made

    def person(self, username: str, unit: Organisation, title: str, rank: str, fields: Iterable[str] = ()) -> None:
        name = SURNAMES[self.count % len(SURNAMES)] + GIVEN[self.count % len(GIVEN)]
        self.count += 1
        post = must(structure.create_post(organisation=unit, title=title, rank=rank, fields=list(fields), acting_user=self.system))
        user = must(people.create_account(username=username, name=name, password=PASSWORD, acting_user=self.system))
        must(people.assign_post(user=user, post=post, from_day=self.first, acting_user=self.security))
        self.district.users[username], self.district.posts[username] = user, post


def found(first: date) -> District:
    """Found the district so that it runs under its rule pack from ``first`` on. Needs an empty site."""
    if Region.objects.exists() or User.objects.exclude(admin_role="").exists():
        raise CannotFound("本站已有组织机构或账号，演示数据只能装入空站")
    with clock.at(first):
        named = {
            "system": ("xitong", "系统管理员", PASSWORD),
            "security": ("anquan", "安全管理员", PASSWORD),
            "audit": ("shenji", "安全审计员", PASSWORD),
        }
        admins = {u.admin_role: u for u in must(people.found_administrators(people=named))}
        system, security = admins["system"], admins["security"]
        region = _places(system)
        office = must(
            structure.create_organisation(
                name="清源区整改工作领导小组办公室", short_name="整改办", kind="commission_office", region=region, acting_user=system
            )
        )
        founder = _Founder(system, security, first, District(region, office))
        founder.district.users |= {u.username: u for u in admins.values()}
        _bodies(founder)
        _departments(founder)
        _towns(founder, system)
        _name(founder)
        _adopt(founder)
        User.objects.update(must_change_password=False)
        return founder.district


def _places(system: User) -> Region:
    province = must(structure.create_region(name="安澜省", level="province", code="990000", parent=None, acting_user=system))
    city = must(structure.create_region(name="云泽市", level="city", code="990100", parent=province, acting_user=system))
    return must(structure.create_region(name="清源区", level="county", code="990102", parent=city, acting_user=system))


def _bodies(f: _Founder) -> None:
    region, office = f.district.region, f.district.office
    f.district.units["整改办"] = office
    f.person("zgb", office, "经办人", "liaison")
    f.person("zgb2", office, "经办人", "liaison")
    f.person("zgbzr", office, "主任", "head")
    f.unit("中共清源区委员会", "区委", "party_committee", region)
    f.person("shuji", f.district.units["区委"], "书记", "head")
    government = f.unit("清源区人民政府", "区政府", "government", region)
    f.person("quzhang", government, "区长", "head")
    for number, (title, fields) in enumerate(LEADERS, start=1):
        f.person(f"fuqu{number}", government, title, "deputy", fields)
    group = f.unit("清源区生态环境保护督察整改工作领导小组", "领导小组", "leading_group", region)
    f.person("zuzhang", group, "组长", "head")
    f.person("fuzuzhang", group, "副组长", "deputy")
    for username, name, short, kind in (
        ("renda", "清源区人民代表大会常务委员会", "区人大", "congress"),
        ("zhengxie", "政协清源区委员会", "区政协", "cppcc"),
        ("jiwei", "中共清源区纪律检查委员会", "区纪委监委", "discipline"),
    ):
        f.person(username, f.unit(name, short, kind, region), "副主任" if kind == "congress" else "负责人", "deputy")


def _departments(f: _Founder) -> None:
    for number, (short, name) in enumerate(DEPARTMENTS.items(), start=1):
        unit = f.unit(f"清源区{name}", short, "department", f.district.region)
        f.person(f"ju{number}", unit, "联络员", "liaison")
        f.person(f"ju{number}z", unit, "局长", "head")


def _towns(f: _Founder, system: User) -> None:
    for number, name in enumerate((*TOWNS, PARK), start=1):
        park = name == PARK
        code = "" if park else f"9901020{number:02d}"
        region = must(
            structure.create_region(name=name, level="park" if park else "town", code=code, parent=f.district.region, acting_user=system)
        )
        f.district.towns.append(region)
        full = f"{name}服务中心" if park else f"{name}人民政府" if name.endswith("镇") else f"{name}办事处"
        unit = f.unit(full, name, "park" if park else "town", region)
        f.person(f"zhen{number}", unit, "联络员", "liaison")
        f.person(f"zhen{number}z", unit, "主任" if not name.endswith("镇") else "镇长", "head")


KINDS_NAMED = {
    "各镇人民政府": "town", "各街道办事处": "town", "区直有关行业主管部门": "department", "区直有关单位": "department",
}  # fmt: skip
"""Words of the documents for all units of a kind."""


def _name(f: _Founder) -> None:
    """The office says whom the documents' words mean here, before anything falls due."""
    clerk = f.district.users["zgb"]
    for name, kind in KINDS_NAMED.items():
        must(naming.name_unit(region=f.district.region, name=name, kind=kind, acting_user=clerk))
    own_check = loader.shipped_pack(PACK).self_check
    for name in own_check.by if own_check else ():
        if "园区" in name:
            must(naming.name_unit(region=f.district.region, name=name, organisation=f.district.units[PARK], acting_user=clerk))


def _adopt(f: _Founder) -> None:
    version = next(v for v in policies.publish_shipped() if v.code == PACK)
    head = f.district.users["zgbzr"]
    must(
        put_in_force(
            region=f.district.region, pack_version=version, from_day=f.first, settings={}, basis="清整改〔2025〕1号（演示）", acting_user=head
        )
    )
