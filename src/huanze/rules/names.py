"""Whether two names mean the same unit of a place: 区住房和城乡建设局, 区住建局, 住房城乡建设部门.

A name is read into keys; two names are the same unit when they share one. Names of groups (各镇人民政府,
有关部门) share a key with no single unit, so they are never taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

LEVEL_OF: Mapping[str, str] = {
    "省": "province", "自治区": "province", "市": "city", "州": "city", "盟": "city",
    "县(市、区)": "county", "区": "county", "县": "county", "旗": "county", "镇": "town", "乡": "town", "街道": "town",
}  # fmt: skip
"""The word in front of a unit's name, and the level of the place it speaks of."""

LONGEST = 120
"""A unit's name is shorter; a sentence is not read as one."""

WHOLE = (
    ("人民代表大会常务委员会", "人大"), ("人大常委会", "人大"), ("人民代表大会", "人大"),
    ("政协委员会", "政协"), ("纪律检查委员会", "纪委"), ("监察委员会", "监委"), ("纪委监委", "纪委"),
    ("生态环境保护委员会", "环委会"), ("生态环境委员会", "环委会"), ("环委会办公室", "环委办"),
    ("生态环境保护督察整改", "整改"), ("整改工作领导小组办公室", "整改办"),
    ("管理委员会", "管委会"), ("街道办事处", "街道"),
    ("人民政府", "政府"), ("人民法院", "法院"), ("人民检察院", "检察院"),
    ("住房和城乡建设", "住建"), ("住房城乡建设", "住建"), ("发展和改革", "发改"), ("发展改革", "发改"),
    ("自然资源和规划", "自然资源"), ("工业和信息化", "工信"), ("经济和信息化", "经信"), ("市场监督管理", "市场监管"),
    ("人力资源和社会保障", "人社"), ("人力资源社会保障", "人社"), ("卫生健康", "卫健"), ("文化和旅游", "文旅"), ("交通运输", "交通"),
    ("应急管理", "应急"), ("城市管理", "城管"), ("林业和草原", "林草"), ("科学技术", "科技"), ("教育和体育", "教体"),
    ("行政审批服务", "行政审批"), ("国有资产监督管理", "国资"), ("委员会", "委"),
)  # fmt: skip
"""The long form and the usual short one, longer ones first where one holds the other."""

SECOND_NAME = re.compile(r"(.{2,})\(([^()]{3,})\)")
LEADING = re.compile("(" + "|".join(sorted(map(re.escape, LEVEL_OF), key=len, reverse=True)) + ")级?(.+)")
OWN = re.compile(r"本级|同级|本")
SUFFIX = re.compile(r"(.{2,}?)(局|委|厅|部门|机关)")
MEANS: Mapping[str, tuple[str, ...]] = {"局": ("局",), "委": ("局",), "厅": ("厅",), "部门": ("局", "厅"), "机关": ("局", "厅", "")}
"""What a last word may stand for: a place has a 局 or a 委 for one field, never both; 部门 is either."""


@lru_cache(maxsize=16_384)
def keys(name: str, *, place: str = "", level: str = "") -> frozenset[str]:
    """The keys of a unit's name; names with a key in common mean the same unit.

    The place's own name, and a level word that means the place, are left out.
    """
    made: set[str] = set()
    for word, key in readings(name):
        if not word or fits(word, place=place, level=level):
            made.add(key)
    if place:
        for form in _names(name):
            if place in form:
                made |= _stems(form.replace(place, "", 1))
    return frozenset(made)


@lru_cache(maxsize=16_384)
def readings(name: str) -> frozenset[tuple[str, str]]:
    """Each way to read a name: (level word in front or empty, key of the rest). 市场监管局 is read as itself and as 市+…"""
    made: set[tuple[str, str]] = set()
    for form in _names(name):
        form = form[found.end() :] if (found := OWN.match(form)) else form
        made |= {("", key) for key in _stems(form)}
        if found := LEADING.fullmatch(form):
            made |= {(found[1], key) for key in _stems(found[2])}
    return frozenset(made)


def fits(word: str, *, place: str, level: str) -> bool:
    """Whether a level word speaks of this place: 区 of a county, 市 of a city or of a place whose name ends so."""
    return LEVEL_OF.get(word) == level or (level in {"province", "city", "county"} and place.endswith(word))


def is_own(name: str) -> bool:
    """Whether the name speaks of the place's own level only (同级党委, 本级政府)."""
    return bool(OWN.match(unicodedata.normalize("NFKC", name).strip()))


def parts(name: str) -> list[str]:
    """The single names of a joined one: 区委、区政府 → 区委, 区政府; what stands in brackets is not parted."""
    pieces = re.split(r"(?:[、，,]|以及|和|与|及)(?![^(（]*[)）])", name)
    return [p.strip() for p in pieces if p.strip()]


def _names(name: str) -> Iterator[str]:
    """The name in one writing, without blanks; with a second name in brackets, both. What is too long is no name."""
    if len(name) > LONGEST:
        return
    plain = re.sub(r"[\s“”\"]", "", unicodedata.normalize("NFKC", name)).removeprefix("中共")
    if found := SECOND_NAME.fullmatch(plain):
        yield from found.groups()
    else:
        yield plain


def _stems(text: str) -> set[str]:
    for long, short in WHOLE:
        text = text.replace(long, short)
    if text in {"委", "党委"}:
        return {"党委"}
    text = text.removesuffix("监委") if text.startswith("纪委") else text
    if found := SUFFIX.fullmatch(text):
        return {found[1] + last for last in MEANS[found[2]]}
    return {text} if text else set()
