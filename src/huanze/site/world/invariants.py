"""What must hold whatever happened: checked after a simulation and by the tests on random lives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db.models import Count, F, Q

from huanze.audit.models import Entry
from huanze.audit.services import Broken, verify
from huanze.notices.models import Notice
from huanze.problems.models import (
    ChangeRequest,
    LadderStep,
    Participant,
    Problem,
    Publicity,
    Signature,
    StatusChange,
)
from huanze.problems.services.context import rules_of
from huanze.rules.lifecycle import FINAL, TABLE, State, Transition

STEPS = {t.name for t in TABLE} | {"register"}
FINISHED = [s.value for s in FINAL]


def broken() -> list[str]:
    """Chinese sentences, one per invariant that does not hold; empty when all do."""
    return [said for check in CHECKS for said in check()]


def chain_verifies() -> Iterator[str]:
    answer = verify()
    if isinstance(answer, Broken):
        yield f"审计链在第{answer.seq}条断裂：{answer.why}"


def every_step_is_in_the_chain() -> Iterator[str]:
    steps = StatusChange.objects.count()
    entries = Entry.objects.filter(object_type="problem", action__in=[f"problem.{name}" for name in STEPS]).count()
    if steps != entries:
        yield f"问题步骤{steps}条，审计记录{entries}条，应当相等"


def states_follow_the_table() -> Iterator[str]:
    """Each life, read back step by step, is a path through its own machine and ends where the problem stands."""
    lives: dict[int, list[StatusChange]] = defaultdict(list)
    for change in StatusChange.objects.order_by("pk").iterator(chunk_size=2000):
        lives[change.problem_id].append(change)
    for problem in Problem.objects.select_related("adoption__pack").defer("adoption__pack__content").iterator(chunk_size=500):
        m, state = rules_of(problem).machine, State.REGISTERED
        for change in lives[problem.pk][1:]:
            row: Transition | None = m.row(state, change.name)
            if row is None or change.from_state != state or change.to_state != (row.target or state):
                yield f"{problem.number}的步骤“{change.name}”不在流程表内"
                break
            state = State(change.to_state)
        if state != problem.state:
            yield f"{problem.number}记录的状态为{problem.state}，按步骤应为{state}"


def closed_means_accepted_and_signed() -> Iterator[str]:
    for problem in Problem.objects.filter(state=State.CLOSED).prefetch_related("acceptances__signatures"):
        last = max(problem.acceptances.all(), key=lambda a: a.attempt, default=None)
        signed = {s.step for s in last.signatures.all() if not s.refused} if last else set()
        if last is None or last.outcome != "passed" or signed != set(Signature.Step.values):
            yield f"{problem.number}未经验收合格和两级签字即销号"


def one_span_is_open() -> Iterator[str]:
    spans = StatusChange.objects.filter(moved=True, left_on=None).values("problem").annotate(n=Count("pk")).exclude(n=1)
    if spans.exists():
        yield f"{spans.count()}个问题的现状态区间不止一个"


def units_are_in_order() -> Iterator[str]:
    ranks: dict[int, list[int]] = defaultdict(list)
    for problem, rank in Participant.objects.filter(role=Participant.Role.SUPERVISING).order_by("rank").values_list("problem", "rank"):
        ranks[problem].append(rank)
    for problem, found in ranks.items():
        if found != list(range(1, len(found) + 1)):
            yield f"问题{problem}的监管（验收）单位排序为{found}"


def locked_plans_change_only_by_approval() -> Iterator[str]:
    changed = Q(change_requests__state="approved") & ~Q(change_requests__kind="reorder")
    for problem in Problem.objects.filter(plan__approved_on__isnull=False).annotate(n=Count("change_requests", filter=changed)).exclude(plan__version=F("n") + 1):
        yield f"{problem.number}的方案未经批准被改动"


def lowered_standards_have_their_reason() -> Iterator[str]:
    for change in ChangeRequest.objects.filter(state="approved", override_reason="").exclude(lowered=[]):
        yield f"问题{change.problem_id}第{change.count}次调整降低标准而无特别理由"


def publicity_ran_its_days() -> Iterator[str]:
    for shown in Publicity.objects.filter(acceptance__problem__state=State.CLOSED, acceptance__problem__closed_on__lte=F("ends_on")):
        yield f"公示{shown.pk}未届满即销号"


def nobody_is_reminded_of_what_is_over() -> Iterator[str]:
    over = Problem.objects.filter(state__in=FINISHED).values("pk")
    waiting = Notice.objects.filter(state="waiting", subject_type="problem", subject_id__in=over).exclude(kind__in=["spot_check", "look_back", "rebound"])
    if waiting.exists():
        yield f"已办结的问题还有{waiting.count()}条待发提醒"


def nothing_is_proposed_for_what_is_over() -> Iterator[str]:
    left = LadderStep.objects.filter(state="proposed", problem__state__in=FINISHED)
    if left.exists():
        yield f"已办结的问题还有{left.count()}项督促建议"


def interviews_have_their_chain() -> Iterator[str]:
    for step in LadderStep.objects.filter(step="interview", state="issued", ended_why="").select_related("problem"):
        earlier = LadderStep.objects.filter(problem=step.problem, state="issued", issued_on__lte=step.issued_on).exclude(step="interview")
        if not earlier.exists():
            yield f"{step.problem.number}未经前序措施即约谈"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    chain_verifies,
    every_step_is_in_the_chain,
    states_follow_the_table,
    closed_means_accepted_and_signed,
    one_span_is_open,
    units_are_in_order,
    locked_plans_change_only_by_approval,
    lowered_standards_have_their_reason,
    publicity_ran_its_days,
    nobody_is_reminded_of_what_is_over,
    nothing_is_proposed_for_what_is_over,
    interviews_have_their_chain,
)
