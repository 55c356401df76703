"""What a person decides about each fact, and that the machine's reading stays beside it."""

from datetime import date

import pytest

from acts import ok, refused
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.policies.models import Fact
from huanze.policies.selectors.documents import accepted, counts_of, differences, facts_of, head_of
from huanze.policies.services import facts
from huanze.policies.shapes import wrong
from huanze.policies.words import words
from huanze.policies.written import joined, parted, read, shown
from policies.papers import fact, kept

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1", "D10")]


@pytest.fixture
def document(cast):
    with clock.at(date(2025, 4, 1)):
        yield kept(cast)


def quarterly(document):
    return next(f for f in document.facts.filter(kind="obligation") if f.clause == "第二条")


def test_a_fact_is_accepted_as_the_machine_read_it(cast, document):
    one = quarterly(document)
    done = ok(facts.accept(fact_id=one.pk, acting_user=cast.clerk))
    assert (done.decision, done.value, done.decided_by) == ("accepted", one.machine, cast.clerk)
    refused(facts.accept(fact_id=one.pk, acting_user=cast.clerk), "wrong_state", "已经采纳")
    assert Entry.objects.filter(action="policies.decide_fact", object_id=str(document.pk)).count() == 1


def test_a_corrected_fact_keeps_what_the_machine_said(cast, document):
    one = quarterly(document)
    machine = dict(one.machine)
    value = {**machine, "obliged": ["区水务局"], "value": {"freq": "quarterly", "min": 1, "day": "20"}}
    done = ok(facts.correct(fact_id=one.pk, value=value, why="财政局只会同", acting_user=cast.clerk))
    assert (done.decision, done.value, done.machine, done.why) == ("corrected", value, machine, "财政局只会同")
    (found,) = differences(document)
    assert {(c.label, c.before, c.after) for c in found.changes} == {("责任单位", "区水务局、区财政局", "区水务局"), ("每期第几日前", "25", "20")}
    assert (found.machine, found.now) == (words("obligation", machine), words("obligation", value))
    back = ok(facts.reopen(fact_id=one.pk, acting_user=cast.clerk))
    assert (back.decision, back.value, back.decided_by) == ("open", machine, None)
    assert differences(document) == []


def test_a_correction_that_says_the_same_is_an_acceptance(cast, document):
    one = quarterly(document)
    done = ok(facts.correct(fact_id=one.pk, value=dict(one.machine), acting_user=cast.clerk))
    assert done.decision == "accepted"


def test_a_dropped_fact_stays_with_its_reason_and_counts_no_more(cast, document):
    one = fact(document, "threshold", value=5)
    refused(facts.drop(fact_id=one.pk, why="  ", acting_user=cast.clerk), "inputs", "剔除的理由")
    ok(facts.drop(fact_id=one.pk, why="是扣分，不是门槛", acting_user=cast.clerk))
    ok(facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk))
    assert one.pk not in {f.pk for f in accepted(document)}
    (found,) = differences(document)
    assert (found.now, found.fact.why, found.machine) == ("", "是扣分，不是门槛", "每次扣分 = 5：被媒体曝光的")
    assert ok(facts.accept(fact_id=one.pk, acting_user=cast.clerk)).decision == "accepted"


def test_the_title_cannot_be_dropped(cast, document):
    title = next(f for f in document.facts.filter(kind="head") if "title" in f.value)
    refused(facts.drop(fact_id=title.pk, why="不是", acting_user=cast.clerk), "wrong_state", "更正")


def test_what_the_machine_missed_is_added_at_its_place(cast, document):
    start = document.text.index("发出提醒函")
    value = {"clause": "第五条", "points": 3, "event": "提醒后仍不整改"}
    made = ok(facts.add(document_id=document.pk, kind="deduction", start=start, end=start + 5, value=value, acting_user=cast.clerk))
    assert (made.machine, made.decision, made.value["snippet"], made.clause) == (None, "added", "发出提醒函", "第五条")
    rows = list(document.facts.order_by("order"))
    assert [f.order for f in rows] == list(range(1, len(rows) + 1))
    assert [f.start for f in rows] == sorted(f.start for f in rows)
    (found,) = differences(document)
    assert (found.machine, found.now) == ("", "扣3分：提醒后仍不整改")
    refused(facts.reopen(fact_id=made.pk, acting_user=cast.clerk), "wrong_state", "人工补充")
    ok(facts.drop(fact_id=made.pk, why="看错了", acting_user=cast.clerk))
    assert ok(facts.reopen(fact_id=made.pk, acting_user=cast.clerk)).decision == "added"


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 5), (9, 3), (0, 10**6)])
def test_a_fact_is_added_only_where_there_is_text(cast, document, start, end):
    value = {"clause": "第五条", "points": 3, "event": "某情形"}
    refused(facts.add(document_id=document.pk, kind="deduction", start=start, end=end, value=value, acting_user=cast.clerk), "inputs", "选取")


