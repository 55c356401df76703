"""Screens tried with the numbers of other districts' things, in the address and in what is sent."""

from __future__ import annotations

from datetime import date

import pytest

import listed
from cast import Cast
from duties_leading import DAY, person
from huanze.base import clock
from huanze.duties.models import Reminder
from huanze.duties.services.lists import Other
from huanze.orgs.models import Organisation
from listed import in_force
from pages import signed_in
from policies.papers import kept

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]


def elsewhere(cast: Cast) -> tuple[Organisation, object]:
    """A department of the other district with its head."""
    unit = Organisation.objects.create(name="白石区水务局", short_name="白石水务局", kind="department", region=cast.other_district)
    return unit, person("other_head", unit)


def test_a_reminder_of_another_districts_item_is_not_there_at_all(cast: Cast):
    _, head = elsewhere(cast)
    with clock.at(DAY):
        item = in_force(cast, "housing", "整治城市黑臭水体", units=[Other("assist", cast.water)]).items.get()
        listed.adopt(cast, "hb", DAY)
        path = f"/committees/reminders/new/?item={item.pk}"
        assert signed_in(cast.lead_liaison).get(path).status_code == 200
        assert signed_in(cast.water_liaison).get(path).status_code == 403
        for answer in (signed_in(head).get(path), signed_in(head).post(path, {"unit": cast.water.pk, "text": "请办"})):
            assert answer.status_code == 404
            assert "住建局" not in answer.content.decode()
    assert not Reminder.objects.exists()


def test_only_co_operating_units_are_taken_from_what_was_sent(cast: Cast):
    unit, _ = elsewhere(cast)
    with clock.at(DAY):
        item = in_force(cast, "housing", "整治城市黑臭水体", units=[Other("assist", cast.water)]).items.get()
        listed.adopt(cast, "hb", DAY)
        for pk in (unit.pk, cast.farming.pk, cast.housing.pk, -1, 10**25, "x"):
            answer = signed_in(cast.lead_liaison).post(f"/committees/reminders/new/?item={item.pk}", {"unit": pk, "text": "请办"})
            assert answer.status_code == 422, pk
    assert not Reminder.objects.exists()


def test_a_document_of_html_is_given_back_to_be_saved_and_never_shown(cast: Cast):
    from policies.papers import RIVERS, page

    with clock.at(date(2025, 6, 3)):
        evil = page(RIVERS.replace("区水务局会同", "<img src=x onerror=alert(1)>区水务局会同"))
        document = kept(cast, evil, name="../../<b>考核\r\nSet-Cookie: a=1</b>.html")
        answer = signed_in(cast.clerk).get(f"/documents/{document.pk}/original/")
    assert answer.status_code == 200
    said = answer.headers
    assert said["Content-Disposition"].startswith("attachment")
    assert not {"Set-Cookie"} & set(said)
    assert "sandbox" in said["Content-Security-Policy"]
    assert said["X-Content-Type-Options"] == "nosniff"


def test_words_of_a_document_are_never_markup_on_a_page(cast: Cast):
    with clock.at(date(2025, 6, 3)):
        text = "青禾区<script>alert(1)</script>办法\n青禾政发〔2024〕9号\n一、总则\n（一）<img src=x onerror=alert(2)>各镇应当每季度巡河一次。（区水务局<b>牵头</b>负责）\n"
        document = kept(cast, text, name="<i>a</i>.txt")
        shown = signed_in(cast.clerk).get(f"/documents/{document.pk}/").content.decode()
        shown += signed_in(cast.clerk).get("/documents/").content.decode()
    for markup in ("<script>alert", "<img src=x", "<b>牵头"):
        assert markup not in shown, markup


@pytest.mark.parametrize("path", ["/documents/", "/packs/drafts/", "/packs/differ/", "/duties/", "/duties/map/", "/duties/open-errors/", f"/documents/{10**30}/", f"/due/{10**30}/", f"/duties/{10**30}/", f"/committees/{10**30}/", f"/leads/determinations/{10**30}/", f"/packs/drafts/{10**30}/", "/leads/", "/leads/determinations/", "/committees/", "/committees/reminders/", "/committees/checks/"])
@pytest.mark.parametrize("query", ["?after=-1", "?after=99999999999999999999", "?after=x&before=y", "?place=0", "?place=zz", "?state=%27%22%3E", "?pack=v-1&pack=d0&pack=vx", "?q=%FF%FE", "?text=%25_%5C", "?region=-5"])
def test_an_odd_address_is_a_page_or_none(cast: Cast, path: str, query: str):
    with clock.at(DAY):
        assert signed_in(cast.clerk).get(path + query).status_code in (200, 400, 404), path


def test_a_former_holder_is_a_stranger(cast: Cast):
    with clock.at(DAY):
        document = kept(cast)
        holding = cast.holding_of(cast.clerk)
        holding.until_day = date(2025, 3, 31)
        holding.save()
        assert signed_in(cast.clerk).get(f"/documents/{document.pk}/").status_code == 404
        assert signed_in(cast.clerk).post(f"/documents/{document.pk}/finish/").status_code == 404
