"""Documents kept as they came: who keeps, what comes in, what is found, who sees it, how they are tied together (A1)."""

from datetime import date

import pytest

from acts import ok, refused
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.evidence import storage
from huanze.evidence.models import File
from huanze.policies.models import Fact, PackDraft, PolicyDocument, Relation
from huanze.policies.selectors.documents import cited_by, cites, documents_page, visible_documents
from huanze.policies.services import documents, facts, relations
from policies.papers import RIVERS, RULES, docx, fact, keep, kept, page

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1")]

DAY = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def _day():
    with clock.at(DAY):
        yield


def kinds(document):
    return {kind: document.facts.filter(kind=kind).count() for kind in Fact.Kind.values if document.facts.filter(kind=kind).exists()}


def test_a_document_is_kept_with_its_bytes_its_head_and_what_was_found(cast):
    document = kept(cast)
    assert (document.title, document.number, document.date) == ("青禾区河湖考核办法", "青禾政办发〔2024〕12号", date(2024, 3, 5))
    assert (document.issuers, document.form, document.encoding) == (["青禾区人民政府办公室"], "txt", "utf-8")
    assert (document.stage, document.status, document.added_by, document.source) == ("reviewing", "in_force", cast.clerk, "区政府办转来")
    assert storage.path_of(document.file.sm3).read_bytes() == RIVERS.encode()
    assert document.file.media_type == "text/plain"
    found = kinds(document)
    assert (found["clause"], found["head"], found["deduction"], found["citation"], found["responsibility"]) == (10, 6, 2, 1, 1)
    assert list(document.facts.values_list("order", flat=True)) == list(range(1, document.facts.count() + 1))
    assert fact(document, "deduction", points=2).clause == "第四条/(一)"
    assert Entry.objects.get(action="policies.keep_document").object_id == str(document.pk)


def test_every_span_is_the_text_it_names(cast):
    document = kept(cast)
    duty = fact(document, "obligation", kind="effective_date")
    assert document.text[duty.start : duty.end].startswith("自2024年4月1日起")
    points = fact(document, "deduction", points=5)
    assert "扣5分" in document.text[points.start : points.end]
    starts = list(document.facts.values_list("start", flat=True))
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("name", "data", "form", "encoding", "media_type"),
    [
        ("a.txt", RIVERS.encode("gb18030"), "txt", "gb18030", "text/plain"),
        ("a.txt", RIVERS.encode("utf-16"), "txt", "utf-16", "text/plain"),
        ("a.txt", b"\xef\xbb\xbf" + RIVERS.replace("\n", "\r\n").encode(), "txt", "utf-8-sig", "text/plain"),
        ("a.html", page(RIVERS), "html", "utf-8", "application/octet-stream"),
        ("a.docx", docx(RIVERS), "docx", "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_the_usual_forms_and_encodings_read_alike(cast, name, data, form, encoding, media_type):
    document = kept(cast, data, name=name)
    assert (document.form, document.encoding, document.file.media_type) == (form, encoding, media_type)
    assert (document.title, document.facts.filter(kind="deduction").count()) == ("青禾区河湖考核办法", 2)
    assert storage.path_of(document.file.sm3).read_bytes() == data


def test_what_no_database_keeps_is_taken_out_and_told(cast):
    document = kept(cast, RIVERS + "没有规定的一段话。" * 600 + "结尾\0处。")
    assert "\0" not in document.text
    assert any("␀" in repair["before"] for repair in document.repairs)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\x00" * 50, bytes(range(256)), "𠀀".encode() * 40, b"<html>", "第一条".encode() * 3000, "《".encode() * 5000])
def test_any_bytes_are_kept_or_refused_in_words(cast, data):
    answer = keep(cast, data)
    assert isinstance(answer, PolicyDocument) or answer.reason


def test_a_document_without_a_title_goes_by_its_file_name(cast):
    document = kept(cast, "一、各区每年至少召开一次会议。\n", name="某地要求（终稿）.txt")
    assert document.title == "某地要求（终稿）"
    ok(facts.settle_head(document_id=document.pk, head={"title": "某地要求"}, acting_user=cast.clerk))
    document.refresh_from_db()
    assert (document.title, document.facts.get(kind="head").machine) == ("某地要求", None)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.txt", b"", "空"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"0" * 600, ".docx"),
        ("a.docx", b"PK\x03\x04broken", "打不开"),
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 8, "编码"),
        ("a.png", b"\x89PNG\r\n\x1a\n0000", "图片"),
    ],
)
def test_what_cannot_be_read_is_not_kept(cast, name, data, word):
    refused(keep(cast, data, name=name), "unreadable", word, name)
    assert not PolicyDocument.objects.exists()
    assert not File.objects.exists()