def test_all_that_is_sure_is_accepted_in_one_press_and_doubts_stay(cast, document, django_assert_max_num_queries):
    doubted = quarterly(document)
    Fact.objects.filter(pk=doubted.pk).update(doubtful=True)
    before = counts_of(document)
    assert (before.open, before.doubtful, before.sure) == (before.total, 1, before.total - 1)
    with django_assert_max_num_queries(12):
        assert facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk) == before.total - 1
    assert [f.pk for f in facts_of(document, show="open")] == [doubted.pk] == [f.pk for f in facts_of(document, show="doubtful")]
    refused(facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk), "not_ready", "逐项")


def test_the_head_is_settled_at_once_and_the_document_goes_by_it(cast, document):
    head = head_of(document.facts.all())
    assert head == {
        "title": "青禾区河湖考核办法", "doc_number": "青禾政办发〔2024〕12号", "date": "2024-03-05", "issuers": ["青禾区人民政府办公室"],
        "main_recipient": ["各镇人民政府", "区政府各部门"], "disclosure": "公开发布",
    }  # fmt: skip
    new = head | {"title": "青禾区河湖长制考核办法", "disclosure": None}
    ok(facts.settle_head(document_id=document.pk, head=new, acting_user=cast.clerk))
    document.refresh_from_db()
    assert document.title == "青禾区河湖长制考核办法"
    decided = {next(iter(f.value)): f.decision for f in document.facts.filter(kind="head")}
    assert decided == dict.fromkeys(head, "accepted") | {"title": "corrected", "disclosure": "dropped"}
    ok(facts.settle_head(document_id=document.pk, head=new | {"date": "2024-03-06"}, acting_user=cast.clerk))
    document.refresh_from_db()
    assert (document.date, [f.machine for f in document.facts.filter(kind="head") if "title" in f.value]) == (date(2024, 3, 6), [{"title": head["title"]}])


