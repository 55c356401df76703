"""Documents made to break whoever keeps them: dates that are none, words without end, half characters, and others' facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acts import ok, refused
from cast import Cast
from huanze.base import clock
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import documents, facts, relations
from huanze.rules.verdicts import Refusal
from pages import signed_in
from policies.papers import RIVERS, keep, kept

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
DAY = date(2025, 6, 3)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RIVERS.replace("2024年3月5日", "2024年2月30日"), id="a day that is none"),
        pytest.param(RIVERS.replace("2024年3月5日", "2023年2月29日"), id="a leap day of no leap year"),
        pytest.param(RIVERS.replace("2024年3月5日", "9999年12月31日"), id="the last day"),
        pytest.param(RIVERS.replace("2024年3月5日", "0001年1月1日"), id="the first day"),
        pytest.param(RIVERS.replace("河湖考核办法", "河湖考核办法" * 100), id="a title without end"),
        pytest.param(RIVERS.replace("12号", "1" * 300 + "号"), id="a number without end"),
        pytest.param(RIVERS.replace("区水务局会同", "区" + "水" * 5_000 + "局会同"), id="a name without end"),
        pytest.param(RIVERS.replace("15个工作日", "9" * 400 + "个工作日"), id="a term without end"),
        pytest.param(RIVERS.replace("扣2分", "扣" + "9" * 400 + "分"), id="points without end"),
        pytest.param(RIVERS.replace("每月至少巡河2次", "每月至少巡河" + "9" * 400 + "次"), id="a count without end"),
        pytest.param(RIVERS.replace("第六条", "第" + "九" * 200 + "条"), id="a clause without end"),
        pytest.param(RIVERS.replace("（区水务局牵头", "（" * 2_000 + "区水务局牵头"), id="brackets without end"),
        pytest.param("<!doctype html><html><body><article><p>" + RIVERS.replace("\n", "</p><p>&#xD800;&#0;&#x7;") + "</p></article></body></html>", id="half characters in html"),
        pytest.param(RIVERS.replace("各镇", "各\x00镇\x07\ufffe"), id="control characters"),
    ],
)  # fmt: skip
def test_any_document_is_kept_or_refused_in_words(cast: Cast, text: str):
    name = "甲.html" if text.startswith("<!doctype") else "甲.txt"
    with clock.at(DAY):
        answer: Any = keep(cast, text, name=name)
        if isinstance(answer, Refusal):
            assert answer.code == "unreadable"
            return
        assert signed_in(cast.clerk).get(f"/documents/{answer.pk}/").status_code == 200
        ok(facts.accept_all_sure(document_id=answer.pk, acting_user=cast.clerk))
        for fact in answer.facts.filter(decision=Fact.Decision.OPEN):
            ok(facts.drop(fact_id=fact.pk, why="存疑", acting_user=cast.clerk) if fact.kind != "head" else facts.accept(fact_id=fact.pk, acting_user=cast.clerk))
        ok(documents.finish(document_id=answer.pk, acting_user=cast.clerk))


def test_a_document_settled_is_changed_by_no_door(cast: Cast):
    with clock.at(DAY):
        document = kept(cast)
        document.facts.update(decision=Fact.Decision.ACCEPTED)
        ok(documents.finish(document_id=document.pk, acting_user=cast.clerk))
        fact = document.facts.exclude(kind="head").first()
        value = {"kind": "responsibility", "start": 0, "end": 5, "value": {"units": [{"role": "牵头", "name": "甲局"}]}}
        for answer in (
            facts.accept(fact_id=fact.pk, acting_user=cast.clerk), facts.reopen(fact_id=fact.pk, acting_user=cast.clerk),
            facts.drop(fact_id=fact.pk, why="x", acting_user=cast.clerk), facts.correct(fact_id=fact.pk, value=fact.value, acting_user=cast.clerk),
            facts.add(document_id=document.pk, **value, acting_user=cast.clerk), facts.accept_all_sure(document_id=document.pk, acting_user=cast.clerk),
            facts.settle_head(document_id=document.pk, head={"title": "乙"}, acting_user=cast.clerk), documents.finish(document_id=document.pk, acting_user=cast.clerk),
        ):  # fmt: skip
            refused(answer, "wrong_state")
    assert PolicyDocument.objects.get().title != "乙"


def test_another_districts_document_is_not_there_in_any_door(cast: Cast):
    """The numbers of a document, a fact and a relation of a place that a person does not see."""
    with clock.at(DAY):
        document = kept(cast)
        fact, relation = document.facts.first(), document.relations.first()
        client = signed_in(cast.other_clerk)
        paths = [f"/documents/{document.pk}/", f"/documents/{document.pk}/original/", f"/documents/{document.pk}/differences/", f"/documents/facts/{fact.pk}/"]
        assert {client.get(path).status_code for path in paths} == {404}
        for path in (f"/documents/{document.pk}/finish/", f"/documents/{document.pk}/accept-sure/", f"/documents/{document.pk}/head/", f"/documents/facts/{fact.pk}/"):
            assert client.post(path, {"act": "accept"}).status_code == 404, path
        refused(facts.accept(fact_id=fact.pk, acting_user=cast.other_clerk), "wrong_actor")
        refused(relations.unsay(relation_id=relation.pk, acting_user=cast.other_clerk), "wrong_actor")
    assert not document.facts.exclude(decision=Fact.Decision.OPEN).exists()


@pytest.mark.parametrize("place", [(-1, 5), (0, 0), (5, 2), (0, 10**12), (10**12, 10**12 + 1)])
def test_a_fact_is_added_only_within_the_text(cast: Cast, place: tuple[int, int]):
    with clock.at(DAY):
        document = kept(cast)
        count = document.facts.count()
        answer = facts.add(document_id=document.pk, kind="alias", start=place[0], end=place[1], value={"name": "甲", "short": "乙"}, acting_user=cast.clerk)
    refused(answer, "inputs")
    assert document.facts.count() == count
