"""The pages of documents: uploading, the text beside what was found, deciding, finishing, the diff (A1)."""

import html
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from acts import ok
from huanze.base import clock
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import documents, facts
from huanze.workbench.views.documents_marks import PART, part_at
from pages import signed_in
from policies.papers import RIVERS, RULES, fact, kept, page

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1")]

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/documents/1/?show=open"}


@pytest.fixture(autouse=True)
def _day():
    with clock.at(date(2025, 4, 1)):
        yield


def sent(cast, *files, who="clerk", **more):
    given = {"kept_by": cast.office.pk, "source": "门户网站", "file": [named(name, data) for name, data in files]}
    return signed_in(getattr(cast, who)).post(reverse("document_new"), given | more)


def named(name, data):
    stream = io.BytesIO(data)
    stream.name = name
    return stream


def shown(cast, document, who="clerk", **query):
    return signed_in(getattr(cast, who)).get(reverse("document", args=[document.pk]), query).content.decode()


def pane(text):
    """The characters of the text pane, as a browser would have them."""
    inside = text[text.index('id="text"') :]
    inside = inside[inside.index(">") + 1 : inside.index("</section>")]
    return html.unescape(re.sub(r"<[^>]+>", "", inside))


# ---- uploading


def test_an_upload_is_read_and_opens_its_page(cast):
    answer = sent(cast, ("考核办法.txt", RIVERS.encode("gb18030")))
    document = PolicyDocument.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("document", args=[document.pk]))
    assert (document.encoding, document.source, document.added_by) == ("gb18030", "门户网站", cast.clerk)


def test_several_files_come_in_one_by_one(cast):
    answer = sent(cast, ("a.txt", RIVERS.encode()), ("b.doc", b"\xd0\xcf\x11\xe0" + b"0" * 600), ("c.txt", RULES.encode()))
    assert (answer.status_code, answer.headers["Location"], PolicyDocument.objects.count()) == (302, reverse("documents"), 2)
    said = signed_in(cast.clerk)
    said.cookies = answer.cookies
    assert PolicyDocument.objects.filter(title="清和市河湖管理条例").exists()


