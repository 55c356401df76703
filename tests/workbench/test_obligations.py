"""The screens of what falls due: whose days, which lists, who may do what, and the file for a calendar program."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from acts import ok, picture
from calendars import NOBODY, ON_SITE, REPORT, SET_UP, STUDY, in_force
from cast import Cast
from huanze.base import clock
from huanze.evidence.selectors import of_object
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, open_one, run_day
from pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
BEGIN = date(2025, 2, 10)
TODAY = date(2025, 4, 2)


@pytest.fixture
def missed(cast: Cast) -> Occurrence:
    """The calendar as it stands on 2 April 2025: the town missed its study of the first quarter."""
    in_force(cast, STUDY, REPORT, NOBODY, SET_UP, ON_SITE, on=BEGIN)
    with clock.at(TODAY):
        run_day(TODAY)
    return Occurrence.objects.get(duty="study", due=date(2025, 3, 31))


def get(user: Any, path: str, status: int = 200) -> str:
    with clock.at(TODAY):
        answer = signed_in(user).get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_the_month_shows_the_units_own_days(cast, missed):
    text = get(cast.town_liaison, "/due/?month=2025-03")
    assert "专题研究生态环境保护" in text
    assert f'href="/due/{missed.pk}/"' in text
    assert "专题研究生态环境保护" not in get(cast.lead_liaison, "/due/?month=2025-03")
    assert "报告上一年度履职情况" in get(cast.lead_liaison, "/due/?month=2026-01")


def test_the_same_duty_of_several_units_is_one_entry_for_the_office(cast, missed):
    text = get(cast.clerk, "/due/?month=2026-01")
    assert "2 个单位" in text
    assert "/due/list/?state=all&amp;on=2026-01-10&amp;duty=annual_report" in text
    rows = get(cast.clerk, "/due/list/?state=all&on=2026-01-10&duty=annual_report")
    assert rows.count("data-row") == 2


@pytest.mark.parametrize("month", ["", "2025-13", "x", "0000-01", "9999-12", "2025-4"])
def test_a_month_that_is_none_is_this_month(cast, missed, month):
    assert "2025年4月" in get(cast.town_liaison, f"/due/?month={month}")


def test_what_lies_with_nobody_comes_first_for_the_office(cast, missed):
    assert "有 1 项未落到单位" in get(cast.clerk, "/due/")
    text = get(cast.clerk, "/due/list/?state=unplaced")
    assert "重要职责部门" in text
    assert f"/packs/names/{cast.district.pk}/say/?name=%E9%87%8D%E8%A6%81" in text
    assert "未落到单位" not in get(cast.town_liaison, "/due/")


def test_the_missed_list_names_owner_and_date_and_keeps_what_was_made_good(cast, missed):
    for user in (cast.clerk, cast.town_head, cast.mayor):
        text = get(user, "/due/list/?state=missed")
        assert all(words in text for words in ("禾丰镇", "2025年3月31日", "2025年4月1日", "应办未办"))
    with clock.at(TODAY):
        ok(complete(occurrence=missed, note="4月2日补开", acting_user=cast.town_liaison))
    text = get(cast.clerk, "/due/list/?state=missed")
    assert all(words in text for words in ("2025年4月1日", "已补办", "2025年4月2日"))
    assert "没有应办未办的事项" in get(cast.neighbour_head, "/due/list/?state=missed")


def test_a_list_by_unit(cast, missed):
    text = get(cast.clerk, f"/due/list/?state=all&unit={cast.housing.pk}")
    assert text.count("data-row") == 1
    assert "住房和城乡建设局" in text
    assert get(cast.clerk, "/due/list/?unit=99999999").count("data-row") == get(cast.clerk, "/due/list/").count("data-row")
    get(cast.clerk, "/due/list/?state=nonsense", 404)


def test_a_list_goes_on_page_by_page(cast):
    in_force(cast, STUDY | {"value": {"freq": "monthly", "min": 5}, "obliged": ["禾丰镇人民政府", "区水务局"]}, on=BEGIN)
    seen: list[str] = []
    path, pages = "/due/list/?state=all", 0
    while path:
        text = get(cast.clerk, path)
        seen += re.findall(r'<a href="/due/(\d+)/">', text)
        onward = re.search(r'rel="next" href="(\?[^"]+)"', text)
        path, pages = (f"/due/list/{onward[1].replace('&amp;', '&')}" if onward else ""), pages + 1
    assert (pages, len(seen), len(set(seen))) == (3, 130, 130)
    back = re.search(r'rel="prev" href="(\?[^"]+)"', text)
    assert re.findall(r'<a href="/due/(\d+)/">', get(cast.clerk, f"/due/list/{back[1].replace('&amp;', '&')}")) == seen[50:100]
    assert get(cast.clerk, "/due/list/?state=all&all=1").count("data-row") == 130
    for mark in ("x", "2025-01-01.x", "2025-13-01.1", ".1", "2025-01-01.99999999999999999999"):
        get(cast.clerk, f"/due/list/?after={mark}")


def test_one_duty_tells_what_by_when_to_whom_and_why(cast, missed):
    row = Occurrence.objects.get(duty="annual_report", organisation=cast.housing)
    text = get(cast.lead_head, f"/due/{row.pk}/")
    assert all(words in text for words in (
        "2025年度", "2026年1月10日", "区委、区政府", "抄送", "区整改办", "应当向社会公开", "XQ-2", "青禾整改〔2025〕5号",
        "文件规定每年1月10日以前办理，报告的是上一年度的情况。",
    ))  # fmt: skip
    assert "本事项自2026年1月1日开始，尚不能办结" in text
    get(cast.neighbour_head, f"/due/{row.pk}/", 404)
    get(cast.other_clerk, f"/due/{row.pk}/", 404)
    assert get(cast.other_clerk, "/due/list/?state=all").count("data-row") == 0


def test_a_unit_has_it_done_with_a_file(cast, missed):
    client = signed_in(cast.town_liaison)
    with clock.at(TODAY):
        refused = client.post(f"/due/{missed.pk}/complete/", {"note": ""})
        assert (refused.status_code, "请填写此项" in refused.content.decode()) == (422, True)
        file = picture(by=cast.town_liaison)
        upload = {"note": "4月2日补开", "file": _upload("会议纪要.txt", "第3号".encode())}
        assert client.post(f"/due/{missed.pk}/complete/", upload).status_code == 302
        assert client.post(f"/due/{missed.pk}/complete/", {"note": "再报"}).status_code == 409
    missed.refresh_from_db()
    assert (missed.done_on, missed.missed_on) == (TODAY, date(2025, 4, 1))
    proof = of_object("occurrence", missed.pk).get()
    assert (proof.file.name, file.name) == ("会议纪要.txt", "现场.jpg")
    assert "第3号" in _body(signed_in(cast.clerk), f"/due/{missed.pk}/proof/{proof.pk}/")
    assert signed_in(cast.neighbour_head).get(f"/due/{missed.pk}/proof/{proof.pk}/").status_code == 404


def _upload(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def _body(client: Client, path: str) -> str:
    answer = client.get(path)
    return b"".join(answer.streaming_content).decode()


def test_a_file_of_a_forbidden_kind_is_refused_at_its_field(cast, missed):
    with clock.at(TODAY):
        answer = signed_in(cast.town_liaison).post(f"/due/{missed.pk}/complete/", {"note": "已办", "file": _upload("a.exe", b"MZ\x90\x00" * 40)})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    missed.refresh_from_db()
    assert missed.done_on is None


def test_the_office_ends_a_duty_with_its_reason(cast, missed):
    client = signed_in(cast.clerk)
    with clock.at(TODAY):
        assert client.post(f"/due/{missed.pk}/end/", {"why": ""}).status_code == 422
        assert client.post(f"/due/{missed.pk}/end/", {"why": "该镇已撤并"}).status_code == 302
        assert client.get(f"/due/{missed.pk}/end/").status_code == 409
        assert signed_in(cast.town_head).post(f"/due/{missed.pk}/end/", {"why": "x"}).status_code == 403
    assert "该镇已撤并" in get(cast.clerk, "/due/list/?state=ended")


def test_what_has_a_page_of_its_own_leads_there(cast, missed):
    with clock.at(TODAY):
        row = open_one(
            adoption=cast.adoption, organisation=cast.housing, duty="list_page", what="更新所公开的事项清单", clause="SD-6", subject_type="item_list",
            subject_id=7, due=date(2025, 4, 30), url="/duties/7/", acting_user=cast.lead_head,
        )  # fmt: skip
    text = get(cast.lead_liaison, f"/due/{row.pk}/")
    assert 'href="/duties/7/"' in text
    assert f"/due/{row.pk}/complete/" not in text


def test_the_first_page_says_what_is_missed_and_what_is_near(cast, missed):
    text = get(cast.town_liaison, "/")
    assert "本单位应办" in text
    assert "专题研究生态环境保护（2025年第一季度）" in text
    assert "2025年第二季度" not in text
    assert "到期应办事项" in get(cast.clerk, "/")
    assert "本单位应办" not in get(cast.neighbour_head, "/")


def test_the_pages_cost_no_query_for_each_row(cast, django_assert_max_num_queries):
    in_force(cast, STUDY | {"value": {"freq": "monthly", "min": 5}, "obliged": ["禾丰镇人民政府", "区水务局"]}, on=BEGIN)
    client = signed_in(cast.clerk)
    for path in ("/due/", "/due/list/?state=all"):
        with clock.at(TODAY), django_assert_max_num_queries(19):
            client.get(path)


# ---- the calendar file


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert not any("\n" in line or "\r" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    return "\n".join(lines).replace("\n ", "").split("\n")


def test_the_calendar_file_is_what_rfc_5545_asks_for(cast, missed):
    Occurrence.objects.filter(pk=missed.pk).update(what="研究；含逗号,分号;反斜杠\\和换行\n的事项" + "很长" * 40)
    with clock.at(TODAY):
        answer = signed_in(cast.town_liaison).get("/due/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content.decode())
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huanze//Obligations//ZH"]
    assert lines[-1] == "END:VCALENDAR"
    own = Occurrence.objects.filter(organisation=cast.town_gov).exclude(due=None)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == own.count()
    at = lines.index(f"UID:due-{missed.pk}@huanze")
    event = lines[at : lines.index("END:VEVENT", at)]
    assert event[1:4] == ["DTSTAMP:20250402T010000Z", "DTSTART;VALUE=DATE:20250331", "DTEND;VALUE=DATE:20250401"]
    assert event[4].startswith("SUMMARY:研究；含逗号\\,分号\\;反斜杠\\\\和换行\\n的事项很长")
    assert f"URL:http://testserver/due/{missed.pk}/" in event
    assert "TRIGGER:-P7D" in event


def test_the_calendar_file_holds_ones_own_units_only(cast, missed):
    with clock.at(TODAY):
        texts = {who: signed_in(getattr(cast, who)).get("/due/calendar.ics").content.decode() for who in ("lead_head", "clerk", "neighbour_head")}
    assert texts["lead_head"].count("BEGIN:VEVENT") == 1
    assert "X-WR-CALNAME:应办事项（住建局）" in texts["lead_head"]
    assert texts["clerk"].count("BEGIN:VEVENT") == 1
    assert "BEGIN:VEVENT" not in texts["neighbour_head"]


def test_what_is_done_is_marked_and_no_longer_rings(cast, missed):
    with clock.at(TODAY):
        ok(complete(occurrence=missed, note="补开", acting_user=cast.town_liaison))
        lines = unfolded(signed_in(cast.town_liaison).get("/due/calendar.ics").content.decode())
    at = lines.index(f"UID:due-{missed.pk}@huanze")
    event = lines[at : lines.index("END:VEVENT", at)]
    assert "SUMMARY:（已补办）专题研究生态环境保护（2025年第一季度）" in event
    assert "BEGIN:VALARM" not in event
