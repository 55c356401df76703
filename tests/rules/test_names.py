"""Two names, one unit: when words of a document and the name of a unit are the same, and when they are not."""

from __future__ import annotations

import pytest

from huanze.rules.names import is_own, keys, parts

SAME = [
    ("省发展改革委（省能源局）", "云江省发展和改革委员会", "云江省", "province"),
    ("省发改委", "省发展和改革委员会", "云江省", "province"),
    ("省能源局", "省发展改革委（省能源局）", "云江省", "province"),
    ("区住建局", "青禾区住房和城乡建设局", "青禾区", "county"),
    ("住房城乡建设局", "青禾区住房和城乡建设局", "青禾区", "county"),
    ("住房城乡建设部门", "区住建局", "青禾区", "county"),
    ("区政府", "青禾区人民政府", "青禾区", "county"),
    ("区委", "中共青禾区委员会", "青禾区", "county"),
    ("同级党委", "中共青禾区委员会", "青禾区", "county"),
    ("区纪委监委", "中共青禾区纪律检查委员会", "青禾区", "county"),
    ("区人大常委会", "青禾区人大", "青禾区", "county"),
    ("区政协", "政协青禾区委员会", "青禾区", "county"),
    ("区整改工作领导小组", "青禾区生态环境保护督察整改工作领导小组", "青禾区", "county"),
    ("整改办", "青禾区整改工作领导小组办公室", "青禾区", "county"),
    ("市场监管局", "青禾区市场监督管理局", "青禾区", "county"),
    ("省生态环境厅", "生态环境部门", "云江省", "province"),
    ("南门街道办事处", "南门街道", "", ""),
    ("省自然资源厅", "省 自 然 资 源 厅", "云江省", "province"),
]
OTHER = [
    ("市住建局", "青禾区住房和城乡建设局", "青禾区", "county"),
    ("省生态环境厅", "青禾区生态环境局", "青禾区", "county"),
    ("水利局", "青禾区水务局", "青禾区", "county"),
    ("区委", "青禾区人民政府", "青禾区", "county"),
    ("各镇人民政府", "禾丰镇人民政府", "禾丰镇", "town"),
    ("区委督查室", "中共青禾区委员会", "青禾区", "county"),
    ("生态环境部", "青禾区生态环境局", "青禾区", "county"),
    ("区整改工作领导小组", "青禾区整改工作领导小组办公室", "青禾区", "county"),
    ("有关部门", "青禾区水务局", "青禾区", "county"),
]


def same_unit(a: str, b: str, *, place: str = "", level: str = "") -> bool:
    return not keys(a, place=place, level=level).isdisjoint(keys(b, place=place, level=level))


@pytest.mark.parametrize(("a", "b", "place", "level"), SAME)
def test_the_same_unit(a: str, b: str, place: str, level: str) -> None:
    assert same_unit(a, b, place=place, level=level)
    assert same_unit(b, a, place=place, level=level)


@pytest.mark.parametrize(("a", "b", "place", "level"), OTHER)
def test_another_unit(a: str, b: str, place: str, level: str) -> None:
    assert not same_unit(a, b, place=place, level=level)


def test_joined_names_are_parted_outside_brackets() -> None:
    assert parts("区委、区政府") == ["区委", "区政府"]
    assert parts("各市、县（市、区）政府") == ["各市", "县（市、区）政府"]
    assert parts("水务局") == ["水务局"]


def test_words_for_the_own_level() -> None:
    assert is_own("同级党委")
    assert is_own("本级人民政府")
    assert not is_own("市委")


def test_what_is_too_long_is_no_name() -> None:
    assert not same_unit("局" * 121, "局" * 121)
    assert same_unit("局" * 120, "局" * 120)
