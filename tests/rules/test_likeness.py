"""Texts that say nearly the same thing (A7)."""

from __future__ import annotations

from random import Random

import pytest

from huanze.rules.likeness import Likeness, grams

pytestmark = pytest.mark.row("A7")

NEAR = 0.6
PARALLEL = {
    "矿产": "矿产开发领域环保，督促矿山责任和措施",
    "住建": "住建领域环保，督促责任和措施",
    "水利": "水利建设领域环保，督促责任和措施",
    "林业": "林业开发领域环保，督促责任和措施",
    "油烟": "会同防治城镇餐饮油烟",
    "排水": "指导监督城镇排水许可和污水处理设施",
    "绿矿": "推进绿色矿山建设",
    "河湖": "推进幸福河湖建设",
}


def test_the_opening_verb_and_the_width_of_characters_say_nothing() -> None:
    assert grams("牵头建筑工地扬尘污染防治") == grams("负责建筑工地扬尘污染防治") == grams("与市水务局共同牵头建筑工地扬尘污染防治")
    assert grams("ＰＭ2.5") == grams("pm2.5")
    assert grams("") == frozenset()
    assert grams("牵头") == {"牵头"}


def test_what_every_department_repeats_makes_no_two_alike() -> None:
    assert Likeness(PARALLEL).groups(at_least=NEAR) == []


@pytest.mark.parametrize(("a", "b", "alike"), [
    ("负责建筑工地扬尘污染防治监管", "牵头建筑工地扬尘污染防治", True),
    ("水产养殖污染防治监管", "畜禽养殖污染防治监管", False),
    ("农村生活污水治理", "农村生活垃圾治理", False),
    ("监管危险废物转移", "监管危险废物的转移", True),
])  # fmt: skip
def test_near_identical_and_only_similar(a: str, b: str, alike: bool) -> None:
    found = Likeness({**PARALLEL, "a": a, "b": b}).groups(at_least=NEAR)
    assert found == ([["a", "b"]] if alike else [])


def test_identical_texts_form_one_group_in_the_order_given() -> None:
    texts = dict.fromkeys(range(1000), "监管餐饮油烟")
    likeness = Likeness({**texts, "other": "防治土壤污染"})
    assert likeness.groups(at_least=NEAR) == [list(range(1000))]
    assert likeness.compared == 0


def test_a_text_is_found_in_those_that_hold_it() -> None:
    known = Likeness({"发改": "提出生态保护补偿政策", "财政": "制定支持环保的财政政策", **PARALLEL})
    assert known.holding("生态保护补偿", at_least=0.5) == ["发改"]
    assert known.holding("拟订工业治污政策", at_least=0.5) == []
    assert known.holding("", at_least=0.5) == []


def test_five_thousand_texts_are_not_compared_each_with_every_other() -> None:
    words = ["污水", "垃圾", "扬尘", "噪声", "油烟", "河道", "水库", "森林", "矿山", "港口", "公路", "农药", "秸秆", "畜禽", "锅炉", "车辆", "排口", "湿地", "危废", "土壤", "监测", "执法", "资金", "价格", "规划", "标准", "许可", "治理", "防治", "监管", "整治", "修复", "保护", "建设", "运行", "统筹", "城镇", "农村", "工业", "商业"]
    draw = Random(7)
    likeness = Likeness({n: "".join(draw.sample(words, 6)) for n in range(5000)})
    likeness.groups(at_least=NEAR)
    assert likeness.compared < 30 * 5000


@pytest.mark.parametrize("at_least", [0.3, 0.5, 0.6, 0.8])
def test_the_filters_lose_no_pair_that_comparing_all_would_find(at_least: float) -> None:
    draw = Random(5)
    words = ["污水", "垃圾", "扬尘", "噪声", "油烟", "河道", "水库", "森林"]
    for _ in range(40):
        texts = {n: "".join(draw.choices(words, k=draw.randint(1, 5))) for n in range(20)}
        likeness = Likeness(texts)
        together = {n: {n} for n in texts}
        for a in texts:
            for b in range(a):
                if shares_weight(likeness, texts[a], texts[b]) >= at_least and together[a] is not together[b]:
                    together[a] |= together[b]
                    together |= dict.fromkeys(together[a], together[a])
        expected = {tuple(sorted(group)) for group in together.values() if len(group) > 1}
        assert {tuple(group) for group in likeness.groups(at_least=at_least)} == expected
        for text in texts.values():
            full = {n for n in texts if weight(likeness, grams(text) & grams(texts[n])) >= at_least * weight(likeness, grams(text))}
            assert set(likeness.holding(text, at_least=at_least)) == full


def weight(likeness: Likeness[int], held: frozenset[str]) -> float:
    return likeness._sum(held)


def shares_weight(likeness: Likeness[int], a: str, b: str) -> float:
    return weight(likeness, grams(a) & grams(b)) / weight(likeness, grams(a) | grams(b))
