"""A year in the district, day by day, through the real services on a clock of its own.

People differ: each organisation has a diligence, the share of working days on which it does what is its
move. Nothing is scripted; the table says whose move it is and the pack says what is due.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.obligations.services import run_day
from huanze.orgs.models import User
from huanze.policies import selectors as policies
from huanze.problems.models import ChangeRequest, LadderStep, Problem, SelfCheckReturn
from huanze.problems.services import dispatch, ladder, self_check
from huanze.problems.services.door import problem_transition
from huanze.problems.services.register import register_problem
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import FINAL, State
from huanze.rules.verdicts import Refusal
from huanze.site.world import pictures
from huanze.site.world.district import District
from huanze.site.world.duties import live
from huanze.site.world.moves import next_move, next_paper
from huanze.site.world.stories import pick, tell
from huanze.site.world.year import Year

LAT, LON = 30.61, 116.82


def play(district: District, *, first: date, last: date, seed: int, problems: int, each_day: Callable[[date], None] | None = None) -> Year:
    """Live every day from ``first`` to ``last``; about ``problems`` problems are found on the way."""
    year = Year(district, Random(seed), problems)  # noqa: S311  (a story, not a secret)
    calendar = policies.calendar()
    found_on = sorted(year.rng.randrange((last - first).days or 1) for _ in range(problems))
    for day in clock.days(first, last):
        with clock.at(clock.moment(day, 6)):
            run_day(day)
            sweep(on=day)
        if calendar.is_workday(day):
            with clock.at(clock.moment(day, 9)):
                while found_on and first + timedelta(days=found_on[0]) <= day:
                    found_on.pop(0)
                    find(year, day)
                work(year, day)
                returns(year, day)
                urge(year)
        with clock.at(clock.moment(day, 10)):
            live(year, first, last, day)
        if each_day:
            each_day(day)
    return year


def find(year: Year, day: date) -> None:
    """Somebody finds a problem: the office from above or by its film, a town by its own check."""
    rng, district = year.rng, year.district
    town = rng.choice(district.towns)
    story = pick(rng)
    title, text, spot = tell(story, rng, town.name)
    seen = day - timedelta(days=rng.randrange(6))
    source = rng.choices(
        ("own_check", "city_circular", "city_film", "province_letters", "province_inspection", "central_letters", "central_inspection"),
        (9, 3, 2, 3, 2, 2, 1),
    )[0]
    document = f"交办〔{day.year}〕{rng.randint(2, 90)}号"
    way, form = rng.choice(WAYS) if source == "own_check" else ("handed_down", lambda _, day: {"document": document, "received_on": day.isoformat()})
    user = district.users[rng.choice(("zgb", "zgb2"))]
    files = {}
    if way == "film":
        shot = pictures.scene("before", rng.randrange(10**6), clock.now(), LAT + rng.random() / 5, LON + rng.random() / 5)
        kept = evidence.store(stream=shot, name="警示片截图.jpg", acting_user=user)
        if year.note("store", kept) and not isinstance(kept, Refusal):
            files = {"film": [kept]}
    data = {
        "title": title, "description": text, "region": town.pk, "place": spot, "lat": round(LAT + rng.random() / 5, 5),
        "lon": round(LON + rng.random() / 5, 5), "source": source, "way": way, "way_form": form(rng, seen),
        "found_on": seen.isoformat(), "field": story.field,
        "round": "第二轮" if source == "central_inspection" else "", "source_document": "" if source == "own_check" else document,
    }  # fmt: skip
    year.note("register", register_problem(acting_user=user, data=data, files=files))


WAYS: tuple[tuple[str, Callable[[Random, date], dict[str, str]]], ...] = (
    ("film", lambda rng, day: {"issue": f"{day.year}年第{(day.month - 1) // 3 + 1}期", "scene": f"0{rng.randint(1, 9)}:{rng.randint(10, 59)}"}),
    ("overseer", lambda rng, day: {"overseer": rng.choice(("陶监督长", "姜监督长")), "found_on": day.isoformat(), "nature": rng.choice(("重点", "难点", "敏感"))}),
    ("petition", lambda rng, day: {"petition_no": f"XF{day:%y%m%d}{rng.randint(1, 99):02d}", "received_on": day.isoformat(), "reason": "群众反映强烈，影响面较广"}),
    ("other", lambda rng, day: {"how": rng.choice(("日常巡查发现", "无人机航拍发现", "在线监测报警后核实"))}),
)


def work(year: Year, day: date) -> None:
    """Whoever has the move on an open problem makes it, if it is one of his diligent days."""
    year.changing = set(ChangeRequest.objects.filter(state=ChangeRequest.State.OPEN).values_list("problem_id", flat=True))
    for problem in Problem.objects.exclude(state__in=[s.value for s in FINAL]).select_related("main_unit", "plan").order_by("pk"):
        move = next_move(year, problem, day)
        while move is not None and move[1] == "attach":
            move = next_paper(year, problem) if _upload(year, problem, move[0], move[2]) else None
        if move is not None:
            user, name, inputs = move
            seen = problem.state_version
            year.note(name, problem_transition(problem_id=problem.pk, name=name, acting_user=user, inputs=inputs, expected_version=seen))
    for problem in Problem.objects.filter(state=State.CLOSED, look_backs=None, closed_on__lte=day - timedelta(days=60)).order_by("pk")[:2]:
        _look_back(year, problem, day)


def _upload(year: Year, problem: Problem, user: User, inputs: dict[str, object]) -> bool:
    """Whether the file went up: who is stopped does not try again the same day."""
    role, point = str(inputs["role"]), str(inputs["point"])
    if role == "form":
        content, name = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" + str(problem.pk).encode(), "验收销号登记表.pdf"
    elif role == "support":
        content, name = f"{problem.number}整改台账\n{point}\n".encode(), "整改台账.txt"
    else:
        taken = clock.now() - timedelta(days={"before": 40, "during": 15, "after": 1}[role])
        content = pictures.scene(role, problem.pk * 31 + len(point), taken, problem.lat or LAT, problem.lon or LON)
        name = f"{problem.number}-{point}-{role}.jpg"
    kept = evidence.store(stream=content, name=name, acting_user=user)
    if isinstance(kept, Refusal):
        return year.note("store", kept)
    given = {"file": kept.pk, "role": role, "point": point, "note": ""}
    return year.note("attach", problem_transition(problem_id=problem.pk, name="attach", acting_user=user, inputs=given))


def _look_back(year: Year, problem: Problem, day: date) -> None:
    rebound = year.rng.random() < 0.12
    office = year.district.users["zgb"]
    said = {"day": day.isoformat(), "finding": "rebound" if rebound else "steady", "text": "现场复核，出现反弹。" if rebound else "现场复核，成效稳定。"}
    if rebound:
        said["fault"] = "lax"
    year.note("look_back", problem_transition(problem_id=problem.pk, name="look_back", acting_user=office, inputs=said))
    if rebound:
        again = {"title": f"{problem.title}反弹", "description": "回头看发现原问题反弹，须重新整改。", "found_on": day.isoformat()}
        year.note("rebound", problem_transition(problem_id=problem.pk, name="rebound", acting_user=office, inputs=again))


def returns(year: Year, day: date) -> None:
    """Monthly dispatch and quarterly self-check: the diligent in time, the others late or never."""
    people = _liaisons(year)
    for owed in dispatch.owed_returns(set(people)):
        user = people.get(owed.organisation_id)
        if user is None or year.rng.random() > year.keenness(owed.organisation_id) / 3:
            continue
        fields = dispatch.fields_of(owed)
        answers = {f.key: year.rng.choice(("按计划推进。", "正在组织实施，已完成部分工作量。", "暂无。", "下月完成剩余工程量。")) for f in fields}
        year.note("dispatch", dispatch.submit_dispatch(return_id=owed.pk, acting_user=user, answers=answers))
    for due in SelfCheckReturn.objects.filter(submitted_on=None, cutoff__gte=day - timedelta(days=30)):
        user = people.get(due.organisation_id)
        if user is None or year.rng.random() > year.keenness(due.organisation_id) / 4:
            continue
        _self_check(year, due, user, day)


def _self_check(year: Year, due: SelfCheckReturn, user: User, day: date) -> None:
    nil = year.rng.random() < 0.7
    items = []
    if not nil:
        story = pick(year.rng)
        region = due.organisation.region if due.organisation.kind in ("town", "park") else year.rng.choice(year.district.towns)
        title, text, _ = tell(story, year.rng, region.name)
        items = [{"title": title, "description": text, "region": region.pk, "found_on": day.isoformat(), "field": story.field}]
    answer = self_check.submit_self_check(return_id=due.pk, acting_user=user, items=items, nil=nil, electronic=True)
    if year.note("self_check", answer):
        office = year.district.users["zgb"]
        year.note("paper", self_check.receive_paper(return_id=due.pk, acting_user=office, day=day))


def urge(year: Year) -> None:
    """The office acts on what the system proposes, most of the time."""
    office = year.district.users["zgbzr"]
    for step in LadderStep.objects.filter(state=LadderStep.State.PROPOSED).order_by("pk"):
        if year.rng.random() < 0.35:
            number = f"清整改{step.get_step_display()}〔{clock.today().year}〕{step.pk}号"
            year.note(f"ladder {step.step}", ladder.issue_step(step_id=step.pk, acting_user=office, document=number, opinion=""))
        elif year.rng.random() < 0.05:
            year.note("dismiss", ladder.dismiss_step(step_id=step.pk, acting_user=office, reason="主体责任单位已说明情况，暂不采取"))


def _liaisons(year: Year) -> dict[int, User]:
    return {post.organisation_id: year.district.users[name] for name, post in year.district.posts.items() if post.rank == "liaison"}