@pytest.mark.parametrize(
    ("file", "more", "word"),
    [
        (("a.doc", b"\xd0\xcf\x11\xe0" + b"0" * 600), {}, ".docx"),
        (("a.txt", b""), {}, "空"),
        (("a.txt", RIVERS.encode()), {"kept_by": ""}, "请选择保存单位"),
        (("a.txt", RIVERS.encode()), {"kept_by": "x"}, "请选择保存单位"),
        (("a.txt", RIVERS.encode()), {"source": "长" * 301}, "不超过300字"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_what_was_written(cast, file, more, word):
    answer = sent(cast, file, **more)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert "hz-upload" in answer.content.decode()
    assert not PolicyDocument.objects.exists()


def test_more_files_than_ten_and_none_at_all_are_refused(cast):
    assert "一次最多上传10份" in sent(cast, *[(f"{n}.txt", b"x") for n in range(11)]).content.decode()
    assert "请选择要上传的文件" in sent(cast).content.decode()


def test_the_same_upload_twice_says_who_keeps_it(cast):
    sent(cast, ("a.txt", RIVERS.encode()))
    assert "周敏" in sent(cast, ("a.txt", RIVERS.encode()), who="office_head").content.decode()


def test_a_web_page_is_given_back_only_to_be_saved(cast):
    document = kept(cast, page(RIVERS), name="公示.html")
    answer = signed_in(cast.town_head).get(reverse("document_original", args=[document.pk]))
    assert b"".join(answer.streaming_content) == page(RIVERS)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["X-Content-Type-Options"], "sandbox" in answer.headers["Content-Security-Policy"]) == ("nosniff", True)


# ---- the page of review


def test_the_page_adds_not_a_character_to_the_text(cast):
    document = kept(cast, RIVERS.replace("制定本办法", "制定<b>本</b>&amp;办法𠀀"))
    text = shown(cast, document)
    assert pane(text) == document.text
    assert "<b>本</b>" not in text
    for one in document.facts.exclude(kind="clause"):
        assert f'id="m-{one.pk}"' in text, one
    for one in document.facts.exclude(kind="head"):
        assert f'id="f-{one.pk}"' in text, one


def test_a_mark_under_several_facts_names_them_all(cast):
    document = kept(cast)
    limit, points = fact(document, "threshold", value=5), fact(document, "deduction", points=5)
    assert (limit.start, limit.end) == (points.start, points.end)
    assert f'data-facts="{limit.pk} {points.pk}" data-sign="限扣"' in shown(cast, document)


def test_who_may_only_look_gets_no_buttons(cast):
    document = kept(cast)
    mine, theirs = shown(cast, document), shown(cast, document, who="town_head")
    assert ("data-do=" in mine, "完成审定" in mine, "保存并审定文件头" in mine) == (True, True, True)
    assert ("data-do=" in theirs, "完成审定" in theirs, "保存并审定文件头" in theirs) == (False, False, False)
    assert signed_in(cast.other_clerk).get(reverse("document", args=[document.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "cards"),
    [({"show": "open"}, 21), ({"show": "doubtful"}, 0), ({"show": "changed"}, 2), ({"kind": "deduction"}, 2), ({"kind": "deduction", "show": "open"}, 1), ({"show": "x", "kind": "y"}, 23)],
)
def test_facts_are_filtered(cast, query, cards):
    document = kept(cast)
    ok(facts.drop(fact_id=fact(document, "threshold", value=5).pk, why="重复", acting_user=cast.clerk))
    one = fact(document, "deduction", points=5)
    ok(facts.correct(fact_id=one.pk, value={**one.value, "points": 6}, acting_user=cast.clerk))
    assert len(re.findall(r'<li class="hz-fact', shown(cast, document, **query))) == cards


def test_the_page_costs_the_same_however_many_facts(cast, django_assert_max_num_queries):
    document = kept(cast, RIVERS * 6)
    client = signed_in(cast.clerk)
    with django_assert_max_num_queries(34):
        assert client.get(reverse("document", args=[document.pk])).status_code == 200


def test_a_long_text_comes_in_parts_that_make_up_the_whole(cast):
    long = RIVERS + "".join(f"第{n}段没有任何规定的文字，只是说明情况。\n" for n in range(4000))
    document = kept(cast, long)
    text = shown(cast, document)
    first = part_at(document.text, 0)
    assert f"全文较长，分 {first.count} 段显示，现为第 1 段" in text
    assert first.count == -(-len(document.text) // PART) or first.count >= 3
    assert "".join(pane(shown(cast, document, at=start)) for start in first.starts) == document.text
    assert part_at("字" * (PART + 1), PART).number == 2
    assert part_at("字" * PART, PART).count == 1
    assert part_at("", 0).count == 1


# ---- deciding


def test_a_fact_is_accepted_on_the_spot_and_the_counts_come_with_it(cast):
    document = kept(cast)
    one = fact(document, "deduction", points=2)
    answer = signed_in(cast.clerk).post(reverse("document_fact", args=[one.pk]), {"act": "accept"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert (text.count("<li"), 'data-decision="accepted"' in text, 'hx-swap-oob="true"' in text) == (1, True, True)
    assert f"已处理 1 / {document.facts.count()} 项" in text
    again = signed_in(cast.clerk).post(reverse("document_fact", args=[one.pk]), {"act": "accept"}, headers=HTMX)
    assert (again.status_code, "已经采纳" in again.content.decode()) == (422, True)
    plain = signed_in(cast.clerk).post(reverse("document_fact", args=[one.pk]), {"act": "reopen"})
    assert plain.headers["Location"] == f"{reverse('document', args=[document.pk])}?at={one.start}#f-{one.pk}"


def test_a_correction_is_refused_at_its_field_and_then_taken(cast):
    document = kept(cast)
    one = fact(document, "deduction", points=2)
    client, path = signed_in(cast.clerk), reverse("document_fact_form", args=[one.pk])
    assert 'name="points" value="2"' in client.get(path, headers=HTMX).content.decode()
    given = {"clause": "第四条/(一)", "points": "二", "event": "一般问题逾期", "why": ""}
    answer = client.post(path, given, headers=HTMX)
    text = answer.content.decode()
    assert (answer.status_code, "应为正整数" in text, 'value="二"' in text, 'aria-invalid="true"' in text) == (422, True, True, True)
    assert client.post(path, given | {"points": "3"}, headers=HTMX).status_code == 200
    one.refresh_from_db()
    assert (one.decision, one.value["points"], one.machine["points"], one.value["snippet"]) == ("corrected", 3, 2, one.machine["snippet"])
    shown_diff = client.get(reverse("document_differences", args=[document.pk])).content.decode()
    assert ("扣分：" in shown_diff, ">2</del>" in shown_diff, ">3</ins>" in shown_diff, "周敏" in shown_diff) == (True,) * 4


def test_a_drop_without_a_reason_is_refused(cast):
    one = fact(kept(cast), "threshold", value=2)
    client, path = signed_in(cast.clerk), reverse("document_fact_drop", args=[one.pk])
    assert client.post(path, {"why": " "}).status_code == 422
    assert client.post(path, {"why": "与扣分重复"}).status_code == 302
    one.refresh_from_db()
    assert (one.decision, one.why) == ("dropped", "与扣分重复")


def test_a_piece_of_the_text_becomes_a_fact(cast):
    document = kept(cast)
    client, path = signed_in(cast.clerk), reverse("document_fact_add", args=[document.pk])
    start = document.text.index("发出提醒函")
    asked = client.get(path, {"start": start, "end": start + 5, "kind": "deduction"}).content.decode()
    assert ("发出提醒函</textarea>" in asked, 'value="第五条"' in asked) == (True, True)
    given = {"kind": "deduction", "quote": "发出提醒函", "points": "", "event": "不整改", "clause": ""}
    refused = client.post(path, given)
    assert (refused.status_code, "请填写此项" in refused.content.decode()) == (422, True)
    unknown = client.post(path, given | {"points": "3", "quote": "没有这句话"})
    assert (unknown.status_code, "选取" in unknown.content.decode()) == (422, True)
    assert client.post(path, given | {"points": "3"}).status_code == 302
    made = Fact.objects.get(document=document, decision="added")
    assert (made.start, made.end, made.clause, made.machine) == (start, start + 5, "第五条", None)
    for rubbish in ({"kind": "x"}, {"kind": "head", "quote": "发"}, {}, {"start": "-1", "end": "9" * 30}):
        assert client.post(path, rubbish).status_code == 422


def test_the_head_is_settled_by_its_form(cast):
    document = kept(cast)
    client, path = signed_in(cast.clerk), reverse("document_head", args=[document.pk])
    given = {"title": "青禾区河湖考核办法", "doc_number": "", "date": "2024-03-05", "issuers": "青禾区人民政府办公室", "main_recipient": "各镇人民政府", "disclosure": "公开发布"}
    wrong = client.post(path, given | {"title": ""})
    assert (wrong.status_code, "标题：请填写此项" in wrong.content.decode()) == (422, True)
    assert client.post(path, given).status_code == 302
    document.refresh_from_db()
    assert (document.number, document.facts.filter(kind="head", decision="open").count()) == ("", 0)
    assert "机读为青禾政办发〔2024〕12号" in shown(cast, document)


def test_from_the_sure_ones_to_the_end_and_back(cast):
    document = kept(cast)
    Fact.objects.filter(pk=fact(document, "deduction", points=5).pk).update(doubtful=True)
    client = signed_in(cast.clerk)

    def press(name, **given):
        return client.post(reverse(name, args=[document.pk]), given, follow=True).content.decode()

    assert "还有1项没有审定" in press("document_accept_sure") + press("document_finish")
    client.post(reverse("document_fact", args=[fact(document, "deduction", points=5).pk]), {"act": "accept"})
    text = press("document_finish")
    assert ("文件已审定" in text, "已审定" in text, "data-do=" in text) == (True, True, False)
    assert "请填写此项" in press("document_reopen", why="")
    assert "已退回审阅" in press("document_reopen", why="漏了一条")
    assert "漏了一条" in shown(cast, document)


# ---- force and kin


def test_force_and_kin_are_said_on_pages_of_their_own(cast):
    old, new = kept(cast), kept(cast, RULES)
    client = signed_in(cast.clerk)
    path = reverse("document_status", args=[old.pk])
    assert "请选择替代它的文件" in client.post(path, {"status": "replaced", "why": "换发"}).content.decode()
    assert client.post(path, {"status": "replaced", "why": "换发", "other": new.pk}).status_code == 302
    assert "已被替代" in shown(cast, old)
    assert "替代本文件" in shown(cast, old)
    kin = reverse("document_relation", args=[new.pk])
    assert client.post(kin, {"kind": "cites"}).status_code == 422
    assert client.post(kin, {"kind": "cites", "number": "环水〔2020〕1号"}).status_code == 302
    row = new.relations.get(number="环水〔2020〕1号")
    assert "未保存" in shown(cast, new)
    client.post(reverse("document_unrelate", args=[row.pk]))
    assert not new.relations.filter(pk=row.pk).exists()


def test_a_document_that_may_not_be_seen_is_told_by_number_only(cast):
    town = kept(cast, RULES, by=cast.town_head, kept_by=cast.town_gov, region=cast.town)
    district = kept(cast)
    district.relations.update(target=town)
    assert reverse("document", args=[town.pk]) in shown(cast, district)
    text = shown(cast, district, who="neighbour_head")
    assert (reverse("document", args=[town.pk]) in text, "清政发〔2021〕7号" in text) == (False, True)


def test_the_list_shows_force_progress_and_what_to_do_when_empty(cast):
    client, path = signed_in(cast.clerk), reverse("documents")
    assert "还没有文件" in client.get(path).content.decode()
    document = kept(cast)
    ok(facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk))
    assert "已逐项处理，待审定" in client.get(path).content.decode()
    ok(documents.finish(document_id=document.pk, acting_user=cast.clerk))
    assert "已审定" in client.get(path, {"stage": "accepted"}).content.decode()
    assert "没有符合条件的文件" in client.get(path, {"text": "不存在", "after": "abc"}).content.decode()
