"""A list through the approval chain of its pack, its publication and the duty to update the public page (A2, B1)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok, refused
from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.models import ChainStep, ListVersion
from huanze.duties.selectors.course import course, courses
from huanze.duties.services import chain, lists
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence
from huanze.orgs.models import Organisation
from listed import DAY, adopt, approvers, drafted, in_force, means, signed, through, wording

pytestmark = [pytest.mark.django_db, pytest.mark.row("A2")]
PAGE = "https://zj.example.test/list"


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.at(DAY):
        yield


def keys(version: ListVersion) -> list[str]:
    return [step.key for step in course(version).steps]


def state(version: ListVersion) -> str:
    return ListVersion.objects.get(pk=version.pk).state


def at(cast: Cast, code: str) -> ListVersion:
    """A draft of the housing bureau under a province's rules whose words are all put to bodies here."""
    adopt(cast, code)
    cast.secretary = approvers(cast)
    if code == "jx":
        means(cast, "省环委会办公室", cast.office)
    return drafted(cast)


def test_the_chain_is_the_packs(cast: Cast) -> None:
    version = at(cast, "jx")
    steps = course(version).steps
    assert [(s.key, s.label, s.clause, s.by) for s in steps] == [
        ("draft", "部门间衔接后编制牵头事项清单", "JX-3", "承担重要职责的省直部门"),
        ("first_review", "初审", "JX-3", "省环委会办公室"),
        ("approve", "审定", "JX-3", "省委、省政府"),
        ("publish", "在本部门网站公开", "JX-3", "承担重要职责的省直部门"),
    ]
    assert [s.name for s in steps[2].signers] == ["省委", "省政府"]
    assert course(version).ruled


@pytest.mark.parametrize(("code", "expected", "ruled"), [
    ("hb", ["draft", "approve", "publish"], True), ("sd", ["draft", "publish"], False), ("xq", ["draft", "publish"], False),
])  # fmt: skip
def test_each_document_has_its_own_chain(cast: Cast, code: str, expected: list[str], ruled: bool) -> None:
    if code != "xq":
        adopt(cast, code)
    version = drafted(cast)
    assert keys(version) == expected
    assert course(version).ruled is ruled


def test_a_list_goes_from_draft_to_publication_step_by_step(cast: Cast) -> None:
    version = at(cast, "jx")
    signed(version, "draft", cast.lead_head, "已与相关部门衔接")
    assert state(version) == "in_chain"
    signed(version, "first_review", cast.office_head, "初审通过")
    signed(version, "approve", cast.secretary)
    assert state(version) == "in_chain"
    with clock.at(date(2025, 4, 8)):
        signed(version, "approve", cast.mayor)
        assert state(version) == "approved"
        ok(chain.publish(version=version, from_day=date(2025, 4, 10), opinion="按审定稿公开", page_url=PAGE, acting_user=cast.lead_head))
    assert state(version) == "published"
    assert list(ChainStep.objects.values_list("step", "by", "signed_by__name", "hat", "opinion", "signed_on")) == [
        ("draft", "承担重要职责的省直部门", "陈建", "住建局局长", "已与相关部门衔接", date(2025, 4, 1)),
        ("first_review", "省环委会办公室", "吴正", "整改办主任", "初审通过", date(2025, 4, 1)),
        ("approve", "省委", "秦书记", "区委书记", "同意", date(2025, 4, 1)),
        ("approve", "省政府", "杨正平", "区政府区长", "同意", date(2025, 4, 8)),
        ("publish", "承担重要职责的省直部门", "陈建", "住建局局长", "按审定稿公开", date(2025, 4, 10 - 2)),
    ]
    assert list(Entry.objects.filter(action__startswith="lists.").order_by("seq").values_list("action", flat=True))[-5:] == [
        "lists.sign", "lists.sign", "lists.sign", "lists.sign", "lists.publish",
    ]  # fmt: skip


def test_both_bodies_that_the_words_name_must_sign(cast: Cast) -> None:
    version = at(cast, "hb")
    signed(version, "draft", cast.lead_head)
    signed(version, "approve", cast.mayor)
    refused(chain.sign(version=version, step="approve", opinion="同意", acting_user=cast.mayor), "already", "省政府", "杨正平")
    assert state(version) == "in_chain"
    signed(version, "approve", cast.secretary)
    assert state(version) == "approved"


def test_the_wrong_person_is_refused_at_every_step(cast: Cast) -> None:
    version = at(cast, "jx")
    turns = (("draft", cast.lead_head), ("first_review", cast.office_head), ("approve", cast.secretary), ("approve", cast.mayor))
    everyone = {cast.lead_liaison, cast.second_head, cast.clerk, cast.town_head, cast.congress_leader, cast.other_clerk, cast.approver}
    for step, right in turns:
        for wrong in everyone:
            answer = refused(chain.sign(version=version, step=step, opinion="同意", acting_user=wrong), "wrong_actor")
            assert "签署" in answer.reason
        signed(version, step, right)
    for wrong in everyone | {cast.mayor}:
        refused(chain.publish(version=version, from_day=DAY, opinion="公开", acting_user=wrong), "wrong_actor", "住建局")


