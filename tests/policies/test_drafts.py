"""A pack in the making: written by one person of the office, passed by another, adopted by a head, nothing lost."""

from __future__ import annotations

from datetime import date

import pytest

from acts import refused
from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.policies import selectors, services
from huanze.policies.models import Adoption, PackDraft, PackVersion, PolicyDocument
from huanze.policies.selectors.drafts import (
    checked,
    parents,
    versions_for,
    visible_drafts,
    visible_versions,
)
from huanze.policies.selectors.packs import text_hash
from huanze.policies.services import drafts
from policies.drafting import BROKEN, DAY, FIT, OPEN_BRACKET, passed, settled, submitted, written

pytestmark = [pytest.mark.django_db, pytest.mark.row("J7")]


def test_a_draft_is_made_from_what_was_accepted(cast: Cast) -> None:
    with clock.at(DAY):
        made = drafts.make(document=settled(cast), code="qh", parent="cn", acting_user=cast.clerk)
    assert isinstance(made, PackDraft)
    assert (made.state, made.made_by, made.text) == ("draft", cast.clerk, made.machine)
    assert "code: qh" in made.text
    assert "parent: cn" in made.text
    assert "区财政局" not in made.text, "what was dropped is not drafted"
    assert Entry.objects.latest("seq").action == "policies.make_draft"


@pytest.mark.parametrize("who", ["town_head", "water_head", "leader", "approver", "other_clerk", "system_admin"])
def test_only_the_office_drafts(cast: Cast, who: str) -> None:
    refused(drafts.make(document=settled(cast), code="qh", parent="", acting_user=getattr(cast, who)), "not_allowed")
    made = written(cast)
    refused(drafts.edit(draft=made, text="", seen=text_hash(made.text), acting_user=getattr(cast, who)), "not_allowed")
    refused(drafts.submit(draft=made, acting_user=getattr(cast, who)), "not_allowed")


def test_a_document_not_settled_gives_no_draft(cast: Cast) -> None:
    document = settled(cast)
    PolicyDocument.objects.filter(pk=document.pk).update(stage="reviewing")
    document.refresh_from_db()
    refused(drafts.make(document=document, code="qh", parent="", acting_user=cast.clerk), "not_ready")


@pytest.mark.parametrize(("code", "parent", "field"), [("Q", "", "code"), ("青禾", "", "code"), ("qh", "zz", "parent"), ("qh", "qh", "parent")])
def test_code_and_parent_are_checked(cast: Cast, code: str, parent: str, field: str) -> None:
    answer = refused(drafts.make(document=settled(cast), code=code, parent=parent, acting_user=cast.clerk), "invalid")
    assert field in answer.fields


def test_broken_text_is_kept_but_not_submitted(cast: Cast) -> None:
    for text, line in ((BROKEN, 16), (OPEN_BRACKET, 19)):
        made = written(cast, text)
        made.refresh_from_db()
        assert made.text == text, "nothing written is lost"
        faults = checked(text, cast.district).faults
        assert [f.line for f in faults] == [line], faults
        refused(drafts.submit(draft=made, acting_user=cast.clerk), "unfit", f"第{line}行")


def test_a_clause_cited_but_not_listed_is_a_fault(cast: Cast) -> None:
    faults = checked(FIT.replace("clause: QH-2\n", "clause: QH-9\n"), cast.district).faults
    assert any("QH-9" in f.words for f in faults)


def test_two_people_writing_do_not_lose_each_others_words(cast: Cast) -> None:
    made = written(cast)
    seen = text_hash(made.text)
    assert isinstance(drafts.edit(draft=made, text=FIT + "# 甲\n", seen=seen, acting_user=cast.clerk), PackDraft)
    refused(drafts.edit(draft=made, text=FIT + "# 乙\n", seen=seen, acting_user=cast.office_head), "stale", "没有保存")
    made.refresh_from_db()
    assert made.text == FIT + "# 甲\n"


