"""Every address of the site, tried by everyone: who is let in, who is turned away, and who learns nothing (J6).

``DOORS`` says for each address who may pass. An address that is not in it fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from acts import DAY, reach
from cast import Cast
from doors import (
    ACCEPTORS,
    BUSINESS,
    EVERYONE,
    INSIDE,
    OFFICE,
    ROLE,
    STRANGER,
    TOWN,
    Door,
    business,
    committees,
    desk,
    documents,
    drafts,
    lists,
    obligations,
    of,
    same,
)
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.notices.models import Notice
from huanze.orgs.models import HandOver, Holding
from huanze.problems.inputs import INPUTS
from huanze.problems.models import (
    DispatchReturn,
    DispatchRound,
    LadderStep,
    SavedView,
    SelfCheckReturn,
    StatusChange,
)
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]

IN = frozenset(INSIDE)
NO_RULES = {"other_clerk": 422}
"""The other district has not adopted any rules: nothing can be registered there yet."""
OWN: dict[str, Door] = {
    # coming in and going out
    "sign_in": Door("anyone", 200, other=same(EVERYONE, 302)),
    "sign_in_code": Door("anyone", 302),
    "sign_out": Door("signed_in", 302, post=True),
    "change_password": Door("signed_in"),
    "second_factor": Door("signed_in"),
    # everyday work
    "home": Door("signed_in", other=same(set(ROLE), 302)),
    "home_more": business(200, "todo"),
    "ledger": business(),
    "overview": business(),
    "register_ways": business(other=NO_RULES),
    "register": business(200, "other", other=NO_RULES),
    "similar": business(),
    "save_view": business(302, post=True),
    "delete_view": business(302, "view", post=True, may=of("clerk")),
    # one problem
    "problem": business(200, "problem", may=IN),
    "act": business(200, "problem", "record_view", may=IN, other=same(INSIDE - ACCEPTORS, 403)),
    "dates": business(200, "problem", "deadline", may=IN),
    "watch": business(302, "problem", post=True, may=IN),
    "rehearsal": business(200, "problem", may=IN),
    "ladder_step": business(200, "problem", "ladder", may=IN),
    "evidence": business(200, "picture", may=IN),
    "evidence_thumb": business(200, "picture", may=IN),
    # what recurs
    "dispatch": business(),
    "dispatch_submit": business(422, "dispatch", post=True, may=of(TOWN)),
    "self_checks": business(),
    "self_check": business(200, "self_check", may=of(TOWN, OFFICE)),
    "self_check_paper": business(422, "self_check", post=True, may=of(TOWN, OFFICE)),
    # one's own matters
    "notices": business(),
    "notices_read": business(302, post=True),
    "notice_open": business(302, "notice", post=True, may=of("clerk")),
    "my_posts": business(),
    "delegate": business(),
    "delegation_end": business(302, "delegation", post=True, may=of("town_head")),
    "hand_over": business(),
    "hand_over_list": business(200, "hand_over", may=of("second_head", "second_liaison")),
    "hand_over_receive": business(302, "hand_over", post=True, may=of("second_liaison")),
    "rules": business(),
    "adopt": business(200, "version"),
    # the administrators
    "manage": Door("manage", 302),
    "manage_regions": Door("system"),
    "manage_region_new": Door("system"),
    "manage_organisations": Door("system"),
    "manage_organisation_new": Door("system"),
    "manage_organisation": Door("system", args=("unit",)),
    "manage_inner_unit_new": Door("system", args=("unit",)),
    "manage_post_new": Door("system", args=("unit",)),
    "manage_post_active": Door("system", 302, post=True, args=("post",)),
    "manage_accounts": Door("system"),
    "manage_account_new": Door("system"),
    "manage_account": Door("system", args=("account",)),
    "manage_account_active": Door("system", 302, post=True, args=("account",)),
    "manage_account_password": Door("system", args=("account",)),
    "manage_years": Door("system"),
    "manage_year_load": Door("system"),
    "manage_holdings": Door("security"),
    "manage_assign": Door("security", args=("post",)),
    "manage_end": Door("security", args=("holding",)),
    "manage_administrators": Door("security"),
    "manage_administrator_remove": Door("security", 302, post=True, args=("account",)),
    "manage_lockouts": Door("security"),
    "manage_lockout_release": Door("security", 302, post=True),
    "manage_chain": Door("audit"),
    "manage_chain_verify": Door("audit", 200, post=True),
}  # fmt: skip
PARTS = (documents, drafts, obligations, lists, desk, committees)
DOORS = OWN | {name: door for part in PARTS for name, door in part.DOORS.items()}


TOKEN = re.compile(r"[A-Za-z0-9]{64}")
"""The token of a page, in its forms and for its script."""


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_address_has_its_expectation() -> None:
    assert sorted(addresses(get_resolver().url_patterns)) == sorted(DOORS)


@pytest.fixture
def world(cast: Cast) -> Iterator[SimpleNamespace]:
    """One problem under acceptance with all that hangs on it, and something of its own for each address; held at 1 April."""
    with clock.at(DAY):
        problem = reach(cast, State.ACCEPTING)
        opened = DispatchRound.objects.create(office=cast.office, month="2025-04", opens_on=date(2025, 4, 1), cutoff=date(2025, 4, 25))
        owed = DispatchReturn.objects.create(round=opened, problem=problem, organisation=cast.town_gov, role="main")
        found = SelfCheckReturn.objects.create(office=cast.office, organisation=cast.town_gov, cutoff=date(2025, 6, 20))
        step = LadderStep.objects.create(problem=problem, step="prompt", day=DAY, clause="XQ-13", because=["逾期"])
        own = cast.holding_of(cast.town_head)
        lent = Holding.objects.create(user=cast.town_liaison, post=own.post, from_day=DAY, until_day=date(2025, 4, 9), delegated_from=own)
        passed_on = HandOver.objects.create(
            post=cast.post_of(cast.second_head), giver=cast.second_head, taker=cast.second_liaison, day=DAY
        )
        told = Notice.objects.create(recipient=cast.clerk, subject_type="problem", subject_id=problem.pk, kind="urge", text="催办", day=DAY)
        made = {
            "problem": problem, "ladder": step, "picture": Evidence.objects.filter(role="before").get(), "dispatch": owed, "self_check": found,
            "view": SavedView.objects.create(user=cast.clerk, name="我的", query=""), "delegation": lent, "hand_over": passed_on,
            "notice": told, "version": cast.pack_version, "unit": cast.water,
            "post": cast.post_of(cast.water_head), "account": cast.water_liaison, "holding": cast.holding_of(cast.water_head),
        }  # fmt: skip
        for part in PARTS:
            made |= part.made(cast)
        yield SimpleNamespace(cast=cast, problem=problem, pk={name: row.pk for name, row in made.items()})


def address(name: str, world: SimpleNamespace) -> str:
    return reverse(name, args=[world.pk.get(a, a) for a in DOORS[name].args])


def ask(client: Client, path: str, *, post: bool) -> Any:
    """One request whose traces are wiped away again, so that each finds the same world."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.post(path) if post else client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return SimpleNamespace(status=answer.status_code, place=answer.headers.get("Location", ""), text=body.decode(errors="replace"))