def test_a_deputy_signs_for_his_body_but_the_draft_wants_the_head(cast: Cast) -> None:
    version = at(cast, "hb")
    signed(version, "draft", cast.lead_head)
    signed(version, "approve", cast.leader)
    assert ChainStep.objects.get(by="省政府").signed_by == cast.leader


def test_steps_out_of_order_and_twice_are_refused(cast: Cast) -> None:
    version = at(cast, "jx")
    refused(chain.sign(version=version, step="approve", opinion="同意", acting_user=cast.mayor), "wrong_state", "还没有轮到")
    refused(chain.publish(version=version, from_day=DAY, opinion="公开", acting_user=cast.lead_head), "wrong_state")
    signed(version, "draft", cast.lead_head)
    refused(chain.sign(version=version, step="draft", opinion="同意", acting_user=cast.lead_head), "wrong_state", "已经签署")
    refused(chain.sign(version=version, step="nonsense", opinion="同意", acting_user=cast.lead_head), "wrong_state")


def test_every_signature_wants_an_opinion_and_a_draft_wants_items(cast: Cast) -> None:
    version = at(cast, "jx")
    assert "opinion" in refused(chain.sign(version=version, step="draft", opinion="  ", acting_user=cast.lead_head), "inputs").fields
    lists.remove_item(item=version.items.get(), acting_user=cast.lead_head)
    refused(chain.sign(version=version, step="draft", opinion="报审", acting_user=cast.lead_head), "not_ready", "还没有事项")


def test_sent_back_it_is_a_draft_again_and_the_history_stays(cast: Cast) -> None:
    version = at(cast, "jx")
    signed(version, "draft", cast.lead_head)
    refused(chain.send_back(version=version, step="first_review", opinion="", acting_user=cast.office_head), "inputs", "理由")
    refused(chain.send_back(version=version, step="first_review", opinion="缺排水许可", acting_user=cast.clerk), "wrong_actor")
    ok(chain.send_back(version=version, step="first_review", opinion="缺排水许可", acting_user=cast.office_head))
    assert state(version) == "draft"
    assert Notice.objects.filter(kind="list_returned", recipient__in=[cast.lead_head, cast.lead_liaison]).count() == 2
    ok(lists.add_item(version=version, wording=wording("排水许可"), acting_user=cast.lead_liaison))
    signed(version, "draft", cast.lead_head, "已补充")
    signed(version, "first_review", cast.office_head)
    assert list(ChainStep.objects.values_list("round", "step", "result")) == [
        (1, "draft", "passed"), (1, "first_review", "returned"), (2, "draft", "passed"), (2, "first_review", "passed"),
    ]  # fmt: skip
    assert course(ListVersion.objects.get()).round == 2


def test_a_return_undoes_the_signature_of_the_other_body_of_that_step(cast: Cast) -> None:
    version = at(cast, "hb")
    signed(version, "draft", cast.lead_head)
    signed(version, "approve", cast.secretary)
    ok(chain.send_back(version=version, step="approve", opinion="再研究", acting_user=cast.mayor))
    signed(version, "draft", cast.lead_head)
    signed(version, "approve", cast.mayor)
    assert state(version) == "in_chain"


def test_the_departments_own_steps_are_not_sent_back(cast: Cast) -> None:
    version = drafted(cast)
    refused(chain.send_back(version=version, step="draft", opinion="不行", acting_user=cast.lead_head), "wrong_state", "撤回")


def test_nothing_is_written_in_a_list_under_approval(cast: Cast) -> None:
    version = at(cast, "jx")
    signed(version, "draft", cast.lead_head)
    refused(lists.add_item(version=version, wording=wording(), acting_user=cast.lead_liaison), "wrong_state", "退回后才能修改")


def test_where_nobody_answers_to_the_words_the_step_is_an_open_error(cast: Cast) -> None:
    adopt(cast, "hb")
    Organisation.objects.filter(region__in=[cast.province, cast.city]).delete()
    version = drafted(cast)
    signed(version, "draft", cast.lead_head)
    now = course(ListVersion.objects.select_related("item_list__organisation__region", "adoption").get()).current
    assert now is not None
    assert (now.key, now.missing) == ("approve", ["省委", "省政府"])
    refused(chain.sign(version=version, step="approve", opinion="同意", acting_user=cast.mayor), "unplaced", "省委、省政府", "文件用语")
    assert Notice.objects.filter(kind="list_unplaced", recipient=cast.clerk).exists()
    means(cast, "省政府", cast.government)
    signed(version, "approve", cast.mayor)
    assert state(version) == "in_chain"


