"""登记: by whom, from where, by which way, with which proof (XQ-5, XQ-6)."""

from datetime import date

import pytest

from acts import DAY, WAY_FORMS, assignment, attempt, data, ok, picture, refused, register, take
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.notices.models import Notice
from huanze.policies.models import Adoption, PackVersion
from huanze.policies.selectors import pack
from huanze.problems.models import Participant, Problem, StatusChange
from huanze.problems.services.register import register_problem
from huanze.rules.packs import loader
from huanze.rules.verdicts import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.mark.row("E1", "J1")
def test_the_office_registers_a_problem_and_every_trace_is_left(cast):
    problem = register(cast)
    assert problem.number == "990102-2025-0001"
    assert (problem.state, problem.level, problem.region_path) == ("registered", "county", cast.town.path)
    assert problem.office == cast.office and problem.adoption == cast.adoption
    assert StatusChange.objects.get(problem=problem).name == "register"
    assert Entry.objects.get(action="problem.register").object_id == str(problem.pk)
    assert Participant.objects.get(problem=problem).role == "finder"
    assert {n.recipient for n in Notice.objects.all()} == {cast.office_head}


def test_numbers_run_on_by_office_and_year(cast):
    assert [register(cast).number, register(cast).number] == ["990102-2025-0001", "990102-2025-0002"]
    with clock.at(date(2026, 1, 4)):
        assert register(cast).number == "990102-2026-0001"


@pytest.mark.row("E1")
@pytest.mark.parametrize(
    ("source", "level"),
    [("central_inspection", "national"), ("province_letters", "province"), ("city_film", "city"), ("own_check", "county")],
)
def test_each_source_brings_its_level(cast, source, level):
    assert register(cast, source=source, round="第二轮", batch="第三批", source_document="环督〔2025〕8号").level == level


@pytest.mark.row("E1")
def test_the_whole_source_tree_is_there_as_data(cast):
    groups = [(s.group, s.level) for s in pack(cast.pack_version).sources]
    assert len([g for g in groups if g == ("1", "national")]) == 8
    assert len([g for g in groups if g == ("1", "province")]) == 4
    assert {level for group, level in groups if group == "N"} == {"city", "county"}


@pytest.mark.row("E1")
@pytest.mark.parametrize("who", ["town_liaison", "lead_liaison", "congress_leader"])
def test_other_bodies_register_only_what_the_district_found_itself(cast, who):
    user = getattr(cast, who)
    assert ok(register_problem(acting_user=user, data=data(cast))).level == "county"
    refused(register_problem(acting_user=user, data=data(cast, source="central_inspection")), "wrong_actor", "整改办")


@pytest.mark.row("J6")
@pytest.mark.parametrize("who", ["other_clerk", "system_admin", "security_admin", "audit_admin"])
def test_strangers_and_administrators_register_nothing(cast, who):
    refused(register_problem(acting_user=getattr(cast, who), data=data(cast)), "wrong_actor")
    assert not Problem.objects.exists()


@pytest.mark.row("E2")
@pytest.mark.parametrize("way", ["overseer", "petition", "other"])
def test_each_way_keeps_its_own_form(cast, way):
    assert register(cast, way=way, way_form=WAY_FORMS[way]).way_form.items() >= WAY_FORMS[way].items()


@pytest.mark.row("E2")
@pytest.mark.parametrize(("way", "left_out"), [(w, k) for w, form in WAY_FORMS.items() for k in form])
def test_a_way_without_one_of_its_fields_is_refused_by_name(cast, way, left_out):
    form = {k: v for k, v in WAY_FORMS[way].items() if k != left_out}
    answer = register_problem(acting_user=cast.clerk, data=data(cast, way=way, way_form=form))
    assert refused(answer, "inputs").fields == {f"way_form.{left_out}": "必填"}


@pytest.mark.row("E2")
def test_the_quarterly_film_needs_its_proof(cast):
    given = data(cast, way="film", way_form={"issue": "2025年第1期"})
    answer = refused(register_problem(acting_user=cast.clerk, data=given), "inputs")
    assert list(answer.fields) == ["way_form.film"]
    shot = picture(by=cast.clerk)
    problem = ok(register_problem(acting_user=cast.clerk, data=given, files={"film": [shot]}))
    assert problem.way_form["film"] == ["现场.jpg"]


