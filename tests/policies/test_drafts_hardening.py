"""Drafts written to break the site: numbers without end, names without end, text that no database keeps."""

from __future__ import annotations

import pytest

from acts import ok, refused
from cast import Cast
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.orgs.models import Holding
from huanze.policies.selectors.drafts import checked
from huanze.policies.services import documents, drafts, load_calendar_year
from policies.drafting import DAY, FIT, submitted, written

pytestmark = [pytest.mark.django_db, pytest.mark.row("A5")]

EVERY = "value: {freq: quarterly, due: [\"03-25\", \"06-25\", \"09-25\", \"12-25\"]}"


def faults(cast: Cast, old: str, new: str) -> str:
    assert old in FIT
    result = checked(FIT.replace(old, new), cast.district)
    return "；".join(fault.words for fault in result.faults)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(EVERY, "value: {freq: regular, every: 0}", id="every no month at all"),
        pytest.param(EVERY, "value: {freq: regular, every: -3}", id="every month before"),
        pytest.param(EVERY, "value: {freq: regular, every: 99999999}", id="every so many months that no calendar has them"),
        pytest.param(EVERY, "value: {freq: yearly, min: 100000000}", id="so many times a year"),
        pytest.param(EVERY, "value: {freq: yearly, min: -1}", id="fewer times than none"),
        pytest.param("n: {setting: reply_days}", "n: 999999999", id="a term beyond all calendars"),
        pytest.param("n: {setting: reply_days}", "n: -5", id="a term that ends before it begins"),
        pytest.param("default: 5, min: 1, max: 20", "default: 999999999", id="a term left open beyond all calendars"),
        pytest.param("key: patrol", "key: p" + "a" * 200, id="a key longer than its column"),
        pytest.param("区水务局", "局" * 121, id="a name longer than its column"),
        pytest.param("QH-1", "QH-1" + "1" * 60, id="a clause longer than its column"),
        pytest.param("title: 青禾区巡河规则", 'title: "青禾\\0区"', id="an empty character"),
        pytest.param("title: 青禾区巡河规则", 'title: "青禾\\ud800区"', id="half a character"),
        pytest.param("区水务局", '"区水务局\\0"', id="an empty character in a name"),
        pytest.param("title: 青禾区巡河规则", "title: " + "长" * 300, id="a title longer than its column"),
    ],
)
def test_what_no_calendar_and_no_database_bears_is_a_fault_of_the_draft(cast: Cast, old: str, new: str) -> None:
    assert faults(cast, old, new)


def test_the_draft_itself_is_fit(cast: Cast) -> None:
    assert checked(FIT, cast.district).faults == ()


@pytest.mark.parametrize("odd", ["\\0", "\\ud800", "\\x07"])
@pytest.mark.parametrize("where", ["title: 通知", "number: 国办发明电〔2029〕7号", "春节"])
def test_a_calendar_year_with_text_that_no_database_keeps_is_refused(cast: Cast, where: str, odd: str) -> None:
    text = (
        "year: 2030\nnotices: [{title: 通知, number: 国办发明电〔2029〕7号, date: 2029-11-01}]\nholidays: {春节: [2030-02-03]}\nworkdays: []\n"
    )
    key, colon, said = where.rpartition(": ")
    refused(load_calendar_year(text.replace(where, f'{key}{colon}"{said}{odd}"'), cast.system_admin), "bad_year")


def test_a_draft_is_not_submitted_while_its_document_is_back_in_review(cast: Cast) -> None:
    draft = written(cast)
    with clock.at(DAY):
        ok(documents.reopen(document_id=draft.document_id, why="有一条读错", acting_user=cast.clerk))
        refused(drafts.submit(draft=draft, acting_user=cast.clerk), "not_ready", "退回审阅")
        ok(documents.finish(document_id=draft.document_id, acting_user=cast.clerk))
        ok(drafts.submit(draft=draft, acting_user=cast.clerk))


def test_whoever_submitted_does_not_pass_by_another_post(cast: Cast) -> None:
    """The submitter holds the office head's post as well, and then as the head's stand-in."""
    draft = submitted(cast)
    own = Holding.objects.create(user=cast.clerk, post=cast.post_of(cast.office_head), from_day=DAY)
    with clock.at(DAY):
        refused(drafts.pass_(draft=draft, opinion="同意", acting_user=cast.clerk), "same_person")
        own.delete()
        Holding.objects.create(user=cast.clerk, post=cast.post_of(cast.office_head), from_day=DAY, until_day=DAY, delegated_from=cast.holding_of(cast.office_head))
        refused(drafts.pass_(draft=draft, opinion="同意", acting_user=cast.clerk), "same_person")


def test_reviewers_are_not_reminded_of_what_was_reviewed_and_told_when_it_comes_back(cast: Cast) -> None:
    draft = submitted(cast)
    waiting = Notice.objects.filter(kind="draft_submitted", state=Notice.State.WAITING)
    assert waiting.exists()
    with clock.at(DAY):
        ok(drafts.send_back(draft=draft, opinion="补充日期", acting_user=cast.office_head))
        assert not waiting.exists()
        ok(drafts.submit(draft=draft, acting_user=cast.clerk))
        assert waiting.exists()