def test_the_first_review_falls_to_the_office_of_the_place(cast: Cast) -> None:
    adopt(cast, "jx")
    version = drafted(cast)
    signed(version, "draft", cast.lead_head)
    signed(version, "first_review", cast.office_head)


def test_those_whose_turn_it_is_are_told(cast: Cast) -> None:
    version = at(cast, "jx")
    signed(version, "draft", cast.lead_head)
    assert set(Notice.objects.filter(kind="list_first_review").values_list("recipient__username", flat=True)) == {"office_head"}
    signed(version, "first_review", cast.office_head)
    assert set(Notice.objects.filter(kind="list_approve").values_list("recipient__username", flat=True)) == {"secretary", "mayor", "leader"}


@pytest.mark.row("B1")
def test_publication_ends_the_former_version_the_day_before(cast: Cast) -> None:
    first = in_force(cast)
    second = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    signed(second, "draft", cast.lead_head)
    refused(chain.publish(version=second, from_day=DAY, opinion="公开", acting_user=cast.lead_head), "inputs", "晚于第1版的2025年4月1日")
    ok(chain.publish(version=second, from_day=date(2025, 4, 2), opinion="公开", acting_user=cast.lead_head))
    first.refresh_from_db()
    assert (first.from_day, first.until_day) == (date(2025, 4, 1), date(2025, 4, 1))
    refused(chain.publish(version=second, from_day=date(2025, 5, 2), opinion="公开", acting_user=cast.lead_head), "wrong_state")


@pytest.mark.row("B1")
def test_a_published_list_owes_its_page_within_the_documents_term_until_the_page_is_confirmed(cast: Cast) -> None:
    adopt(cast, "sd")
    version = through(cast, drafted(cast), cast.lead_head)
    owed = Occurrence.objects.get(duty="page_update")
    assert (owed.organisation, owed.clause, owed.publish, owed.done_on) == (cast.housing, "SD-6", True, None)
    assert owed.due is not None
    assert owed.due > DAY
    assert owed.url == f"/duties/versions/{version.pk}/"
    with clock.at(date(2025, 4, 3)):
        refused(chain.confirm_page(version=version, url="没有网址", day=date(2025, 4, 3), acting_user=cast.lead_liaison), "inputs", "http")
        refused(chain.confirm_page(version=version, url=PAGE, day=date(2025, 3, 31), acting_user=cast.lead_liaison), "inputs", "2025年4月1日")
        refused(chain.confirm_page(version=version, url=PAGE, day=date(2025, 4, 4), acting_user=cast.lead_liaison), "inputs", "今天")
        refused(chain.confirm_page(version=version, url=PAGE, day=date(2025, 4, 3), acting_user=cast.clerk), "wrong_actor", "住建局")
        ok(chain.confirm_page(version=version, url=PAGE, day=date(2025, 4, 2), acting_user=cast.lead_liaison))
        refused(chain.confirm_page(version=version, url=PAGE, day=date(2025, 4, 3), acting_user=cast.lead_liaison), "already", "2025年4月2日")
    owed.refresh_from_db()
    assert (owed.done_on, owed.done_by) == (date(2025, 4, 3), cast.lead_liaison)
    version.refresh_from_db()
    assert (version.page_url, version.page_day) == (PAGE, date(2025, 4, 2))


@pytest.mark.row("B1")
def test_where_the_documents_set_no_term_the_page_is_owed_without_a_day(cast: Cast) -> None:
    in_force(cast)
    assert Occurrence.objects.get(duty="page_update").due is None


@pytest.mark.row("B1")
def test_the_page_of_a_later_version_settles_the_earlier_ones(cast: Cast) -> None:
    in_force(cast)
    second = through(cast, ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison)), cast.lead_head, date(2025, 4, 5))
    assert Occurrence.objects.filter(duty="page_update", done_on=None).count() == 2
    with clock.at(date(2025, 4, 6)):
        ok(chain.confirm_page(version=second, url=PAGE, day=date(2025, 4, 6), acting_user=cast.lead_liaison))
    assert Occurrence.objects.filter(duty="page_update", done_on=None).count() == 0


def test_a_page_address_that_is_none_is_refused(cast: Cast) -> None:
    version = drafted(cast)
    signed(version, "draft", cast.lead_head)
    answer = chain.publish(version=version, from_day=DAY, opinion=" ", page_url="javascript:alert(1)", acting_user=cast.lead_head)
    assert set(refused(answer, "inputs").fields) == {"page_url", "opinion"}


def test_the_chains_of_many_lists_cost_the_same_as_of_one(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    at(cast, "jx")
    drafted(cast, "water")
    drafted(cast, "farming")
    rows = list(ListVersion.objects.select_related("item_list__organisation__region", "adoption__pack").order_by("pk"))
    with django_assert_num_queries(3):
        courses(rows[:1])
    with django_assert_num_queries(3):
        found = courses(rows)
    assert [step.awaits for step in found[rows[2].pk].steps] == ["农业农村局", "整改办", "区委、区政府", "农业农村局"]
