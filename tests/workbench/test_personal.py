"""A person's own matters: notices, standing in, handing over."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.notices.services import notify
from huanze.orgs.models import HandOver, Holding, User
from huanze.orgs.services import assign_post
from huanze.workbench.views.personal import open_work

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]
DAY = date(2025, 6, 2)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tell(user: User, url: str = "/problems/7/") -> Notice:
    notify(recipients=[user], subject_type="problem", subject_id=7, kind="urge", text="请报送方案", url=url, clause="XQ-9", day=DAY)
    return Notice.objects.get(recipient=user)


def test_opening_a_notice_reads_it_and_goes_there(cast: Cast) -> None:
    notice, client = tell(cast.clerk), signed_in(cast.clerk)
    page = client.get(reverse("notices")).content.decode()
    assert "请报送方案" in page
    assert "1条未读" in page
    answer = client.post(reverse("notice_open", args=[notice.pk]))
    assert answer["Location"] == "/problems/7/"
    assert "全部已读" in client.get(reverse("notices")).content.decode()


def test_nobody_opens_anothers_notice(cast: Cast) -> None:
    notice = tell(cast.clerk)
    assert signed_in(cast.town_head).post(reverse("notice_open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", ""])
def test_a_notice_leads_nowhere_else(cast: Cast, url: str) -> None:
    notice = tell(cast.clerk, url)
    assert signed_in(cast.clerk).post(reverse("notice_open", args=[notice.pk]))["Location"] == reverse("notices")


def test_a_head_lets_a_colleague_stand_in_and_takes_it_back(cast: Cast) -> None:
    client = signed_in(cast.town_head)
    with clock.at(DAY):
        answer = client.post(
            reverse("delegate"),
            {"holding": cast.holding_of(cast.town_head).pk, "to": cast.town_liaison.pk, "from_day": "2025-06-02", "until_day": "2025-06-20", "reason": "培训"},
        )
        assert answer.status_code == 302
        lent = Holding.objects.get(delegated_from=cast.holding_of(cast.town_head))
        assert "郑小禾" in client.get(reverse("my_posts")).content.decode()
        assert "受委托代行" in signed_in(cast.town_liaison).get(reverse("my_posts")).content.decode()
        assert signed_in(cast.town_liaison).post(reverse("delegation_end", args=[lent.pk])).status_code == 404
        client.post(reverse("delegation_end", args=[lent.pk]))
    lent.refresh_from_db()
    assert lent.until_day == DAY


def test_only_own_posts_and_own_colleagues_are_offered(cast: Cast) -> None:
    with clock.at(DAY):
        form = signed_in(cast.town_head).get(reverse("delegate")).context["form"]
        assert list(form.fields["holding"].queryset) == [cast.holding_of(cast.town_head)]
        assert list(form.fields["to"].queryset) == [cast.town_liaison]
        answer = signed_in(cast.town_head).post(
            reverse("delegate"),
            {"holding": cast.holding_of(cast.mayor).pk, "to": cast.town_liaison.pk, "from_day": "2025-06-02", "until_day": "2025-06-20", "reason": "x"},
        )
    assert answer.status_code == 422


def test_a_hand_over_is_signed_for_by_the_taker(cast: Cast) -> None:
    post = cast.post_of(cast.clerk)
    assert assign_post(user=cast.water_liaison, post=post, from_day=DAY, acting_user=cast.security_admin)
    with clock.at(DAY):
        signed_in(cast.clerk).post(reverse("hand_over"), {"post": post.pk, "taker": "water_liaison", "day": "2025-06-02", "note": "两件口头约定"})
        made = HandOver.objects.get()
        taker = signed_in(cast.water_liaison)
        assert "两件口头约定" in taker.get(reverse("hand_over_list", args=[made.pk])).content.decode()
        assert signed_in(cast.town_head).get(reverse("hand_over_list", args=[made.pk])).status_code == 404
        assert signed_in(cast.clerk).post(reverse("hand_over_receive", args=[made.pk])).status_code == 404
        taker.post(reverse("hand_over_receive", args=[made.pk]))
    made.refresh_from_db()
    assert made.received_at == clock.moment(DAY)


def test_a_post_without_problems_hands_over_an_empty_list(cast: Cast) -> None:
    assert open_work(cast.post_of(cast.clerk)) == []
