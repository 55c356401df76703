"""A pack over its parent may add or tighten, never loosen."""

from __future__ import annotations

import pytest

from huanze.rules.packs import loader
from huanze.rules.packs.reading import PackError
from huanze.rules.packs.schema import Pack

PARENT = {
    "code": "pp",
    "version": "2025-01-01",
    "title": "上位",
    "level": "province",
    "document": {"title": "上位文件"},
    "clauses": {"PP-1": {"gist": "一"}},
    "left_open": {"days": {"term": "及时", "meaning": "几天", "clause": "PP-1", "unit": "day", "default": 5, "min": 1, "max": 10}},
    "lifecycle": {"stages": ["publicity"]},
    "clocks": {
        "reply": {"label": "答复", "n": 10, "unit": "workday", "after": "received", "clause": "PP-1"},
        "shown": {"label": "公示", "n": 10, "unit": "workday", "after": "opened", "bound": "at_least", "clause": "PP-1"},
        "open": {"label": "回访", "n": {"setting": "days"}, "unit": "day", "after": "closed", "clause": "PP-1"},
    },
    "forms": {"plan": {"label": "方案", "fields": [{"key": "a", "label": "甲", "kind": "text"}], "clause": "PP-1"}},
    "duties": [
        {
            "key": "report",
            "what": "报告",
            "kind": "annual_report",
            "value": {"freq": "yearly", "due": "04-30"},
            "obliged": ["各部门"],
            "report_to": ["政府"],
            "publish": True,
            "clause": "PP-1",
        }
    ],
    "deductions": [{"key": "missed", "event": "漏报", "points": 5, "clause": "PP-1"}],
    "thresholds": [{"effect": "letter", "at": 10, "label": "发函", "addressee": "单位", "clause": "PP-1"}],
    "grounds": [{"key": "false", "label": "弄虚作假", "transfer_to": ["纪检"], "clause": "PP-1"}],
    "fixes": ["grounds.*"],
}
CHILD = {"code": "cc", "version": "2025-01-01", "title": "本地", "level": "city", "parent": "pp", "document": {"title": "本地文件"}, "clauses": {"CC-1": {"gist": "一"}}}


def lay(**sections: object) -> Pack:
    return loader.overlay(Pack.model_validate(PARENT), Pack.model_validate({**CHILD, **sections}))


def clock(name: str, **changes: object) -> dict[str, object]:
    return {"clocks": {name: {**PARENT["clocks"][name], **changes}}}


def duty(**changes: object) -> dict[str, object]:
    return {"duties": [{**PARENT["duties"][0], **changes}]}


def test_a_child_with_nothing_of_its_own_has_all_of_its_parent() -> None:
    pack = lay()
    assert pack.code == "cc"
    assert pack.clocks["reply"].n == 10
    assert list(pack.clauses) == ["PP-1", "CC-1"]
    assert pack.fixes == ("grounds.*",)