def test_twenty_megabytes_come_in_and_a_byte_more_does_not(cast):
    full = RIVERS.encode()
    full += b"\n" * (20 * 1024 * 1024 - len(full))
    refused(keep(cast, full + b"\n"), "file_too_large", "20 MB", "拆分")
    assert kept(cast, full).file.size == 20 * 1024 * 1024


def test_the_same_bytes_are_kept_once_in_a_place(cast):
    first = kept(cast)
    again = refused(keep(cast, name="另一个名字.txt", by=cast.office_head), "already", "周敏", "2025年4月1日", first.title)
    assert again.fields == {"file": "已经保存过"}
    other = kept(cast, region=cast.other_district, kept_by=cast.other_office, by=cast.other_clerk)
    assert other.region == cast.other_district


@pytest.mark.parametrize(
    ("who", "unit", "place"),
    [
        ("town_liaison", "office", "district"),
        ("town_liaison", "town_gov", "district"),
        ("clerk", "housing", "district"),
        ("other_clerk", "office", "district"),
        ("system_admin", "office", "district"),
    ],
)
def test_nobody_keeps_in_the_name_of_a_body_he_is_not_of(cast, who, unit, place):
    given = {"by": getattr(cast, who), "kept_by": getattr(cast, unit), "region": getattr(cast, place)}
    refused(keep(cast, **given), "wrong_actor")
    assert not PolicyDocument.objects.exists()


@pytest.mark.parametrize(("who", "unit", "place"), [("lead_liaison", "housing", "district"), ("mayor", "government", "district"), ("town_head", "town_gov", "town")])
def test_a_body_keeps_for_its_own_place(cast, who, unit, place):
    document = kept(cast, by=getattr(cast, who), kept_by=getattr(cast, unit), region=getattr(cast, place))
    assert (document.kept_by, document.region) == (getattr(cast, unit), getattr(cast, place))


@pytest.mark.row("J6")
def test_a_document_is_seen_in_its_place_above_it_by_office_and_below_it_by_all(cast):
    district, town = kept(cast), kept(cast, RULES, by=cast.town_head, kept_by=cast.town_gov, region=cast.town)

    def seen(who):
        return set(visible_documents(getattr(cast, who)))

    assert seen("clerk") == seen("mayor") == seen("town_liaison") == {district, town}
    assert seen("lead_liaison") == seen("neighbour_head") == {district}
    assert seen("other_clerk") == set()
    assert seen("system_admin") == set()


def test_the_list_is_filtered_searched_and_paged_without_a_query_per_row(cast, django_assert_max_num_queries):
    first = kept(cast)
    second = kept(cast, RULES, name="条例.txt")
    ok(documents.set_status(document_id=second.pk, status="repealed", why="已有新条例", acting_user=cast.clerk))
    with django_assert_max_num_queries(4):
        rows = documents_page(cast.clerk).rows
    assert [(r.document, r.total, r.open) for r in rows] == [(d, d.facts.count(), d.facts.count()) for d in (second, first)]

    def shown(**asked):
        return [r.document for r in documents_page(cast.clerk, **asked).rows]

    assert shown(status="repealed") == [second]
    assert shown(status="in_force", stage="reviewing") == [first]
    assert shown(text="12号") == shown(text="考核办法") == [first]
    assert shown(text="没有") == shown(stage="accepted") == []
    assert shown(after=second.pk) == [first]
    assert shown(before=first.pk) == [second]


# ---- citations


