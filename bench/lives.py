"""The rows of invented problems, table by table: five years of them, seven in ten closed, the rest in every open state.

Light and next moment are left to the sweep, which the bench runs once over all of them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.world import District
from huanze.problems import search
from huanze.problems.models.problem import NO_DEADLINE
from huanze.rules.lifecycle import WORK, State

BORN = date(2021, 10, 20)
TODAY = date(2026, 10, 20)
"""An ordinary Tuesday, not in a month of circulars, so that few problems have a moment on it."""
EVE = TODAY - timedelta(days=1)
SPAN = (EVE - BORN).days
FAR = str(NO_DEADLINE)

OPEN_STATES = (
    ("registered", 3), ("assigned", 5), ("planning", 8), ("plan_review", 5), ("rectifying", 55), ("applied", 6), ("accepting", 6),
    ("signing", 4), ("confirming", 3), ("upper_acceptance", 3), ("filing", 2),
)  # fmt: skip
SOURCES = (
    ("central_patrol", "national", 1), ("national_film", "national", 2), ("central_inspection", "national", 6), ("central_letters", "national", 12),
    ("npc_enforcement", "national", 1), ("green_shield", "national", 2), ("ministry_listed", "national", 1), ("ministry_interview", "national", 1),
    ("province_film", "province", 3), ("province_inspection", "province", 9), ("province_letters", "province", 14), ("province_listed", "province", 2),
    ("city_film", "city", 6), ("city_circular", "city", 10), ("own_check", "county", 30),
)  # fmt: skip
WHO = (
    "企业", "养殖场", "工地", "砂石场", "加油站", "饭店", "码头", "屠宰场", "印染厂", "铸造厂",
    "水泥厂", "采石场", "污水处理站", "垃圾中转站", "修理厂", "木材厂", "家具厂", "石材厂", "化工厂", "电镀厂",
)  # fmt: skip
WHAT = (
    "污水直排", "废气异味", "扬尘污染", "噪声扰民", "黑臭水体", "固废堆存", "渗滤液外溢", "油烟扰民",
    "粪污入沟", "岸坡裸露", "雨污混流", "危废贮存不规范", "秸秆焚烧", "湿地侵占", "矿山未复绿", "生态流量不足",
)  # fmt: skip
HOW = ("群众多次反映，现场核查属实。", "沿线未建收集设施，晴天有水流出。", "未落实防尘措施，车辆带泥上路。", "台账不全，去向不明。", "治理设施停运，长期未修复。")
CHARACTERS = "安宝昌春德恩凤福光海和红华吉家金景康兰礼林明南宁平清庆荣瑞山盛寿顺太天万文西祥兴秀学阳永玉元云泽振忠竹"
STEPS = (
    ("register", "", "registered", "office"), ("assign", "registered", "assigned", "office"), ("receive", "assigned", "planning", "main"),
    ("submit_plan", "planning", "plan_review", "main_head"), ("approve_plan", "plan_review", "rectifying", "approver"),
    ("apply", "rectifying", "applied", "main_head"), ("start_acceptance", "applied", "accepting", "lead"), ("pass_acceptance", "accepting", "signing", "lead"),
    ("sign", "signing", "confirming", "lead_head"), ("confirm", "confirming", "filing", "leader"),
)  # fmt: skip

COLUMNS: dict[str, str] = {
    "problems_problem": "id number title description region_id region_path place source level round batch source_document way way_form found_on"
    " counted_in field office_id main_unit_id leader_post_id approver_id adoption_id state state_version state_since closed_on attempt plan_start"
    " deadline sort_day percent percent_on uncertain light next_moment created_by_id created_at updated_at",
    "problems_participant": "problem_id organisation_id role rank",
    "problems_plan": "id problem_id kind target deadline risk_control common mechanism inference version approved_on approval_document updated_at",
    "problems_planitem": "plan_id kind no text due progress done_on",
    "problems_statuschange": "problem_id name from_state to_state day left_on moved at actor_id post_id hat inputs clause",
    "problems_acceptance": "problem_id attempt preliminary lead_id applied_on applied_by_id statement due_on due_provisional gathered_on outcome"
    " outcome_on opinion dissent_answer upper_document upper_opinion filing_number",
    "problems_search": "rowid body",
}
Rows = dict[str, list[tuple[Any, ...]]]


class Lives:
    """Draws problems in the order in which they would have been registered."""

    def __init__(self, districts: list[District], problems: int, seed: int = 2026) -> None:
        self.districts, self.problems, self.rng = districts, problems, Random(seed)  # noqa: S311
        self.numbers = Counter[tuple[int, int]]()
        self.days = {n: str(BORN + timedelta(days=n)) for n in range(-1, SPAN + 2000)}

    def chunks(self, size: int) -> Iterator[Rows]:
        for start in range(1, self.problems + 1, size):
            rows: Rows = defaultdict(list)
            for pk in range(start, min(start + size, self.problems + 1)):
                self._one(pk, rows)
            yield rows

    def _one(self, pk: int, rows: Rows) -> None:
        rng, day, now = self.rng, self.days, SPAN
        age = pk / self.problems
        born = int(age * now)
        d = rng.choices(self.districts, (7, 1, 1, 1))[0]
        region_id, path, town, unit = rng.choice(d.towns)
        state = rng.choices(*zip(*OPEN_STATES, strict=True))[0] if rng.random() < 0.9 * age * age else "closed"
        source, level = rng.choices([s[:2] for s in SOURCES], [s[2] for s in SOURCES])[0]
        level_now = State(state)
        main = unit if rng.random() < 0.8 else rng.choice(d.departments)
        assigned, planned = state != "registered", level_now in WORK or state in LATE
        start = end = sort = None
        percent = 0
        if state == "closed":
            start, end = min(born + 20, now), born + rng.randint(60, 300)
            percent = 100
        elif planned:
            start = min(born + rng.randint(15, 40), now)
            end = now + (rng.randint(-60, 0) if rng.random() < 0.05 else rng.randint(1, 420))
            gone = max(0, min(100, 100 * (now - start) // max(1, end - start)))
            percent = 100 if state != "rectifying" else max(0, min(99, int(gone + rng.gauss(1, 5))))
        if end is not None:
            end = max(end, start + 1)
        sort = day[end] if end is not None else FAR
        closed = min(now, max(born + 30, end + int(rng.gauss(-15, 20)))) if state == "closed" else None
        since = closed if closed is not None else min(now, (start if planned else born) + rng.randint(0, 40))
        number, title, text, place = self._words(d, pk, born, town)
        rows["problems_problem"].append((
            pk, number, title, text, region_id, path, place, source, level, "", "", "", "other", '{"how": "巡查"}', day[max(0, born - 3)],
            "", "水务", d.office, main if assigned else None, d.leader_post if assigned else None, d.approver if assigned else None,
            d.adoption, state, 6, day[since], day[closed] if closed is not None else None, 1 if state in ACCEPTED else 0,
            day[start] if start is not None else None, day[end] if end is not None else None, sort, percent, None, False, "none",
            str(EVE) if level_now in WORK else None, d.clerk, f"{day[born]} 02:00:00", f"{day[since]} 02:00:00",
        ))  # fmt: skip
        rows["problems_search"].append((pk, search.tokens(f"{number}\n{title}\n{text}\n{place}")))
        lead = self._parts(rows, pk, d, main, assigned)
        if level_now in WORK:
            self._plan(rows, pk, start, end)
            self._steps(rows, pk, d, state, born, start, since)
        if state in ACCEPTED and lead:
            gathered = None if state == "applied" else day[since]
            outcome = "open" if state in ("applied", "accepting") else "passed"
            rows["problems_acceptance"].append((
                pk, 1, False, lead, day[since], d.clerk, "整改完成", day[since + 14], False, gathered, outcome,
                None if outcome == "open" else day[since], "", "", "", "", "",
            ))  # fmt: skip

    def _words(self, d: District, pk: int, born: int, town: str) -> tuple[str, str, str, str]:
        rng = self.rng
        year = (BORN + timedelta(days=born)).year
        self.numbers[d.office, year] += 1
        name = rng.choice(CHARACTERS) + rng.choice(CHARACTERS) + rng.choice(CHARACTERS)
        who, what = rng.choice(WHO), rng.choice(WHAT)
        title = f"{town}{name}{who}{what}"
        text = f"{town}{name}{who}{rng.randint(2, 90)}处{what}，{rng.choice(HOW)}"
        return f"{d.region.code}-{year}-{self.numbers[d.office, year]:04d}", title, text, f"{town}{rng.randint(1, 300)}号"

    def _parts(self, rows: Rows, pk: int, d: District, main: int, assigned: bool) -> int | None:
        parts = rows["problems_participant"]
        parts.append((pk, d.office, "finder", 0))
        if not assigned:
            return None
        parts.append((pk, main, "main", 0))
        units = self.rng.sample(d.departments, self.rng.choice((1, 1, 2, 2, 3)))
        parts += [(pk, unit, "supervising", rank) for rank, unit in enumerate(units, 1)]
        return units[0]

    def _plan(self, rows: Rows, pk: int, start: int, end: int) -> None:
        day, long_term = self.days, self.rng.random() < 0.1
        kind, dated = ("long_term", "stage") if long_term else ("immediate", "step")
        rows["problems_plan"].append((
            pk, pk, kind, "全面完成整改，消除污染", day[end], "", False, "", "", 1, day[start], "整改〔2026〕1号", f"{day[start]} 02:00:00",
        ))  # fmt: skip
        items = rows["problems_planitem"]
        items += [(pk, "measure", n, f"落实治理措施第{n}项，数量{n * 3}处", None, "", None) for n in (1, 2)]
        items += [(pk, dated, 1, "完成一半", day[(start + end) // 2], "", None), (pk, dated, 2, "全部完成", day[end], "", None)]

    def _steps(self, rows: Rows, pk: int, d: District, state: str, born: int, start: int, since: int) -> None:
        days = [born, born, born + 2, min(start, born + 9), start, since, since]
        taken = STEPS[: 1 + next(i for i, s in enumerate(STEPS) if s[2] == state)]
        for n, (name, before, after, hat) in enumerate(taken):
            on, last = min(days[n], SPAN), n == len(taken) - 1
            left = None if last else self.days[min(days[n + 1], SPAN)]
            rows["problems_statuschange"].append(
                (pk, name, before, after, self.days[on], left, True, f"{self.days[on]} 02:00:00", d.clerk, None, hat, json.dumps({}), "XQ-7")
            )


LATE = frozenset({"signing", "confirming", "upper_acceptance", "filing"})
ACCEPTED = LATE | {"applied", "accepting", "closed"}
