"""Work belongs to posts: who takes a post over or stands in for its holder may act, who left may not (J6)."""

from datetime import date

import pytest

from acts import DAY, attempt, ok, reach, refused, take
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.orgs.models import User
from huanze.orgs.services import assign_post, delegate, end_delegation, end_holding
from huanze.problems.services.context import worn_by
from huanze.rules.lifecycle import Hat, State

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]


@pytest.fixture
def newcomer(db):
    return User.objects.create(username="newcomer", name="钱新", password="!")


def hand_the_post_on(cast, old, new):
    """The old holder's last day is 31 March; the new one begins on 1 April."""
    ok(end_holding(holding=cast.holding_of(old), day=date(2025, 3, 31), reason="调离", acting_user=cast.security_admin))
    ok(assign_post(user=new, post=cast.post_of(old), from_day=date(2025, 4, 1), acting_user=cast.security_admin))


def test_the_next_head_hands_the_plan_in_and_the_last_one_no_longer(cast, newcomer):
    with clock.at(date(2025, 3, 31)):
        problem = reach(cast, State.PLAN_REVIEW, found_on="2025-03-01")
        take(problem, "return_plan", cast.approver, opinion="请补充措施")
        hand_the_post_on(cast, cast.town_head, newcomer)
        refused(attempt(problem, "submit_plan", newcomer), "wrong_actor", "主体责任单位主要负责人")
        take(problem, "submit_plan", cast.town_head)
        take(problem, "return_plan", cast.approver, opinion="请再核实时限")
    with clock.at(DAY):
        refused(attempt(problem, "submit_plan", cast.town_head), "wrong_actor")
        assert take(problem, "submit_plan", newcomer).state == "plan_review"
        assert problem.changes.order_by("-pk")[0].post == cast.post_of(cast.town_head)


def test_the_next_leader_in_charge_confirms_and_is_told(cast, newcomer):
    with clock.at(DAY):
        hand_the_post_on(cast, cast.leader, newcomer)
        problem = reach(cast, State.CONFIRMING)
        assert set(Notice.objects.filter(kind="sign", subject_id=problem.pk).values_list("recipient", flat=True)) == {newcomer.pk}
        refused(attempt(problem, "confirm", cast.leader), "wrong_actor", "分管领导")
        assert take(problem, "confirm", newcomer).state == "filing"
        assert problem.acceptances.get().signatures.get(step="confirm").by == newcomer


def test_a_stand_in_signs_only_while_standing_in(cast):
    """The bureau's liaison stands in for its head on 2 and 3 April: both days count, the days beside them do not."""
    with clock.at(DAY):
        problem = reach(cast, State.SIGNING)
        made = ok(
            delegate(
                holding=cast.holding_of(cast.lead_head), to=cast.lead_liaison, from_day=date(2025, 4, 2), until_day=date(2025, 4, 3),
                reason="外出开会", acting_user=cast.lead_head,
            )
        )  # fmt: skip
        refused(attempt(problem, "sign", cast.lead_liaison, sealed=True), "wrong_actor")
    for day, worn in ((date(2025, 4, 2), True), (date(2025, 4, 3), True), (date(2025, 4, 4), False)):
        with clock.at(day):
            assert (Hat.LEAD_HEAD in worn_by(cast.lead_liaison, problem).hats) is worn
    with clock.at(date(2025, 4, 3)):
        take(problem, "sign", cast.lead_liaison, sealed=True)
        signed = problem.acceptances.get().signatures.get()
        assert (signed.by, signed.post) == (cast.lead_liaison, cast.post_of(cast.lead_head))
        ok(end_delegation(delegation=made, day=date(2025, 4, 3), acting_user=cast.lead_head))


def test_standing_in_does_not_let_the_applicant_accept_his_own_work(cast):
    with clock.at(DAY):
        ok(assign_post(user=cast.town_head, post=cast.post_of(cast.lead_liaison), from_day=DAY, acting_user=cast.security_admin))
        problem = reach(cast, State.SIGNING)
        ok(
            delegate(
                holding=cast.holding_of(cast.lead_head), to=cast.town_head, from_day=DAY, until_day=date(2025, 4, 3), reason="外出",
                acting_user=cast.lead_head,
            )
        )  # fmt: skip
        refused(attempt(problem, "sign", cast.town_head, sealed=True), "not_ready", "本人")