def test_what_is_cited_is_tied_when_it_is_kept_before_or_after(cast):
    rivers = kept(cast)
    found = rivers.relations.get(number="清政发〔2021〕7号")
    assert (found.kind, found.title, found.clause, found.target) == ("implements", "清和市河湖管理条例", "第一条", None)
    rules = kept(cast, RULES)
    assert rivers.relations.get(number="清政发〔2021〕7号").target == rules
    later = kept(cast, RIVERS.replace("12号", "13号"))
    assert later.relations.get(number="清政发〔2021〕7号").target == rules
    assert {r.document for r in cited_by(rules, cast.clerk)} == {rivers, later}
    assert [r.target for r in cites(rivers, cast.clerk)] == [rules]


def test_a_document_of_another_place_is_never_tied(cast):
    rivers = kept(cast)
    kept(cast, RULES, region=cast.other_district, kept_by=cast.other_office, by=cast.other_clerk)
    assert rivers.relations.get().target is None


def test_a_document_of_the_town_is_tied_to_that_of_the_district_but_not_the_reverse(cast):
    town = kept(cast, by=cast.town_head, kept_by=cast.town_gov, region=cast.town)
    rules = kept(cast, RULES)
    assert town.relations.get().target == rules
    rules.delete()
    district = kept(cast)
    kept(cast, RULES, by=cast.town_head, kept_by=cast.town_gov, region=cast.town)
    assert district.relations.get().target is None


def test_a_relation_is_said_and_unsaid_by_name(cast):
    rivers, rules = kept(cast), kept(cast, RULES)
    made = ok(relations.say(document_id=rules.pk, kind="cites", target=rivers, acting_user=cast.clerk))
    assert (made.target, made.said_by) == (rivers, cast.clerk)
    refused(relations.say(document_id=rules.pk, kind="cites", target=rivers, acting_user=cast.clerk), "already")
    refused(relations.say(document_id=rules.pk, kind="cites", target=rules, acting_user=cast.clerk), "inputs", "自身")
    refused(relations.say(document_id=rules.pk, kind="cites", acting_user=cast.clerk), "inputs", "文号")
    refused(relations.say(document_id=rules.pk, kind="cites", title="某法", acting_user=cast.other_clerk), "wrong_actor")
    refused(relations.unsay(relation_id=made.pk, acting_user=cast.town_head), "wrong_actor")
    ok(relations.unsay(relation_id=made.pk, acting_user=cast.office_head))
    assert not Relation.objects.filter(pk=made.pk).exists()
    assert Entry.objects.filter(action="policies.unrelate_documents").exists()


def test_a_corrected_citation_moves_the_tie(cast):
    rivers, rules = kept(cast), kept(cast, RULES)
    cited = fact(rivers, "citation")
    ok(facts.correct(fact_id=cited.pk, value={**cited.value, "number": "清政发〔2020〕1号"}, acting_user=cast.clerk))
    assert list(rivers.relations.values_list("number", "target")) == [("清政发〔2020〕1号", None)]
    ok(facts.correct(fact_id=cited.pk, value={**cited.value, "number": "清政发[2021] 7 号"}, acting_user=cast.clerk))
    assert list(rivers.relations.values_list("number", "target")) == [("清政发〔2021〕7号", rules.pk)]
    ok(facts.drop(fact_id=cited.pk, why="只是举例", acting_user=cast.clerk))
    assert not rivers.relations.exists()


# ---- reviewed to the end


def all_decided(cast, document):
    ok(facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk))
    for left in document.facts.filter(decision="open"):
        ok(facts.accept(fact_id=left.pk, acting_user=cast.clerk))


def test_a_document_is_accepted_when_every_fact_is_decided_and_not_before(cast):
    document = kept(cast)
    left = fact(document, "deduction", points=5)
    Fact.objects.filter(pk=left.pk).update(doubtful=True)
    ok(facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk))
    refused(documents.finish(document_id=document.pk, acting_user=cast.clerk), "not_ready", "还有1项", "第四条/(二)")
    ok(facts.accept(fact_id=left.pk, acting_user=cast.clerk))
    done = ok(documents.finish(document_id=document.pk, acting_user=cast.office_head))
    assert (done.stage, done.accepted_by, clock.today()) == ("accepted", cast.office_head, DAY)
    refused(documents.finish(document_id=document.pk, acting_user=cast.clerk), "wrong_state")


