"""The page of one step: it asks, keeps what was written, and says why when it was not done."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acts import DAY, assignment, materials, plan, reach, register, take
from cast import Cast
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.orgs.models import User
from huanze.problems.models import LadderStep, Problem
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


def act(user: User, problem: Problem, name: str, **posted: object):
    posted.setdefault("version", problem.state_version)
    return signed_in(user).post(reverse("act", args=[problem.pk, name]), {k.replace("__", "."): v for k, v in posted.items()})


def test_assigning_moves_the_problem_and_leads_back_to_it(cast: Cast) -> None:
    problem = register(cast)
    answer = act(cast.clerk, problem, "assign", **assignment(cast))
    assert answer.status_code == 302
    assert answer.url == reverse("problem", args=[problem.pk])
    problem.refresh_from_db()
    assert problem.state == State.ASSIGNED
    assert [p.organisation for p in problem.participants.filter(role="supervising").order_by("rank")] == [cast.housing, cast.farming]


def test_page_of_a_step_names_clause_next_state_and_who_will_be_told(cast: Cast) -> None:
    html = signed_in(cast.clerk).get(reverse("act", args=[register(cast).pk, "assign"])).content.decode()
    assert "XQ-2" in html
    assert "交办" in html
    assert "主体责任单位联络员" in html


def test_applying_says_before_it_is_done_when_the_acceptors_must_gather(cast: Cast) -> None:
    html = signed_in(cast.town_head).get(reverse("act", args=[reach(cast, State.RECTIFYING).pk, "apply"])).content.decode()
    # ten working days after 1 April 2025, with 4 to 6 April (清明) and two weekends between
    assert "2025年4月16日" in html


def test_refusal_is_at_its_field_and_keeps_what_was_written(cast: Cast) -> None:
    problem = register(cast)
    answer = act(cast.clerk, problem, "assign", **assignment(cast, supervising=[cast.housing.pk, cast.housing.pk], instruction="从速办理"))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "不能重复" in html
    assert "从速办理" in html
    assert f'<option value="{cast.town_gov.pk}" selected>' in html
    problem.refresh_from_db()
    assert problem.state == State.REGISTERED


def test_of_two_people_with_the_same_page_the_second_is_told_and_loses_nothing(cast: Cast) -> None:
    problem = register(cast)
    seen = problem.state_version
    take(problem, "assign", cast.clerk, **assignment(cast))
    take(problem, "recall", cast.clerk, reason="责任单位有误")
    answer = act(cast.office_head, problem, "assign", version=seen, **assignment(cast, instruction="请尽快处理"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "他人刚刚办理了本问题" in html
    assert "请尽快处理" in html


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999999999999"])
def test_a_page_without_its_version_changes_nothing(cast: Cast, version: str) -> None:
    problem = register(cast)
    assert act(cast.clerk, problem, "assign", version=version, **assignment(cast)).status_code == 409
    problem.refresh_from_db()
    assert problem.state == State.REGISTERED


@pytest.mark.parametrize(("who", "status"), [("town_liaison", 403), ("neighbour_liaison", 404), ("system_admin", 403), ("discipline_officer", 403)])
def test_step_of_another_is_refused_with_its_reason(cast: Cast, who: str, status: int) -> None:
    problem = reach(cast, State.FILING)
    answer = act(getattr(cast, who), problem, "file", filing_number="备1")
    assert answer.status_code == status
    problem.refresh_from_db()
    assert problem.state == State.FILING
    if who in ("town_liaison", "discipline_officer"):
        assert "应由整改办经办人办理" in answer.content.decode()


def test_a_step_of_another_state_says_where_the_problem_is(cast: Cast) -> None:
    answer = signed_in(cast.clerk).get(reverse("act", args=[register(cast).pk, "file"]))
    assert answer.status_code == 409
    assert "问题现处“登记”" in answer.content.decode()


def test_a_step_that_does_not_exist_is_not_there(cast: Cast) -> None:
    assert signed_in(cast.clerk).get(reverse("act", args=[register(cast).pk, "abolish"])).status_code == 404


def test_a_post_from_elsewhere_is_not_taken(cast: Cast) -> None:
    problem = register(cast)
    client = signed_in(cast.clerk, csrf=True)
    answer = client.post(reverse("act", args=[problem.pk, "decline"]), {"reason": "不属实", "version": problem.state_version})
    assert answer.status_code == 403
    problem.refresh_from_db()
    assert problem.state == State.REGISTERED


def test_plan_is_saved_from_rows_and_offered_again_as_it_was(cast: Cast) -> None:
    problem = reach(cast, State.PLANNING)
    given = plan()
    rows = {f"{k}.{n}.{f}": v for k in ("measures", "steps") for n, row in enumerate(given.pop(k)) for f, v in row.items()}
    answer = signed_in(cast.town_liaison).post(reverse("act", args=[problem.pk, "save_plan"]), given | rows | {"version": problem.state_version})
    assert answer.status_code == 302
    html = signed_in(cast.town_liaison).get(reverse("act", args=[problem.pk, "save_plan"])).content.decode()
    assert "新建污水管网12公里</textarea>" in html
    assert 'value="2025-06-20"' in html


@pytest.mark.row("J4")
def test_a_step_not_ready_is_shown_closed_with_what_is_missing(cast: Cast) -> None:
    problem = reach(cast, State.PLANNING)
    html = signed_in(cast.town_head).get(reverse("act", args=[problem.pk, "submit_plan"])).content.decode()
    assert "整改方案尚缺" in html
    assert "disabled" in html
    answer = act(cast.town_head, problem, "submit_plan")
    assert answer.status_code == 409
    assert "整改方案尚缺" in answer.content.decode()


def test_change_of_plan_shows_before_and_after_and_where_it_lowers(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    lower = plan(target="力争基本消除污水直排", deadline="2025-12-31")
    take(problem, "request_change", cast.town_head, reason="工期不足", plan=lower)
    html = signed_in(cast.approver).get(reverse("act", args=[problem.pk, "approve_change"])).content.decode()
    assert "<del>确保全部消除污水直排</del>" in html
    assert "<ins>力争基本消除污水直排</ins>" in html
    assert "本次调整降低了标准" in html
    answer = act(cast.approver, problem, "approve_change", document="青整改〔2025〕9号")
    assert answer.status_code == 409
    assert "特别理由" in answer.content.decode()
    assert act(cast.approver, problem, "approve_change", document="青整改〔2025〕9号", override_reason="上级已同意").status_code == 302


def test_progress_is_reported_measure_by_measure(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    items = list(problem.plan.items.order_by("pk"))
    rows = {f"items.{n}.id": i.pk for n, i in enumerate(items)} | {"items.0.progress": "已开工", "items.0.done_on": ""}
    posted = rows | {"percent": "30", "text": "进展顺利", "version": problem.state_version}
    assert signed_in(cast.town_liaison).post(reverse("act", args=[problem.pk, "report_progress"]), posted).status_code == 302
    problem.refresh_from_db()
    assert problem.percent == 30
    assert problem.plan.items.get(pk=items[0].pk).progress == "已开工"


def test_material_is_uploaded_attached_and_shown_to_those_who_may_see_the_problem(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    file = SimpleUploadedFile("登记表.txt", "已签字盖章".encode())
    assert act(cast.town_liaison, problem, "attach", file=file, role="form", point="", note="原件存档").status_code == 302
    kept = Evidence.objects.get(object_id=str(problem.pk))
    assert signed_in(cast.clerk).get(reverse("evidence", args=[kept.pk])).status_code == 200
    assert signed_in(cast.neighbour_liaison).get(reverse("evidence", args=[kept.pk])).status_code == 404
    assert signed_in(cast.audit_admin).get(reverse("evidence", args=[kept.pk])).status_code == 403
    assert signed_in(cast.clerk).get(reverse("evidence_thumb", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize(
    ("file", "words"),
    [(None, "请选择要上传的文件"), (SimpleUploadedFile("现场.jpg", b"MZ\x90\x00 not a picture"), "现场.jpg"), (SimpleUploadedFile("空.txt", b""), "文件")],
)
def test_a_file_that_will_not_do_is_refused_in_words(cast: Cast, file: SimpleUploadedFile | None, words: str) -> None:
    problem = reach(cast, State.RECTIFYING)
    posted = {"role": "form", "point": "", "note": ""} | ({"file": file} if file else {})
    answer = act(cast.town_liaison, problem, "attach", **posted)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_document_given_as_a_picture_is_refused_and_nothing_is_attached(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    answer = act(cast.town_liaison, problem, "attach", file=SimpleUploadedFile("说明.txt", "文字".encode()), role="after", point="东桥")
    assert answer.status_code == 422
    assert "不是图片" in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.row("J5")
def test_date_of_acceptance_explains_itself_day_by_day(cast: Cast) -> None:
    problem = reach(cast, State.APPLIED)
    html = signed_in(cast.lead_liaison).get(reverse("dates", args=[problem.pk, "acceptance"])).content.decode()
    assert "2025年4月16日" in html
    assert "清明节" in html
    assert "4月2日（周三）" in html
    assert "<html" in html
    part = signed_in(cast.lead_liaison).get(reverse("dates", args=[problem.pk, "acceptance"]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "清明节" in part


@pytest.mark.row("J5")
def test_deadline_explains_who_fixed_and_who_moved_it(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    take(problem, "request_extension", cast.town_head, reason="汛期影响施工", deadline="2025-08-31")
    take(problem, "approve_change", cast.approver, document="青整改〔2025〕9号", override_reason="汛期确难施工")
    html = signed_in(cast.clerk).get(reverse("dates", args=[problem.pk, "deadline"])).content.decode()
    assert "青整改〔2025〕3号" in html
    assert "2025-06-30改为2025-08-31" in html


@pytest.mark.parametrize("which", ["deadline", "acceptance", "publicity", "nonsense"])
def test_a_date_that_is_not_fixed_has_no_explanation(cast: Cast, which: str) -> None:
    assert signed_in(cast.clerk).get(reverse("dates", args=[register(cast).pk, which])).status_code == 404


@pytest.mark.row("F1")
def test_rehearsal_says_what_comes_with_day_and_clause(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    html = signed_in(cast.town_liaison).get(reverse("rehearsal", args=[problem.pk])).content.decode()
    assert "提示" in html
    assert "XQ-13/1" in html
    assert "2025年5月31日" in html  # thirty days before the deadline of 30 June
    assert "逾期" in html
    assert signed_in(cast.neighbour_liaison).get(reverse("rehearsal", args=[problem.pk])).status_code == 404


@pytest.mark.row("F1")
def test_office_issues_a_proposed_step_and_a_unit_may_not(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 6, 5)):
        take(problem, "urge", cast.clerk, text="请加快进度")
        step = problem.ladder_steps.get(step="prompt", state="proposed")
        url = reverse("ladder_step", args=[problem.pk, step.pk])
        assert "登记发出" in signed_in(cast.clerk).get(url).content.decode()
        seen = signed_in(cast.town_liaison).get(url).content.decode()
        assert "为什么建议" in seen and "登记发出" not in seen
        assert signed_in(cast.town_liaison).post(url, {"act": "issue", "document": "青整改函1号"}).status_code == 403
        assert signed_in(cast.clerk).post(url, {"act": "issue", "document": ""}).status_code == 422
        assert signed_in(cast.clerk).post(url, {"act": "issue", "document": "青整改函1号"}).status_code == 302
        step.refresh_from_db()
        assert step.state == "issued"
        assert signed_in(cast.clerk).post(url, {"act": "dismiss", "reason": "已改正"}).status_code == 409
        assert signed_in(cast.neighbour_liaison).get(url).status_code == 404


@pytest.mark.row("G1")
def test_a_material_is_taken_back_from_the_page_and_stays_struck_through(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    materials(cast, problem)
    wrong = Evidence.objects.get(role="support")
    url = reverse("act", args=[problem.pk, "withdraw_material"]) + f"?material={wrong.pk}"
    shown = reverse("problem", args=[problem.pk])
    assert f'href="{url}"' in signed_in(cast.town_head).get(shown).content.decode()
    assert f'href="{url}"' not in signed_in(cast.lead_liaison).get(shown).content.decode()
    assert f'<option value="{wrong.pk}" selected>' in signed_in(cast.town_head).get(url).content.decode()
    assert act(cast.town_head, problem, "withdraw_material", material=wrong.pk, reason="上传了其他点位的台账").status_code == 302
    html = signed_in(cast.clerk).get(shown).content.decode()
    assert f"<del>{wrong.file.name}</del>" in html
    assert "王立镇，2025年4月1日 09:00撤回：上传了其他点位的台账" in html
    assert reverse("evidence", args=[wrong.pk]) not in html


@pytest.mark.parametrize("material", ["abc", "0", "9" * 40, ""])
def test_a_link_to_a_material_that_is_not_there_breaks_nothing(cast: Cast, material: str) -> None:
    problem = reach(cast, State.RECTIFYING)
    url = reverse("act", args=[problem.pk, "withdraw_material"])
    assert signed_in(cast.town_head).get(url, {"material": material}).status_code == 200
    assert act(cast.town_head, problem, "withdraw_material", material=material, reason="传错了").status_code == 422


@pytest.mark.row("F1")
@pytest.mark.parametrize(("kind", "shown", "not_shown"), [("supervise", "会同", "向社会公开"), ("interview", "向社会公开", "会同")])
def test_a_step_of_urging_names_with_whom_it_is_issued_and_that_it_is_made_public(cast: Cast, kind: str, shown: str, not_shown: str) -> None:
    problem = reach(cast, State.RECTIFYING)
    step = LadderStep.objects.create(problem=problem, step=kind, day=DAY, clause="XQ-13", because=["逾期"])
    html = signed_in(cast.clerk).get(reverse("ladder_step", args=[problem.pk, step.pk])).content.decode()
    assert shown in html
    assert not_shown not in html