def clients(cast: Cast) -> dict[str, Client]:
    return {STRANGER: Client()} | {who: signed_in(getattr(cast, who)) for who in sorted(EVERYONE)}


def test_everyone_at_every_door(world: SimpleNamespace) -> None:
    wrong = []
    for who, client in clients(world.cast).items():
        for name, door in DOORS.items():
            answer = ask(client, address(name, world), post=door.post)
            if answer.status != door.expects(who):
                wrong.append(f"{who} at {name}: {answer.status}, not {door.expects(who)}")
            if who == STRANGER and door.door != "anyone" and not answer.place.startswith("/sign-in/"):
                wrong.append(f"{who} at {name}: sent to {answer.place}")
            if who not in INSIDE | {"audit_admin"} and (world.problem.number in answer.text or world.problem.title in answer.text):
                wrong.append(f"{who} at {name}: learns of the problem")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("who", ["neighbour_head", "other_clerk", *sorted(ROLE)])
def test_whoever_is_turned_away_is_turned_away_by_the_other_method_too(world: SimpleNamespace, who: str) -> None:
    client = signed_in(getattr(world.cast, who))
    shut = [name for name, door in DOORS.items() if door.expects(who) in {403, 404}]
    answers = {name: ask(client, address(name, world), post=not DOORS[name].post).status for name in shut}
    assert {name: status for name, status in answers.items() if status not in {403, 404, 405}} == {}
    assert not [name for name, status in answers.items() if status == 405 and DOORS[name].expects(who) == 403]


def test_no_step_can_be_asked_for_or_taken_from_outside(world: SimpleNamespace) -> None:
    before = StatusChange.objects.count()
    for who in sorted(BUSINESS - INSIDE | set(ROLE)):
        client = signed_in(getattr(world.cast, who))
        for name in INPUTS:
            path = reverse("act", args=[world.problem.pk, name])
            expected = 403 if who in ROLE else 404
            assert client.get(path).status_code == expected, (who, name)
            assert client.post(path, {"version": world.problem.state_version}).status_code == expected, (who, name)
    assert StatusChange.objects.count() == before


def test_nothing_is_accepted_without_the_token_of_the_page(world: SimpleNamespace) -> None:
    wrong = []
    for name, door in DOORS.items():
        who = next((w for w in ("clerk", *sorted(EVERYONE)) if door.expects(w) not in {403, 404}), "clerk")
        client = Client(enforce_csrf_checks=True) if door.door == "anyone" else signed_in(getattr(world.cast, who), csrf=True)
        answer = ask(client, address(name, world), post=True)
        if answer.status == 405:
            continue
        if answer.status != 403 or "页面已过期" not in answer.text:
            wrong.append(f"{name} as {who}: {answer.status}")
    assert wrong == []


def test_what_may_not_be_seen_looks_like_what_is_not_there(world: SimpleNamespace) -> None:
    client = signed_in(world.cast.neighbour_liaison)
    for name in ("problem", "rehearsal", "evidence", "evidence_thumb"):
        paths = address(name, world), reverse(name, args=[999_999])
        hidden, absent = (ask(client, path, post=False) for path in paths)
        assert hidden.status == absent.status == 404, name
        assert TOKEN.sub("", hidden.text) == TOKEN.sub("", absent.text), name