def test_the_unit_that_keeps_it_and_the_office_work_on_a_document(cast):
    document = kept(cast, kept_by=cast.housing, by=cast.lead_liaison)
    first, second = document.facts.all()[:2]
    ok(facts.accept(fact_id=first.pk, acting_user=cast.lead_head))
    ok(facts.accept(fact_id=second.pk, acting_user=cast.clerk))
    refused(documents.set_status(document_id=document.pk, status="repealed", why="废", acting_user=cast.water_head), "wrong_actor")


@pytest.mark.parametrize("who", ["town_head", "water_head", "leader", "other_clerk", "audit_admin"])
def test_others_look_and_do_not_touch(cast, who):
    document, person = kept(cast), getattr(cast, who)
    one = document.facts.first()
    for answer in (
        facts.accept(fact_id=one.pk, acting_user=person), facts.accept_all_sure(document_id=document.pk, acting_user=person),
        facts.drop(fact_id=one.pk, why="不是", acting_user=person), documents.finish(document_id=document.pk, acting_user=person),
        documents.reopen(document_id=document.pk, why="改", acting_user=person),
        documents.set_status(document_id=document.pk, status="repealed", why="废", acting_user=person),
    ):  # fmt: skip
        refused(answer, "wrong_actor")
    assert not document.facts.exclude(decision="open").exists()


@pytest.mark.parametrize(("state", "may"), [("draft", True), ("returned", True), ("submitted", False), ("passed", False)])
def test_an_accepted_document_goes_back_while_no_pack_of_it_was_submitted(cast, state, may):
    document = kept(cast)
    all_decided(cast, document)
    refused(documents.reopen(document_id=document.pk, why="漏项", acting_user=cast.clerk), "wrong_state", "正在审阅")
    ok(documents.finish(document_id=document.pk, acting_user=cast.clerk))
    refused(facts.accept(fact_id=document.facts.first().pk, acting_user=cast.clerk), "wrong_state", "已经审定")
    PackDraft.objects.create(document=document, code="qh", machine="a", text="a", state=state, made_by=cast.clerk)
    refused(documents.reopen(document_id=document.pk, why=" ", acting_user=cast.clerk), "inputs", "理由")
    answer = documents.reopen(document_id=document.pk, why="漏了一项", acting_user=cast.clerk)
    assert bool(answer) is may
    document.refresh_from_db()
    assert (document.stage, document.accepted_by is None) == (("reviewing", True) if may else ("accepted", False))


# ---- in and out of force


def test_a_document_is_replaced_by_another_and_comes_back(cast):
    old, new = kept(cast), kept(cast, RIVERS.replace("12号", "20号"))
    refused(documents.set_status(document_id=old.pk, status="replaced", why="换发", acting_user=cast.clerk), "inputs", "替代它的文件")
    refused(documents.set_status(document_id=old.pk, status="replaced", why="换发", other=old, acting_user=cast.clerk), "inputs", "自身")
    refused(documents.set_status(document_id=old.pk, status="replaced", why="", other=new, acting_user=cast.clerk), "inputs", "理由")
    refused(documents.set_status(document_id=old.pk, status="in_force", why="有效", acting_user=cast.clerk), "inputs", "已经是")
    refused(documents.set_status(document_id=old.pk, status="void", why="有效", acting_user=cast.clerk), "inputs", "列表")
    ok(documents.set_status(document_id=old.pk, status="replaced", why="换发新办法", other=new, acting_user=cast.clerk))
    assert [(r.document, r.kind, r.said_by) for r in cited_by(old, cast.clerk)] == [(new, "replaces", cast.clerk)]
    ok(documents.set_status(document_id=old.pk, status="in_force", why="认定有误", acting_user=cast.clerk))
    assert cited_by(old, cast.clerk) == []
    said = Entry.objects.filter(action="policies.document_status", object_id=str(old.pk)).order_by("seq")
    assert ["换发新办法" in said[0].payload, "认定有误" in said[1].payload] == [True, True]


def test_another_text_of_the_same_document_is_an_alias(cast):
    first, second = kept(cast), kept(cast, docx(RIVERS), name="a.docx")
    ok(documents.set_status(document_id=second.pk, status="alias", why="同一文件的扫描稿", other=first, acting_user=cast.clerk))
    row = second.relations.get(kind="alias")
    assert (row.target, second.relations.model.objects.filter(document=first, kind="alias").exists()) == (first, False)
