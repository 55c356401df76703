"""One renderer for every step: what is drawn can be read back, and every error finds its field."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from huanze.problems.inputs import INPUTS, PlanContent, parse
from huanze.rules.verdicts import Refusal
from huanze.workbench.step_form import Box, Drawing, Option, draw, read


def post(**values: object) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in values.items():
        made.setlist(name.replace("__", "."), value if isinstance(value, list) else [str(value)])
    return made


def box(name: str, given: dict[str, object], errors: dict[str, str] | None = None) -> dict[str, Box]:
    return draw(INPUTS[name], Drawing(given, errors or {}, lambda widget: [Option("1", "住建局"), Option("2", "水务局")])).named


@pytest.mark.parametrize("name", INPUTS)
def test_every_step_can_be_drawn_and_every_field_has_a_label(name: str) -> None:
    html = render_to_string("step/form.html", {"form": draw(INPUTS[name], Drawing({}))})
    for info in INPUTS[name].model_fields.values():
        assert info.title is not None and info.title in html or info.title == "措施落实情况"


def test_rows_are_read_in_the_order_of_their_numbers_and_empty_rows_are_left_out() -> None:
    given = post(
        kind="immediate", target="水面清洁", deadline="2026-09-30",
        measures__10__text="清淤两百米", measures__10__due="2026-08-01", measures__2__text="截污纳管", measures__2__due="",
        measures__11__text="", measures__11__due="",
    )  # fmt: skip
    found = read(PlanContent, given)
    assert found["measures"] == [{"text": "截污纳管"}, {"text": "清淤两百米", "due": "2026-08-01"}]
    assert found["common"] is False
    assert not isinstance(parse("save_plan", found), Refusal)


def test_order_of_units_is_the_order_on_the_page_and_empty_places_are_left_out() -> None:
    assert read(INPUTS["assign"], post(main_unit="3", supervising=["2", "", "1"], leader_post="9"))["supervising"] == ["2", "1"]


def test_a_declaration_not_ticked_is_missing_and_is_said_at_its_box() -> None:
    refusal = parse("sign", read(INPUTS["sign"], post(opinion="同意")))
    assert isinstance(refusal, Refusal)
    assert set(refusal.fields) == {"sealed"}
    assert box("sign", {"opinion": "同意"}, refusal.fields)["sealed"].error == "必填"
    assert not isinstance(parse("sign", read(INPUTS["sign"], post(opinion="同意", sealed="1"))), Refusal)


def test_an_error_deep_in_a_plan_is_shown_at_its_row() -> None:
    given = read(INPUTS["request_change"], post(reason="工期调整", plan__kind="immediate", plan__measures__0__text="清", plan__measures__0__due="2026-13-45"))
    refusal = parse("request_change", given)
    assert isinstance(refusal, Refusal)
    plan = box("request_change", given, refusal.fields)["plan"]
    measures = next(b for b in plan.boxes if b.name == "plan.measures")
    assert [cell.error != "" for cell in measures.rows[0]] == [True, True]
    html = render_to_string("step/form.html", {"form": draw(INPUTS["request_change"], Drawing(given, refusal.fields))})
    assert 'name="plan.measures.0.text"' in html
    assert "清</textarea>" in html


def test_what_was_chosen_is_still_chosen_after_a_refusal() -> None:
    drawn = draw(INPUTS["assign"], Drawing({"main_unit": "2", "supervising": ["1"]}, {}, lambda w: [Option("1", "住建局"), Option("2", "水务局")]))
    html = render_to_string("step/form.html", {"form": drawn})
    assert html.count('<option value="2" selected>') == 1
    assert html.count('<option value="1" selected>') == 1


def test_text_of_a_person_is_never_markup() -> None:
    html = render_to_string("step/form.html", {"form": draw(INPUTS["urge"], Drawing({"text": "</textarea><script>"}))})
    assert "<script>" not in html


@pytest.mark.parametrize("rows", ["items.x.progress", "items..progress", "items.99999999999999999999.id", "items"])
def test_a_tampered_name_is_no_traceback(rows: str) -> None:
    given = QueryDict(mutable=True)
    given[rows] = "1"
    given["percent"] = "³"
    assert isinstance(parse("report_progress", read(INPUTS["report_progress"], given)), Refusal)