@pytest.mark.row("E2")
def test_the_six_ways_of_the_document_are_there(cast):
    assert [w.key for w in pack(cast.pack_version).ways] == ["film", "self_check", "leaders", "overseer", "petition", "other"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"title": "短"}, "title"), ({"region": 0}, "region"), ({"source": "nobody"}, "source"), ({"way": "nobody"}, "way"),
        ({"found_on": "2025-04-02"}, "found_on"), ({"found_on": "昨天"}, "found_on"), ({"field": ""}, "field"), ({"lat": 91}, "lat"),
        ({"way_form": {"how": "巡查", "extra": "x"}}, "way_form.extra"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_field_and_nothing_is_kept(cast, over, field):
    answer = register_problem(acting_user=cast.clerk, data=data(cast, **over))
    assert isinstance(answer, Refusal) and field in answer.fields and answer.reason
    assert not Problem.objects.exists() and not Entry.objects.filter(action="problem.register").exists()


def test_found_today_is_in_time(cast):
    assert register(cast, found_on="2025-04-01").found_on == date(2025, 4, 1)


def test_a_place_without_rules_says_so(cast):
    answer = register_problem(acting_user=cast.other_clerk, data=data(cast, region=cast.other_district.pk))
    refused(answer, "no_rule", "规则包")


@pytest.mark.parametrize("code", ["cn", "sd", "jx", "hb", "zb"])
def test_a_pack_without_the_working_procedure_registers_nothing_and_says_what_it_lacks(cast, code):
    shipped = loader.shipped_pack(code)
    version = PackVersion.objects.create(
        code=code, version=shipped.version, title=shipped.title, content=loader.to_json(shipped), content_hash=loader.content_hash(shipped)
    )
    Adoption.objects.create(region=cast.district, pack=version, from_day=DAY, settings={}, decided_by=cast.approver, basis="试用")
    refused(register_problem(acting_user=cast.clerk, data=data(cast)), "no_rule", "组织验收的期限")
    assert not Problem.objects.exists()


@pytest.mark.row("D6", "E2")
@pytest.mark.parametrize(
    ("who", "on", "reported", "counted"),
    [
        ("town_liaison", date(2025, 3, 10), "2025-03-10", "2025Q1"),
        ("town_liaison", date(2025, 3, 11), "2025-03-11", "2025Q2"),
        ("town_liaison", date(2025, 3, 11), "2025-03-10", ""),
        ("clerk", date(2025, 3, 11), "2025-03-10", "2025Q1"),
        ("clerk", date(2025, 12, 11), "2025-12-11", "2026Q1"),
        ("clerk", date(2025, 3, 11), "2025-03-12", ""),
    ],
)
def test_a_self_found_problem_counts_by_the_day_of_its_report_and_units_do_not_date_back(cast, who, on, reported, counted):
    with clock.at(on):
        user = getattr(cast, who)
        paper = ok(evidence.store(stream="自查情况".encode(), name="自查.txt", acting_user=user))
        given = data(cast, way="self_check", found_on="2025-03-05", way_form={"quarter": "一季度", "reported_on": reported})
        answer = register_problem(acting_user=user, data=given, files={"electronic": [paper]})
    if counted:
        assert ok(answer).counted_in == counted
    else:
        assert "way_form.reported_on" in refused(answer, "inputs", "报送日期").fields


@pytest.mark.row("E8")
def test_what_a_town_finds_itself_goes_to_the_office_which_puts_it_on_the_list_or_not(cast):
    """XQ-10/2: on any day of the year, not only with the quarter's return."""
    found = register(cast, by=cast.town_liaison, title="自查发现西沟污水外溢")
    assert (found.state, found.level, found.participants.get().organisation) == ("registered", "county", cast.town_gov)
    told = set(Notice.objects.filter(subject_id=found.pk, kind="register").values_list("recipient__username", flat=True))
    assert told == {"clerk", "office_head"}
    refused(attempt(found, "assign", cast.town_liaison, **assignment(cast)), "wrong_actor", "整改办")
    assert take(found, "assign", cast.clerk, **assignment(cast)).state == "assigned"


@pytest.mark.row("E1", "E2")
def test_what_is_handed_down_is_not_found_and_what_is_found_is_not_handed_down(cast):
    """The six ways of XQ-6 are those of finding a problem oneself; what comes from above brings its document."""
    found = {"way": "other", "way_form": WAY_FORMS["other"]}
    refused(register_problem(acting_user=cast.clerk, data=data(cast, source="central_inspection", **found)), "inputs", "上级交办")
    above = {"way": "handed_down", "way_form": {"document": "环督〔2025〕8号", "received_on": "2025-03-28"}}
    refused(register_problem(acting_user=cast.clerk, data=data(cast, source="own_check", **above)), "inputs", "上级交办")
    problem = register(cast, source="central_inspection", **above)
    assert problem.way_form["document"] == "环督〔2025〕8号"
    bare = data(cast, source="central_inspection", way="handed_down", way_form={})
    answer = refused(register_problem(acting_user=cast.clerk, data=bare), "inputs")
    assert set(answer.fields) == {"way_form.document", "way_form.received_on"}
