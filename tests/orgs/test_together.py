"""Two people pressing at the same moment never both get what only one may have."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cast import Cast
from huanze.base import clock
from huanze.notices.services import deliver, notify
from huanze.orgs import services
from huanze.orgs.models import Holding, User
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("J6")]
DAY = date(2025, 6, 2)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned or raised."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(30)
            answers[number] = act()
        except DatabaseError as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_an_account_gets_a_role_or_a_post_never_both(cast: Cast) -> None:
    for number in range(6):
        person = User.objects.create(username=f"fresh{number}", name="新人")
        answers = at_once(
            lambda p=person: services.set_admin_role(user=p, role="audit", acting_user=cast.security_admin),  # type: ignore[misc]
            lambda p=person: services.assign_post(  # type: ignore[misc]
                user=p, post=cast.post_of(cast.water_liaison), from_day=DAY, acting_user=cast.security_admin
            ),
        )
        assert sum(isinstance(a, Refusal) for a in answers) == 1, answers
        person.refresh_from_db()
        assert bool(person.admin_role) != person.holdings.exists()


def test_not_even_past_the_services(cast: Cast) -> None:
    def give_role(person: User) -> None:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(admin_role="audit")

    def give_post(person: User) -> None:
        with transaction.atomic():
            Holding.objects.bulk_create([Holding(user=person, post=cast.post_of(cast.water_liaison), from_day=DAY)])

    for number in range(6):
        person = User.objects.create(username=f"fresh{number}", name="新人")
        answers = at_once(lambda p=person: give_role(p), lambda p=person: give_post(p))  # type: ignore[misc]
        assert sum(isinstance(a, IntegrityError) for a in answers) == 1, answers


def test_two_security_administrators_cannot_remove_each_other(cast: Cast) -> None:
    second = User.objects.create(username="second", name="备用", admin_role="security")
    answers = at_once(
        lambda: services.set_admin_role(user=second, role="", acting_user=User.objects.get(username="security_admin")),
        lambda: services.set_admin_role(user=cast.security_admin, role="", acting_user=User.objects.get(username="second")),
    )
    assert User.objects.filter(admin_role="security", is_active=True).count() == 1, answers


def test_one_head_post_goes_to_one_of_two(cast: Cast) -> None:
    with clock.at(DAY):
        assert services.end_holding(holding=cast.holding_of(cast.town_head), day=DAY, acting_user=cast.security_admin)
    post, later = cast.post_of(cast.town_head), date(2025, 6, 3)
    answers = at_once(
        *(
            lambda u=user: services.assign_post(user=u, post=post, from_day=later, acting_user=cast.security_admin)  # type: ignore[misc]
            for user in (cast.town_liaison, cast.park_liaison)
        )
    )
    assert sum(isinstance(a, Holding) for a in answers) == 1, answers


def test_two_senders_send_each_letter_once(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.jsonl"
    monkeypatch.setenv("HUANZE_CHANNELS", f"file={out}")
    people = [getattr(cast, name) for name in cast.posts]
    notify(recipients=people, subject_type="problem", subject_id=1, kind="urge", text="请报送方案", day=DAY)
    now = clock.moment(DAY, 8)
    at_once(*(lambda: deliver(now) for _ in range(3)))
    deliver(now)
    assert len(out.read_text().splitlines()) == len(people)
