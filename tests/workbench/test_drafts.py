"""The screens of packs in the making: the editor, the review, who is meant, what differs, what adopting would change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from acts import reach
from cast import Cast
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.policies import services
from huanze.policies.models import Adoption, Naming, PackDraft
from huanze.policies.selectors.packs import text_hash
from huanze.policies.services import drafts
from huanze.policies.services.naming import name_unit
from huanze.problems.models import Problem
from huanze.rules.lifecycle import State
from huanze.workbench.what_if import what_if
from pages import signed_in
from policies.drafting import BROKEN, DAY, FIT, passed, settled, submitted, written

pytestmark = [pytest.mark.django_db, pytest.mark.row("J7")]
OVER = FIT.replace("code: qh", "code: qh\nparent: xq")
"""The invented rules laid over those in force."""


def over(cast: Cast) -> PackDraft:
    """The pack laid over the one in force, passed."""
    with clock.at(DAY):
        made = drafts.make(document=settled(cast), code="qh", parent="xq", acting_user=cast.clerk)
        made = drafts.edit(draft=made, text=OVER, seen=text_hash(made.text), acting_user=cast.clerk)
        made = drafts.submit(draft=made, acting_user=cast.clerk)
        made = drafts.pass_(draft=made, opinion="同意", acting_user=cast.office_head)
    assert isinstance(made, PackDraft), made
    return made


def as_shown(form: Any) -> dict[str, Any]:
    """What a browser would send of a form as it is shown."""
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in shown.items() if value is not None and value is not False}


# ---- the editor and the review


def test_the_office_drafts_from_a_settled_document(cast: Cast) -> None:
    client, document = signed_in(cast.clerk), settled(cast)
    assert "青禾区巡河管理办法" in client.get(reverse("drafts")).content.decode()
    form = client.get(reverse("draft_new", args=[document.pk])).context["form"]
    assert form.initial["parent"] == "xq", "laid over what is in force, so that nothing of it is lost"
    answer = client.post(reverse("draft_new", args=[document.pk]), {"code": "qh", "parent": ""})
    made = PackDraft.objects.get()
    assert answer.url == reverse("draft", args=[made.pk])
    assert client.post(reverse("draft_new", args=[document.pk]), {"code": "清", "parent": ""}).status_code == 422


def test_broken_text_is_kept_and_its_line_shown(cast: Cast) -> None:
    made, client = written(cast), signed_in(cast.clerk)
    there = reverse("draft", args=[made.pk])
    answer = client.post(there, {"text": BROKEN, "seen": text_hash(FIT), "act": "save"}, follow=True)
    assert 'data-line="16"' in answer.content.decode()
    answer = client.post(there, {"text": BROKEN, "seen": text_hash(BROKEN), "act": "submit"})
    assert answer.status_code == 422
    assert "第16行" in answer.content.decode()
    made.refresh_from_db()
    assert (made.text, made.state) == (BROKEN, "draft")


def test_whoever_comes_second_sees_the_own_words_again(cast: Cast) -> None:
    made = written(cast)
    there, seen = reverse("draft", args=[made.pk]), text_hash(made.text)
    assert signed_in(cast.clerk).post(there, {"text": FIT + "# 甲", "seen": seen}).status_code == 302
    late = signed_in(cast.office_head).post(there, {"text": FIT + "# 乙的改动", "seen": seen})
    assert late.status_code == 409
    assert "# 乙的改动" in late.content.decode()
    assert "另一位同事" in late.content.decode()


def test_saving_and_submitting_is_one_press(cast: Cast) -> None:
    made = written(cast)
    signed_in(cast.clerk).post(reverse("draft", args=[made.pk]), {"text": FIT + "# 终稿\n", "seen": text_hash(FIT), "act": "submit"})
    made.refresh_from_db()
    assert (made.state, made.text) == ("submitted", FIT + "# 终稿\n")


def test_the_second_person_decides_on_the_review_page(cast: Cast) -> None:
    made = submitted(cast)
    there = reverse("draft_review", args=[made.pk])
    assert 'value="pass"' not in signed_in(cast.clerk).get(there).content.decode(), "not whoever submitted it"
    assert signed_in(cast.clerk).post(there, {"act": "pass"}).status_code == 422
    head = signed_in(cast.office_head)
    page = head.get(there).content.decode()
    assert 'value="pass"' in page
    assert "巡河并报送记录" in page
    assert head.post(there, {"act": "return", "opinion": ""}).status_code == 422
    assert head.post(there, {"act": "pass", "opinion": "同意"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reviewed_by) == ("passed", cast.office_head)


def test_the_comparison_with_the_machine_shows_what_people_changed(cast: Cast) -> None:
    page = signed_in(cast.clerk).get(reverse("draft_changes", args=[written(cast).pk])).content.decode()
    assert "<ins>" in page
    assert "巡河并报送记录" in page


# ---- who is meant


def test_what_nobody_answers_to_comes_first_and_is_settled_with_a_press(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    lines = client.get(reverse("namings")).context["lines"]
    asking = [line.used.name for line in lines if line.asks]
    assert [line.used.name for line in lines][: len(asking)] == asking
    assert {"各镇人民政府", "各街道办事处", "区直有关行业主管部门"} <= set(asking)
    answer = client.post(reverse("naming_new", args=[cast.district.pk]), {"name": "各镇人民政府", "kind": "town"})
    assert answer.status_code == 302
    line = next(line for line in client.get(reverse("namings")).context["lines"] if line.used.name == "各镇人民政府")
    assert [unit.short_name for unit in line.units] == ["禾丰镇", "柳湾镇"]
    client.post(reverse("naming_withdraw", args=[Naming.objects.get().pk]))
    assert not Naming.objects.exists()


def test_others_read_who_is_meant_but_do_not_say(cast: Cast) -> None:
    client = signed_in(cast.water_head)
    page = client.get(reverse("namings")).content.decode()
    assert "没有单位对应" in page
    assert "认定为" not in page
    assert client.post(reverse("naming_new", args=[cast.district.pk]), {"name": "各镇人民政府", "kind": "town"}).status_code == 422


def test_a_name_leads_back_only_within_the_site(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    there = reverse("naming_new", args=[cast.district.pk])
    answer = client.post(f"{there}?next=//elsewhere.example/", {"name": "巡河员", "kind": "town"})
    assert answer.url == f"{reverse('namings')}?region={cast.district.pk}"


def test_naming_gives_what_the_office_held_to_the_unit(cast: Cast) -> None:
    made = over(cast)
    with clock.at(DAY):
        head = signed_in(cast.office_head)
        form = as_shown(head.get(reverse("adopt", args=[made.version_id])).context["form"])
        said = form | {"region": cast.district.pk, "from_day": "2025-07-01", "basis": "青禾政发〔2025〕6号"}
        answer = head.post(reverse("adopt", args=[made.version_id]), said)
        assert answer.status_code == 302, answer.context["form"].errors
        held = Occurrence.objects.filter(duty="summary")
        assert {(o.organisation, o.unplaced) for o in held} == {(cast.office, True)}
        signed_in(cast.clerk).post(reverse("naming_new", args=[cast.district.pk]), {"name": "各河段长", "organisation": cast.water.pk})
        assert {o.organisation for o in Occurrence.objects.filter(duty="summary", ended_on=None)} == {cast.water}
    days = Occurrence.objects.filter(duty="patrol", organisation=cast.water).values_list("due", flat=True)
    assert sorted(days)[:2] == [date(2025, 9, 25), date(2025, 12, 25)]


# ---- what would follow


def test_what_adopting_would_change(cast: Cast) -> None:
    made = over(cast)
    assert made.version is not None
    with clock.at(DAY):
        reach(cast, State.RECTIFYING, title="河滩堆放建筑垃圾")
        before = (Adoption.objects.count(), Occurrence.objects.count(), Naming.objects.count(), Problem.objects.count())
        found = what_if(region=cast.district, version=made.version, from_day=date(2025, 7, 1), local={"reply_days": 3})
        after = (Adoption.objects.count(), Occurrence.objects.count(), Naming.objects.count(), Problem.objects.count())
    assert before == after, "nothing is written"
    assert [(row.version, row.count) for row in found.staying] == [(cast.pack_version.title, 1)]
    assert {(c.what, c.kind) for c in found.changed} == {("巡河并报送记录", "comes"), ("汇总巡河情况", "comes")}
    patrol = next(c for c in found.changed if c.what == "巡河并报送记录").after
    assert patrol is not None
    assert (patrol.units, patrol.days) == (("水务局",), (date(2025, 9, 25), date(2025, 12, 25), date(2026, 3, 25), date(2026, 6, 25)))
    assert "各河段长" in [line.used.name for line in found.unanswered]
    term = next(t for t in found.terms if t.term.term == "及时")
    assert (term.value, term.now, term.local) == (3, None, True)
    assert found.lacking == ()


def test_a_pack_that_drops_what_is_in_force_says_so(cast: Cast) -> None:
    made = passed(cast)
    assert made.version is not None
    with clock.at(DAY):
        found = what_if(region=cast.district, version=made.version, from_day=DAY, local={})
    gone = {c.what for c in found.changes if c.kind == "goes"}
    assert "领导小组召开全体会议" in gone
    assert "问题来源" in found.lacking


def test_a_moved_day_and_another_unit_are_told_apart(cast: Cast) -> None:
    first = over(cast)
    with clock.at(DAY):
        services.adopt(
            region=cast.district, pack_version=first.version, from_day=DAY, settings={}, basis="文", acting_user=cast.mayor
        )  # type: ignore[arg-type]
        name_unit(region=cast.district, name="各河段长", organisation=cast.water, acting_user=cast.clerk)
    later = OVER.replace('"03-25"', '"03-20"').replace("obliged: [各河段长]", "obliged: [区农业农村局]").replace("2025-05-20", "2026-05-20")
    with clock.at(date(2025, 6, 10)):
        made = PackDraft.objects.create(document=settled(cast), code="qh", parent="xq", machine=later, text=later, made_by=cast.clerk)
        drafts.submit(draft=made, acting_user=cast.clerk)
        done = drafts.pass_(draft=made, opinion="", acting_user=cast.mayor)
        assert isinstance(done, PackDraft), done
        found = what_if(region=cast.district, version=done.version, from_day=date(2025, 7, 1), local={})  # type: ignore[arg-type]
    assert {c.what: c.kind for c in found.changed} == {"巡河并报送记录": "moves", "汇总巡河情况": "passes"}


def test_the_decision_goes_by_way_of_what_would_follow(cast: Cast) -> None:
    made = over(cast)
    with clock.at(DAY):
        head = signed_in(cast.mayor)
        form = head.get(reverse("adopt", args=[made.version_id])).context["form"]
        said = as_shown(form) | {"region": cast.district.pk, "from_day": "2025-07-01", "basis": "青禾政发〔2025〕6号"}
        page = head.post(reverse("what_if", args=[made.version_id]), said)
        assert page.status_code == 200
        assert not Adoption.objects.filter(pack=made.version).exists()
        again = head.post(reverse("adopt", args=[made.version_id]), dict(page.context["sent"]))
        assert again.status_code == 302
        assert Adoption.objects.get(pack=made.version).decided_by == cast.mayor
        assert head.post(reverse("what_if", args=[made.version_id]), {**said, "from_day": "早"}).status_code == 422


def test_the_submitter_is_told_that_another_must_adopt(cast: Cast) -> None:
    with clock.at(DAY):
        made = drafts.pass_(draft=submitted(cast, by=cast.office_head), opinion="", acting_user=cast.clerk)
        client = signed_in(cast.office_head)
        said = {"region": cast.district.pk, "from_day": "2025-07-01", "basis": "文", "set_reply_days": 5}
        answer = client.post(reverse("adopt", args=[made.version_id]), said)
    assert answer.status_code == 422
    assert "另一位负责人" in answer.content.decode()


# ---- what differs


def test_versions_and_drafts_are_compared_side_by_side(cast: Cast) -> None:
    versions = {v.code: v for v in services.publish_shipped()}
    made = written(cast)
    client = signed_in(cast.clerk)
    page = client.get(reverse("packs_differ"), {"pack": [f"v{versions['sd'].pk}", f"v{versions['jx'].pk}", f"d{made.pk}"]})
    assert [c.label for c in page.context["columns"]] == [versions["jx"].title, versions["sd"].title, "青禾区巡河管理办法"]
    only = client.get(reverse("packs_differ"), {"pack": [f"v{versions['sd'].pk}", f"v{versions['jx'].pk}"], "only": "1"})
    lines = [line for group in only.context["groups"] for line in group.lines]
    assert lines
    assert all(line.row.differs for line in lines)
    assert len(lines) < len(only.context["table"].rows)
    text = only.content.decode()
    assert "1月10日" in text
    assert "4月30日" in text


def test_a_comparison_bears_any_address(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    made = written(cast, BROKEN)
    for pack in (["v0"], ["d999999999999999999999"], ["x", "", "v", "d"], [f"d{made.pk}", f"v{cast.pack_version.pk}"]):
        assert client.get(reverse("packs_differ"), {"pack": pack}).status_code == 200
    assert "还有错误" in client.get(reverse("packs_differ"), {"pack": [f"d{made.pk}", f"v{cast.pack_version.pk}"]}).content.decode()
    assert signed_in(cast.other_clerk).get(reverse("packs_differ"), {"pack": f"d{made.pk}"}).context["columns"] == []


# ---- what it costs


def test_pages_ask_a_bounded_number_of_questions(cast: Cast, django_assert_max_num_queries: Any) -> None:
    services.publish_shipped()
    made = over(cast)
    for _ in range(8):
        PackDraft.objects.create(document=settled(cast), code="qh", machine="", text="", made_by=cast.clerk)
        settled(cast)
    client = signed_in(cast.office_head)
    client.get(reverse("what_if", args=[made.version_id]))  # packs are read once a process
    for name, args, most in (("drafts", [], 12), ("rules", [], 18), ("namings", [], 18), ("what_if", [made.version_id], 36)):
        with django_assert_max_num_queries(most):
            assert client.get(reverse(name, args=args)).status_code == 200
