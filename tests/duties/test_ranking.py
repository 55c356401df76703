"""“Who leads?”: plain words in, departments with their items and the words that matched out (A6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from huanze.duties.ranking import Entry, Index, index_of
from huanze.duties.ranking_stress import asking, stress
from huanze.duties.ranking_words import lexicon
from huanze.rules.packs import loader

pytestmark = pytest.mark.row("A6")
HERE = Path(__file__).parent
LIST = (
    Entry("1", "城市管理局", "城镇餐饮油烟防治", clause="甲-3", co_units=("市场监管部门",)),
    Entry("2", "水务局", "河湖清四乱，河道采砂管理", clause="乙-1"),
    Entry("3", "农业农村局", "农业源头减污，秸秆和畜禽粪污利用", clause="丙-1"),
    Entry("4", "生态环境局", "污染防治监管", clause="丁-2"),
    Entry("5", "商务局", "配合油气回收", relation="assist", clause="戊-1", co_units=("生态环境部门",)),
    Entry("6", "发展和改革局", "塑料污染治理", relation="joint_lead", clause="己-1", co_units=("区生态环境局",)),
)


def entries() -> list[Entry]:
    """The 84 items of the shipped list, and the parts of items in which the relation differs."""
    pack = loader.shipped_pack("jx")
    found = []
    for item in pack.items:
        found.append(Entry(item.clause, item.dept, item.title, pack.clauses[item.clause].gist, item.relation, item.clause, item.co_units))
        found += [Entry(f"{item.clause}+{n}", item.dept, part.what, "", part.relation, item.clause) for n, part in enumerate(item.also)]
    return found


def matters(name: str = "matters_dev.yaml") -> list[dict]:
    return YAML(typ="safe").load(HERE.joinpath(name).read_text(encoding="utf-8"))


def test_plain_matters_reach_the_right_department() -> None:
    index, known = Index.build(entries()), matters()
    first = third = item = 0
    for matter in known:
        ranking = index.rank(matter["text"])
        got = ranking.departments or ("nobody",)
        right = {matter["dept"], *matter["also"]}
        first += got[0] in right
        third += not right.isdisjoint(got[:3])
        item += any(fit.entry.clause == matter["item"] for hit in ranking.hits[:3] for fit in hit.fits)
    covered = sum(matter["item"] is not None for matter in known)
    assert len(known) >= 120
    assert first / len(known) >= 0.96
    assert third / len(known) >= 0.98
    assert item / covered >= 0.95


@pytest.mark.parametrize(
    ("name", "kinds", "first", "third"),
    [
        ("matters_judged.yaml", {"plain"}, 0.98, 1.0),
        ("matters_judged.yaml", {"hard"}, 0.96, 1.0),
        ("matters_everyday.yaml", {1, 2, 3, 4, 5}, 0.98, 0.99),
    ],
)
def test_petitions_by_others_keep_the_level_reached(name: str, kinds: set[object], first: float, third: float) -> None:
    index = Index.build(entries())
    known = [matter for matter in matters(name) if matter["kind"] in kinds]
    led = [matter for matter in known if matter["dept"] != "nobody"]
    got = [(index.rank(m["text"]).departments, {m["dept"], *m["also"]}) for m in led]
    assert sum(not right.isdisjoint(answer[:1]) for answer, right in got) / len(led) >= first
    assert sum(not right.isdisjoint(answer[:3]) for answer, right in got) / len(led) >= third
    assert [m["text"] for m in known if m["dept"] == "nobody" and not index.rank(m["text"]).nobody] == []


def test_a_word_that_only_tells_the_place_does_not_outrank_the_matter() -> None:
    index = Index.build(LIST)
    assert index.rank("烧烤店旁边有人半夜在河道里挖沙").hits[0].department == "水务局"
    assert stress(("养猪场",), "养猪场旁边要建仓库", ()) < stress(("养猪场",), "养猪场太臭", ())


def test_what_is_asked_for_counts_more_and_parts_far_apart_less() -> None:
    asked = asking(["村里养猪", "请管管挖沙"])
    assert stress(("挖沙",), "村里养猪。请管管挖沙", asked) > stress(("养猪",), "村里养猪。请管管挖沙", asked)
    assert stress(("河", "挖沙"), "河里挖沙", ()) == 1.0
    assert stress(("河", "挖沙"), "河" + "远" * 30 + "挖沙", ()) < 1.0


def test_a_word_said_by_the_way_is_no_answer_alone() -> None:
    assert Index.build(entries()).rank("电费单丢了").nobody


@pytest.mark.parametrize(
    ("said", "department", "word"),
    [
        ("楼下烧烤店每天油烟往上飘", "城市管理局", "油烟"),
        ("有人半夜在河道里挖沙", "水务局", "挖沙"),
        ("养猪场的粪水流进小溪", "农业农村局", "养猪场"),
        ("化工厂夜里偷排酸水", "生态环境局", "偷排"),
    ],
)
def test_a_hit_says_which_words_and_which_item_speak_for_it(said: str, department: str, word: str) -> None:
    hit = Index.build(LIST).rank(said).hits[0]
    assert hit.department == department
    assert word in hit.fits[0].words
    assert all(w in said for w in hit.fits[0].words)


def test_who_only_assists_does_not_lead_and_whom_he_assists_does() -> None:
    ranking = Index.build(LIST).rank("加油站油气回收装置坏了，汽油味很大")
    assert ranking.hits[0].department == "生态环境局"
    assert "商务局" not in [h.department for h in ranking.hits]
    assert [h.department for h in ranking.helpers] == ["商务局"]


def test_who_leads_together_is_named_together() -> None:
    ranking = Index.build(LIST).rank("外卖塑料袋太多，白色污染")
    assert {h.department for h in ranking.hits[:2]} == {"发展和改革局", "生态环境局"}


@pytest.mark.parametrize("said", ["", "   ", "？？！！", "身份证丢了怎么补办", "公司拖欠工资三个月", "物业费乱涨价", "今天天气不错", "hello"])
def test_a_matter_outside_every_list_is_nobodys(said: str) -> None:
    assert Index.build(entries()).rank(said).nobody


def test_a_letter_full_of_other_things_is_still_about_its_matter() -> None:
    letter = (
        "尊敬的领导：我叫某某，今年六十八岁，住老街七号，电话略。儿子在外打工，孙女在镇上读书，老伴身体不好常年吃药。"
        "我家前面就是一条沟，小时候还能洗菜，这几年水又黑又臭，夏天蚊子成堆，开不了窗户。打了三次电话，来了一个人，拍了照就走了。"
        "我不图别的，只求有个单位出来说句话。此致敬礼，三月五日。"
    )
    hits = Index.build(entries()).rank(letter).hits
    assert "住房城乡建设" in hits[0].department
    assert hits[0].fits[0].entry.clause == "JX-A/6/5"


def test_official_words_find_their_item_without_the_lexicon() -> None:
    index = Index.build([Entry("a", "甲局", "牵头蓝藻水华应急打捞"), Entry("b", "乙局", "负责通航建筑物岁修计划")])
    assert index.rank("通航建筑物岁修计划谁负责").hits[0].department == "乙局"


def test_full_and_half_width_and_any_length_are_one() -> None:
    index = Index.build(entries())
    assert index.rank("ＥＴＣ出口天天排队").hits[0].department == index.rank("ETC出口天天排队").hits[0].department
    assert index.rank("餐饮油烟" + "。" * 200_000).hits[0].fits[0].entry.clause == "JX-A/6/6"


def test_an_empty_list_leads_nothing() -> None:
    assert Index.build(()).rank("河道采砂").nobody


def test_the_same_entries_are_made_ready_once() -> None:
    assert index_of(LIST) is index_of(list(LIST))
    assert index_of(LIST) is not index_of(LIST[1:])


def test_the_words_name_no_class_that_is_not_there_and_each_field_is_known() -> None:
    known = lexicon()
    assert {topic.field for topic in known.topics} - {"outside"} == set(known.fields)
    assert all(p.parts for topic in known.topics for p in topic.patterns)
