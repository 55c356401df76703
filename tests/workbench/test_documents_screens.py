"""The pages of documents in a real browser: from a dropped file to a reviewed document by the keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import ok
from browser import findings, sign_in
from cast import Cast
from huanze.base import clock
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import documents, facts
from policies.papers import RIVERS, RULES, fact, kept

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("A1")]
SIZES = [(1366, 768), (390, 844)]


def lived(cast: Cast) -> tuple[PolicyDocument, PolicyDocument]:
    """One document accepted with a change of each sort, one under review that cites it."""
    with clock.at(date(2025, 4, 1)):
        done, open_ = kept(cast, RULES), kept(cast)
        one = done.facts.get(kind="obligation")
        ok(facts.correct(fact_id=one.pk, value={**one.value, "obliged": ["市水务局"]}, why="各区由市局统一安排", acting_user=cast.clerk))
        ok(facts.drop(fact_id=done.facts.filter(kind="responsibility").first().pk, why="与条文重复", acting_user=cast.clerk))
        ok(facts.accept_all_sure(document_id=done.pk, acting_user=cast.clerk))
        for left in done.facts.filter(decision="open"):
            ok(facts.accept(fact_id=left.pk, acting_user=cast.clerk))
        ok(documents.finish(document_id=done.pk, acting_user=cast.office_head))
        Fact.objects.filter(document=open_, kind="threshold").update(doubtful=True)
    return done, open_


@pytest.mark.row("J4")
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_finding_or_is_too_wide(screen, cast, size):
    done, open_ = lived(cast)
    one = fact(open_, "obligation", kind="effective_date")
    paths = [reverse("documents"), reverse("documents") + "?text=没有", reverse("document_new"), reverse("document_fact_add", args=[open_.pk])]
    paths += [reverse("document", args=[d.pk]) for d in (done, open_)] + [reverse("document", args=[open_.pk]) + "?show=changed"]
    paths += [reverse(name, args=[done.pk]) for name in ("document_differences", "document_status", "document_relation", "document_reopen")]
    paths += [reverse(name, args=[one.pk]) for name in ("document_fact_form", "document_fact_drop")]
    page = screen(*size)
    sign_in(page, "clerk")
    for path in paths:
        page.goto(path)
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_dropped_file_is_read_and_corrected_by_the_keyboard(screen, cast):
    page = screen()
    sign_in(page, "clerk")
    page.goto(reverse("documents"))
    data = page.evaluate_handle(
        "bytes => { const d = new DataTransfer(); d.items.add(new File([new Uint8Array(bytes)], '考核办法.txt')); return d; }", list(RIVERS.encode("gb18030"))
    )
    page.dispatch_event(".hz-drop", "drop", {"dataTransfer": data})
    page.get_by_role("heading", name="青禾区河湖考核办法").wait_for()
    document = PolicyDocument.objects.get()
    assert document.encoding == "gb18030"
    points = fact(document, "deduction", points=2)

    # a mark in the text leads to its fact, and the keys act on it
    page.locator(f'#text [data-facts~="{points.pk}"].hz-mark').click()
    page.locator(f"#f-{fact(document, 'threshold', value=2).pk}.hz-current").wait_for()
    page.keyboard.press("j")
    page.locator(f"#f-{points.pk}.hz-current").wait_for()
    page.keyboard.press("e")
    page.get_by_label("扣分", exact=False).first.wait_for()
    assert findings(page) == []
    page.locator(f"#v{points.pk}-points").fill("零")
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("应为正整数").wait_for()
    page.locator(f"#v{points.pk}-points").fill("3")
    page.keyboard.press("Enter")
    page.locator(f'#f-{points.pk}[data-decision="corrected"]').wait_for()
    page.get_by_text(f"已处理 1 / {document.facts.count()} 项").wait_for()

    # the next open one took the focus; a accepts it, x drops the one after
    following = list(document.facts.filter(order__gt=points.order).order_by("order")[:3])
    page.locator(f"#f-{following[0].pk}.hz-current").wait_for()
    page.keyboard.press("a")
    page.locator(f'#f-{following[0].pk}[data-decision="accepted"]').wait_for()
    page.locator(f"#f-{following[1].pk}.hz-current").wait_for()
    page.keyboard.press("x")
    page.get_by_label("剔除的理由").fill("与扣分重复")
    page.keyboard.press("Enter")
    page.locator(f'#f-{following[1].pk}[data-decision="dropped"]').wait_for()
    page.locator(f"#f-{following[2].pk}.hz-current").wait_for()
    page.keyboard.press("e")
    page.locator(f"#f-{following[2].pk} [data-fact-form] :focus").wait_for()  # the cursor is in the form
    page.keyboard.press("Escape")
    page.locator(f'#f-{following[2].pk} [data-do="accept"]').wait_for()
    decided = {f.pk: f.decision for f in document.facts.exclude(decision="open")}
    assert decided == {points.pk: "corrected", following[0].pk: "accepted", following[1].pk: "dropped"}


def test_a_selected_piece_is_added(screen, cast):
    with clock.at(date(2025, 4, 1)):
        document = kept(cast, RIVERS.replace("发出提醒函", "发出𠀀提醒函"))
    page = screen()
    sign_in(page, "clerk")
    page.goto(reverse("document", args=[document.pk]))
    page.evaluate(
        """() => { const walk = document.createTreeWalker(document.getElementById('text'), NodeFilter.SHOW_TEXT);
          for (let n = walk.nextNode(); n; n = walk.nextNode()) { const at = n.data.indexOf('提醒函');
            if (at >= 0) { const r = document.createRange(); r.setStart(n, at); r.setEnd(n, at + 3);
              n.parentElement.scrollIntoView(); getSelection().removeAllRanges(); getSelection().addRange(r); return; } } }"""
    )
    page.get_by_role("button", name="补充为一项").click()
    page.locator("#hz-add").get_by_role("link", name="扣分").click()
    assert page.get_by_label("原文").input_value() == "提醒函"
    assert findings(page) == []
    page.locator("#add-points").fill("4")
    page.get_by_role("button", name="补充扣分").click()
    page.get_by_text("情形：请填写此项").wait_for()
    page.locator("#add-event").fill("提醒后不整改")
    page.get_by_role("button", name="补充扣分").click()
    page.get_by_text("已补充一项扣分").wait_for()
    made = Fact.objects.get(document=document, decision="added")
    assert (document.text[made.start : made.end], made.clause, made.value["points"]) == ("提醒函", "第五条", 4)
    page.locator(f"#f-{made.pk}.hz-current").wait_for()
