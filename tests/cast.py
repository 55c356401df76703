"""The cast of the tests: an invented district, its units, posts and people, under pack ``xq``.

``def test_…(cast): …`` gives all of it, fresh for each test, written with a handful of bulk inserts:

    cast.district, cast.town, cast.neighbour_town …   regions
    cast.office, cast.housing, cast.town_gov …        organisations
    cast.clerk, cast.town_head, cast.leader …         users
    cast.post_of(cast.leader)                         the post a person holds
    cast.adoption                                     district runs under xq from 2025-01-01

Every holding begins on 2025-01-01 and has no end. Everyone's password is PASSWORD.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.policies.models import Adoption, PackVersion
from huanze.rules.packs import loader

PASSWORD = "Qinghe-2025-ok"
FIRST_DAY = date(2025, 1, 1)

REGIONS = (
    # attribute, path, name, code, level
    ("province", "0001", "云江省", "990000", "province"),
    ("city", "00010001", "清和市", "990100", "city"),
    ("district", "000100010001", "青禾区", "990102", "county"),
    ("town", "0001000100010001", "禾丰镇", "990102100", "town"),
    ("neighbour_town", "0001000100010002", "柳湾镇", "990102101", "town"),
    ("park", "0001000100010003", "青禾园区", "", "park"),
    ("other_district", "000100010002", "白石区", "990103", "county"),
)

ORGANISATIONS = (
    # attribute, full name, short name, kind, region
    ("party_committee", "中共青禾区委员会", "区委", "party_committee", "district"),
    ("government", "青禾区人民政府", "区政府", "government", "district"),
    ("leading_group", "青禾区生态环境保护督察整改工作领导小组", "领导小组", "leading_group", "district"),
    ("office", "青禾区整改工作领导小组办公室", "整改办", "commission_office", "district"),
    ("housing", "青禾区住房和城乡建设局", "住建局", "department", "district"),
    ("farming", "青禾区农业农村局", "农业农村局", "department", "district"),
    ("water", "青禾区水务局", "水务局", "department", "district"),
    ("congress", "青禾区人大常委会", "人大", "congress", "district"),
    ("cppcc", "政协青禾区委员会", "政协", "cppcc", "district"),
    ("discipline", "青禾区纪委监委", "纪委", "discipline", "district"),
    ("supervision", "青禾区委督查室", "督查室", "supervision_office", "district"),
    ("town_gov", "禾丰镇人民政府", "禾丰镇", "town", "town"),
    ("neighbour_gov", "柳湾镇人民政府", "柳湾镇", "town", "neighbour_town"),
    ("park_centre", "青禾园区服务中心", "青禾园区", "park", "park"),
    ("other_office", "白石区整改工作领导小组办公室", "白石区整改办", "commission_office", "other_district"),
)

LEADER_FIELDS = ["住房和城乡建设", "水务", "农业农村"]

PEOPLE = (
    # attribute (also the user name), name, organisation, title, rank, fields of work
    ("clerk", "周敏", "office", "经办人", "liaison", []),
    ("office_head", "吴正", "office", "主任", "head", []),
    ("town_liaison", "郑小禾", "town_gov", "环保联络员", "liaison", []),
    ("town_head", "王立镇", "town_gov", "镇长", "head", []),
    ("lead_liaison", "冯筑", "housing", "整改联络员", "liaison", []),
    ("lead_head", "陈建", "housing", "局长", "head", []),
    ("second_liaison", "褚田", "farming", "整改联络员", "liaison", []),
    ("second_head", "卫农", "farming", "局长", "head", []),
    ("water_liaison", "蒋清", "water", "整改联络员", "liaison", []),
    ("water_head", "沈源", "water", "局长", "head", []),
    ("leader", "韩明", "government", "副区长", "deputy", LEADER_FIELDS),
    ("mayor", "杨正平", "government", "区长", "head", []),
    ("approver", "朱涛", "leading_group", "组长", "head", []),
    ("neighbour_liaison", "秦湾", "neighbour_gov", "环保联络员", "liaison", []),
    ("neighbour_head", "尤柳", "neighbour_gov", "镇长", "head", []),
    ("park_liaison", "许园", "park_centre", "环保联络员", "liaison", []),
    ("park_head", "何青", "park_centre", "主任", "head", []),
    ("congress_leader", "吕代", "congress", "副主任", "deputy", []),
    ("cppcc_leader", "施协", "cppcc", "副主席", "deputy", []),
    ("discipline_officer", "张纪", "discipline", "审查人员", "liaison", []),
    ("supervisor", "孔督", "supervision", "督查员", "liaison", []),
    ("other_clerk", "曹白", "other_office", "经办人", "liaison", []),
)

ADMINISTRATORS = (
    ("system_admin", "严系统", "system"),
    ("security_admin", "华保密", "security"),
    ("audit_admin", "金审计", "audit"),
)


class Cast(SimpleNamespace):
    """Everyone and everything by name; see the module's top."""

    def post_of(self, user: User) -> Post:
        return self.posts[user.username]

    def holding_of(self, user: User) -> Holding:
        return self.holdings[user.username]