def test_submitting_tells_those_who_may_review(cast: Cast) -> None:
    made = submitted(cast)
    told = set(Notice.objects.filter(kind="draft_submitted").values_list("recipient__username", flat=True))
    assert told == {"office_head", "approver", "mayor"}
    assert (made.state, made.submitted_by) == ("submitted", cast.clerk)
    refused(drafts.edit(draft=made, text="x", seen=text_hash(made.text), acting_user=cast.clerk), "wrong_state")
    refused(drafts.submit(draft=made, acting_user=cast.clerk), "wrong_state")


@pytest.mark.parametrize(("who", "code"), [("clerk", "same_person"), ("leader", "not_allowed"), ("town_head", "not_allowed"), ("other_clerk", "not_allowed")])
def test_another_person_reviews(cast: Cast, who: str, code: str) -> None:
    made = submitted(cast)
    for act in (drafts.pass_, drafts.send_back):
        refused(act(draft=made, opinion="同意", acting_user=getattr(cast, who)), code)
    made.refresh_from_db()
    assert made.state == "submitted"


@pytest.mark.parametrize("who", ["office_head", "approver", "mayor"])
def test_passing_publishes_the_version_under_its_hash(cast: Cast, who: str) -> None:
    with clock.at(DAY):
        made = drafts.pass_(draft=submitted(cast), opinion="同意", acting_user=getattr(cast, who))
    assert isinstance(made, PackDraft)
    assert made.version is not None
    pack = selectors.pack(made.version)
    assert (pack.code, pack.title, made.version.version) == ("qh", "青禾区巡河规则", date(2025, 5, 20))
    assert Notice.objects.filter(kind="draft_reviewed", recipient=cast.clerk).count() == 1
    assert made.version.content_hash in Entry.objects.latest("seq").payload
    refused(drafts.pass_(draft=made, opinion="", acting_user=cast.mayor), "wrong_state")


def test_a_return_says_why_and_lets_the_office_go_on(cast: Cast) -> None:
    made = submitted(cast)
    answer = refused(drafts.send_back(draft=made, opinion="  ", acting_user=cast.office_head), "invalid")
    assert "opinion" in answer.fields
    back = drafts.send_back(draft=made, opinion="第二条应由水务局汇总", acting_user=cast.office_head)
    assert isinstance(back, PackDraft)
    assert (back.state, back.text, back.opinion) == ("returned", FIT, "第二条应由水务局汇总")
    better = FIT.replace("各河段长", "区水务局")
    again = drafts.edit(draft=back, text=better, seen=text_hash(FIT), acting_user=cast.office_head)
    assert isinstance(again, PackDraft)
    again = drafts.submit(draft=again, acting_user=cast.office_head)
    assert isinstance(again, PackDraft), "who returned it may take it on"
    refused(drafts.pass_(draft=again, opinion="", acting_user=cast.office_head), "same_person")
    done = drafts.pass_(draft=again, opinion="", acting_user=cast.clerk)
    assert isinstance(done, PackDraft)
    assert done.reviewed_by == cast.clerk


def test_an_opinion_has_its_length(cast: Cast) -> None:
    made = submitted(cast)
    refused(drafts.send_back(draft=made, opinion="意" * 501, acting_user=cast.office_head), "invalid")
    assert isinstance(drafts.send_back(draft=made, opinion="意" * 500, acting_user=cast.office_head), PackDraft)


def test_a_pack_says_of_itself_what_the_draft_says(cast: Cast) -> None:
    made = written(cast, FIT.replace("code: qh", "code: qq").replace("QH-", "QQ-"))
    refused(drafts.submit(draft=made, acting_user=cast.clerk), "unfit", "code 应为 qh")


def test_a_parent_may_be_a_version_of_the_place_or_above_but_of_no_other(cast: Cast) -> None:
    assert "qh" not in parents(cast.district)
    version = passed(cast).version
    assert version is not None
    assert "qh" in parents(cast.district)
    assert "qh" in parents(cast.town)
    assert "qh" not in parents(cast.other_district)
    child = FIT.replace("code: qh", "code: qz\nparent: qh").replace("n: {setting: reply_days}", "n: 3").replace("title: 青禾区巡河规则", "title: 禾丰镇巡河规则")
    assert checked(child, cast.town).faults == ()
    loose = child.replace('"06-25"', '"06-30"')
    assert "日期只能提前或增加" in checked(loose, cast.town).faults[0].words
    assert "没有代码为" in checked(child, cast.other_district).faults[0].words