@pytest.mark.parametrize(
    "sections",
    [
        clock("reply", n=10),
        clock("reply", n=9),
        clock("shown", n=11),
        clock("open", n=3),
        clock("reply", count_first=True),
        duty(value={"freq": "yearly", "due": "01-31"}),
        duty(value={"freq": "half_yearly", "due": ["01-31", "07-31"]}),
        {"deductions": [{"key": "missed", "event": "漏报", "points": 6, "clause": "CC-1"}]},
        {"thresholds": [{"effect": "letter", "at": 8, "label": "发函", "addressee": "单位", "clause": "CC-1"}]},
        {"lifecycle": {"stages": ["self_acceptance"]}},
        {"left_open": {"days": {**PARENT["left_open"]["days"], "max": 9}}},
    ],
)
def test_tightening_is_taken(sections) -> None:
    assert lay(**sections).code == "cc"


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        (clock("reply", n=11), "cc：clocks.reply.n：期限不得放宽。上位规则为 10，本规则写成 11（依据 PP-1）"),
        (clock("reply", n={"setting": "days"}), "clocks.reply.n：期限不得放宽"),
        (clock("reply", unit="month"), "期限的单位不能改变"),
        (clock("shown", count_first=True), "首日计入与否不得使期限放宽"),
        (clock("shown", n=9), "上位规则为 10，本规则写成 9"),
        (duty(value={"freq": "yearly", "due": "05-01"}), "日期只能提前或增加"),
        (duty(publish=False), "应当公开的不能改为不公开"),
        ({"deductions": [{"key": "missed", "event": "漏报", "points": 4, "clause": "CC-1"}]}, "扣分只能增加"),
        ({"thresholds": [{"effect": "letter", "at": 11, "label": "发函", "addressee": "单位", "clause": "CC-1"}]}, "分值线只能降低"),
        ({"left_open": {"days": {**PARENT["left_open"]["days"], "max": 11}}}, "上限只能降低"),
        ({"left_open": {"days": {**PARENT["left_open"]["days"], "min": None}}}, "下限只能提高"),
        ({"forms": {"plan": {"label": "方案", "fields": [{"key": "a", "label": "甲", "kind": "text", "required": False}], "clause": "CC-1"}}}, "必填项不能改为选填"),
        ({"grounds": [{"key": "false", "label": "工作失误", "clause": "CC-1"}]}, "上位规则已固定为 弄虚作假，本规则不得改为 工作失误"),
        ({"grounds": [{"key": "false", "label": "弄虚作假", "transfer_to": ["本单位"], "clause": "PP-1"}]}, "上位规则已固定为 纪检，本规则不得改为 本单位"),
    ],
)
def test_loosening_is_refused_with_path_values_and_clause(sections, told) -> None:
    with pytest.raises(PackError) as e:
        lay(**sections)
    assert told in str(e.value)


def test_lists_are_joined_so_nothing_of_the_parent_is_left_out() -> None:
    pack = lay(
        duties=[
            {**PARENT["duties"][0], "report_to": ["党委"]},
            {"key": "meeting", "what": "开会", "kind": "recurring", "value": {"freq": "quarterly"}, "obliged": ["政府"], "clause": "CC-1"},
        ],
        lifecycle={"stages": ["self_acceptance"]},
    )
    assert [d.key for d in pack.duties] == ["report", "meeting"]
    assert pack.duties[0].report_to == ("政府", "党委")
    assert set(pack.lifecycle.stages) == {"publicity", "self_acceptance"}


def test_what_is_not_fixed_may_be_replaced() -> None:
    pack = lay(thresholds=[{"effect": "letter", "at": 10, "label": "发警示函", "addressee": "单位", "clause": "CC-1"}])
    assert pack.thresholds[0].label == "发警示函"


def test_generic_names_give_way_to_those_of_the_place() -> None:
    parent = Pack.model_validate({**PARENT, "generic": ["duties.report.report_to"]})
    pack = loader.overlay(parent, Pack.model_validate({**CHILD, **duty(report_to=["市委", "市政府"], obliged=["市直部门"])}))
    (report,) = pack.duties
    assert report.report_to == ("市委", "市政府")
    assert report.obliged == ("各部门", "市直部门")
    assert pack.generic == ()


def test_generic_names_stay_generic_until_some_pack_says_whose_they_are() -> None:
    parent = Pack.model_validate({**PARENT, "generic": ["duties.report.report_to"]})
    between = loader.overlay(parent, Pack.model_validate(CHILD))
    assert between.generic == ("duties.report.report_to",)
    pack = loader.overlay(between, Pack.model_validate({**CHILD, **duty(report_to=["区委"])}))
    assert (pack.duties[0].report_to, pack.generic) == (("区委",), ())


def test_a_regular_meeting_may_be_held_oftener_not_more_rarely() -> None:
    parent = Pack.model_validate({**PARENT, **duty(value={"freq": "regular", "every": 6})})
    (oftener,) = loader.overlay(parent, Pack.model_validate({**CHILD, **duty(value={"freq": "regular", "every": 3})})).duties
    assert oftener.value.every == 3
    with pytest.raises(PackError, match="间隔只能缩短"):
        loader.overlay(parent, Pack.model_validate({**CHILD, **duty(value={"freq": "regular", "every": 7})}))