@pytest.mark.parametrize(("key", "value"), [("title", ""), ("date", "2024-02-30"), ("date", "三月五日"), ("disclosure", "保密")])
def test_a_wrong_head_is_refused_by_field(cast, document, key, value):
    head = head_of(document.facts.all()) | {key: value}
    answer = refused(facts.settle_head(document_id=document.pk, head=head, acting_user=cast.clerk), "inputs")
    assert list(answer.fields) == [key]
    assert counts_of(document).decided == 0


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("deduction", {"clause": "第五条", "points": 0, "event": "某情形"}, "points"),
        ("deduction", {"clause": "第五条", "points": "2.5", "event": "某情形"}, "points"),
        ("deduction", {"clause": "第九十条", "points": 2, "event": "某情形"}, "clause"),
        ("deduction", {"clause": "第五条", "points": 2, "event": ""}, "event"),
        ("threshold", {"clause": "第五条", "metric": "累计扣分", "op": "=>", "value": 12, "effect": "约谈"}, "op"),
        ("threshold", {"clause": "第五条", "metric": "累计扣分", "op": ">=", "value": "十二", "effect": "约谈"}, "value"),
        ("responsibility", {"clause": "第五条", "units": [{"role": "带头", "name": "甲局"}]}, "units"),
        ("responsibility", {"clause": "第五条", "units": [{"role": "", "name": "甲局"}]}, "units"),
        ("responsibility", {"clause": "第五条", "units": []}, "units"),
        ("item", {"clause": "第五条", "dept": "甲局", "no": "一", "text": "某事"}, "no"),
        ("item", {"clause": "第五条", "dept": "甲局", "no": 1, "text": "某事", "collaborators": [{"relation": "指挥", "name": "乙局"}]}, "collaborators"),
        ("obligation", {"clause": "第五条", "kind": "deadline", "value": "2025-13-01"}, "on"),
        ("obligation", {"clause": "第五条", "kind": "deadline", "value": None}, "on"),
        ("obligation", {"clause": "第五条", "kind": "fixed_dates", "value": {"freq": "annual", "due": "02-30"}}, "due"),
        ("obligation", {"clause": "第五条", "kind": "recurring", "value": {"min": 1}}, "freq"),
        ("obligation", {"clause": "第五条", "kind": "recurring", "value": {"freq": "monthly", "day": "32"}}, "day"),
        ("obligation", {"clause": "第五条", "kind": "relative_deadline", "value": {"n": 5}}, "unit"),
        ("obligation", {"clause": "第五条", "kind": "publicity_period", "value": {"start": "2025-03-05", "end": "2025-03-01"}}, "until"),
        ("obligation", {"clause": "第五条", "kind": "publicity_period", "value": {}}, "until"),
        ("obligation", {"clause": "第五条", "kind": "随时", "value": "2025-03-01"}, "kind"),
        ("clause", {"id": "第五条", "level": 1, "text": "某条"}, "id"),
    ],
)
def test_a_wrong_value_is_refused_by_field(cast, document, kind, value, field):
    answer = refused(facts.add(document_id=document.pk, kind=kind, start=0, end=5, value=value, acting_user=cast.clerk), "inputs")
    assert list(answer.fields) == [field], answer


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("responsibility", {"clause": "第五条", "units": "牵头：区水务局\n配合：区财政局、区审计局（区内审办、区稽察办）"},
         {"units": [{"role": "牵头", "name": "区水务局"}, {"role": "配合", "name": "区财政局"}, {"role": "配合", "name": "区审计局（区内审办、区稽察办）"}], "open_list": False}),
        ("obligation", {"clause": "第五条", "kind": "fixed_dates", "freq": "annual", "due": "3月10日、9月底"}, {"value": {"freq": "annual", "due": ["03-10", "09-30"]}}),
        ("obligation", {"clause": "第五条", "kind": "annual_report_deadline", "freq": "annual", "due": "4月底前"}, {"value": {"freq": "annual", "due": "04-30"}}),
        ("obligation", {"clause": "第五条", "kind": "relative_deadline", "n": "5", "unit": "workday", "start": "收到申请"}, {"value": {"n": 5, "unit": "workday", "start": "收到申请"}}),
        ("obligation", {"clause": "第五条", "kind": "relative_deadline", "n": "3", "unit": "day", "start": "提前"}, {"value": {"n": 3, "unit": "day", "start": "before"}}),
        ("obligation", {"clause": "第五条", "kind": "recurring", "freq": "monthly", "min": "1", "day": "末日"}, {"value": {"freq": "monthly", "min": 1, "day": "last"}}),
        ("obligation", {"clause": "第五条", "kind": "validity_period", "until": "2029-03-31"}, {"value": "2029-03-31"}),
        ("obligation", {"clause": "第五条", "kind": "validity_period", "from": "2024-04-01", "until": "2029-03-31"}, {"value": {"start": "2024-04-01", "end": "2029-03-31"}}),
        ("obligation", {"clause": "第五条", "kind": "effective_date", "on": "2024-04-01"}, {"value": "2024-04-01"}),
        ("threshold", {"clause": "第五条", "metric": "合格率", "op": "<", "value": "92.5", "effect": "约谈"}, {"value": 92.5}),
    ],
)  # fmt: skip
def test_a_form_is_read_into_the_readers_shape_and_shown_again(kind, given, value):
    made = read(kind, given, {"kind": given.get("kind"), "snippet": "原文"} if kind == "obligation" else {"snippet": "原文"})
    assert {k: made[k] for k in value} == value
    assert made["snippet"] == "原文"
    assert wrong(kind, made) == {}
    again = read(kind, shown(kind, made), made)
    assert {k: again[k] for k in made} == made
    assert read(kind, shown(kind, again), again) == again


def test_every_fact_of_a_reading_goes_through_the_form_unchanged(document):
    for one in document.facts.all():
        assert read(one.kind, shown(one.kind, one.machine), one.machine) == one.machine, one.machine
        assert wrong(one.kind, one.machine, known=one.machine) == {}
        assert words(one.kind, one.machine)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲局（乙局、丙局）、丁局", ["甲局（乙局、丙局）", "丁局"]),
        ("省有关部门、单位；各市", ["省有关部门、单位", "各市"]),
        ("省有关部门、单位；", ["省有关部门、单位"]),
        ("甲局\n乙局", ["甲局", "乙局"]),
        ("甲局，乙局,丙局", ["甲局", "乙局", "丙局"]),
        ("  ", []),
    ],
)
def test_names_are_parted_and_joined_again(text, names):
    assert parted(text) == names
    assert parted(joined(names)) == names