def test_a_draft_is_seen_by_those_who_answer_for_the_place(cast: Cast) -> None:
    made = written(cast)
    for who in ("clerk", "office_head", "leader", "mayor", "approver"):
        assert list(visible_drafts(getattr(cast, who))) == [made], who
    for who in ("town_head", "water_head", "congress_leader", "other_clerk", "system_admin"):
        assert not visible_drafts(getattr(cast, who)).exists(), who


def test_the_version_is_adopted_by_a_head_who_did_not_submit_it(cast: Cast) -> None:
    version = passed(cast).version
    assert version is not None

    def adopt(who: str, day: date = date(2025, 7, 1)) -> object:
        with clock.at(DAY):
            return services.adopt(
                region=cast.district, pack_version=version, from_day=day, settings={}, basis="青禾政发〔2025〕6号", acting_user=getattr(cast, who)
            )

    refused(adopt("clerk"), "not_allowed")
    refused(adopt("office_head", date(2025, 1, 1)), "back_dated")
    assert isinstance(adopt("office_head"), Adoption), "who passed it may adopt it"
    assert selectors.pack_for(cast.district, date(2025, 6, 30)).pack == cast.pack_version  # type: ignore[union-attr]
    assert selectors.pack_for(cast.district, date(2025, 7, 1)).pack == version  # type: ignore[union-attr]


def test_who_submitted_does_not_adopt_and_no_other_place_does(cast: Cast) -> None:
    with clock.at(DAY):
        made = drafts.pass_(draft=submitted(cast, by=cast.office_head), opinion="", acting_user=cast.clerk)
        assert isinstance(made, PackDraft)
        given = {"pack_version": made.version, "from_day": date(2025, 7, 1), "settings": {}, "basis": "文"}
        refused(services.adopt(region=cast.district, acting_user=cast.office_head, **given), "same_person")  # type: ignore[arg-type]
        assert isinstance(services.adopt(region=cast.district, acting_user=cast.mayor, **given), Adoption)  # type: ignore[arg-type]
    assert made.version not in versions_for(cast.other_district)
    assert made.version not in visible_versions(cast.other_clerk)
    assert made.version in visible_versions(cast.town_liaison)


def test_a_draft_that_only_repeats_a_shipped_pack_takes_it_from_nobody(cast: Cast) -> None:
    """Versions are their content: the same words drafted here are the version that was there before."""
    PackDraft.objects.create(document=settled(cast), code="xq", machine="", text="", made_by=cast.clerk, version=cast.pack_version)
    assert cast.pack_version in visible_versions(cast.other_clerk)
    assert PackVersion.objects.filter(content_hash=cast.pack_version.content_hash).count() == 1


def test_a_day_beyond_ten_years_is_a_slip_of_the_pen(cast: Cast) -> None:
    given = {"region": cast.district, "pack_version": cast.pack_version, "settings": {}, "basis": "文", "acting_user": cast.mayor}
    with clock.at(DAY):
        refused(services.adopt(from_day=date(2035, 6, 5), **given), "too_far")  # type: ignore[arg-type]
        assert isinstance(services.adopt(from_day=date(2035, 6, 4), **given), Adoption)  # type: ignore[arg-type]


def test_words_that_cannot_be_kept_are_refused_in_words(cast: Cast) -> None:
    made = written(cast)
    seen = text_hash(made.text)
    refused(drafts.edit(draft=made, text="code: qh\x00", seen=seen, acting_user=cast.clerk), "invalid")
    refused(drafts.edit(draft=made, text="长" * 200_001, seen=seen, acting_user=cast.clerk), "too_long")
    waiting = submitted(cast)
    refused(drafts.send_back(draft=waiting, opinion="意\x00见", acting_user=cast.office_head), "invalid")