@cache
def _xq() -> tuple[str, str, date, str]:
    pack = loader.shipped_pack("xq")
    return loader.to_json(pack), loader.content_hash(pack), pack.version, pack.title


@cache
def _password() -> str:
    return make_password(PASSWORD)


def make_cast() -> Cast:
    """Write the cast into the database of the running test."""
    made = Cast()
    _places(made)
    _people(made)
    content, content_hash, version, title = _xq()
    made.pack_version, _ = PackVersion.objects.get_or_create(
        content_hash=content_hash, defaults={"code": "xq", "version": version, "title": title, "content": content}
    )
    made.adoption = Adoption.objects.create(
        region=made.district, pack=made.pack_version, from_day=FIRST_DAY, settings={}, decided_by=made.approver, basis="青禾整改〔2025〕1号"
    )
    return made


def _places(made: Cast) -> None:
    paths = [path for _, path, *_ in REGIONS]
    below = {path: sum(p.startswith(path) and len(p) == len(path) + 4 for p in paths) for path in paths}
    rows = [
        Region(path=path, depth=len(path) // 4, numchild=below[path], name=name, code=code, level=level)
        for _, path, name, code, level in REGIONS
    ]
    Region.objects.bulk_create(rows)
    for (attribute, *_), row in zip(REGIONS, rows, strict=True):
        setattr(made, attribute, row)
    units = [Organisation(name=n, short_name=s, kind=k, region=getattr(made, r)) for _, n, s, k, r in ORGANISATIONS]
    Organisation.objects.bulk_create(units)
    for (attribute, *_), unit in zip(ORGANISATIONS, units, strict=True):
        setattr(made, attribute, unit)


def _people(made: Cast) -> None:
    users = [
        User(username=attribute, name=name, password=_password(), phone=f"1380000{number:04}", email=f"{attribute}@example.test")
        for number, (attribute, name, *_) in enumerate(PEOPLE, 1)
    ] + [User(username=attribute, name=name, password=_password(), admin_role=role) for attribute, name, role in ADMINISTRATORS]
    User.objects.bulk_create(users)
    for user in users:
        setattr(made, user.username, user)
    posts = [Post(organisation=getattr(made, o), title=t, rank=r, fields=list(f)) for _, _, o, t, r, f in PEOPLE]
    Post.objects.bulk_create(posts)
    made.posts = {attribute: post for (attribute, *_), post in zip(PEOPLE, posts, strict=True)}
    held = [Holding(user=getattr(made, a), post=made.posts[a], from_day=FIRST_DAY) for a, *_ in PEOPLE]
    Holding.objects.bulk_create(held)
    made.holdings = {attribute: holding for (attribute, *_), holding in zip(PEOPLE, held, strict=True)}


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast in the test's own transaction."""
    return make_cast()
