"""What people look at: the ledger, its search, a problem, the home page, the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client

from bench.lives import TODAY
from bench.timing import Line, compare
from bench.world import District
from huanze.orgs.models import User
from huanze.orgs.selectors import subtree
from huanze.problems import search, selectors
from huanze.problems.models import Problem
from huanze.problems.selectors import LedgerFilter
from huanze.problems.services import door, ladder
from huanze.rules.lifecycle import OPEN, WORK
from huanze.workbench.casefile import CaseFile

AIM_PAGE, AIM_SEARCH = "≤ 25 ms", "≤ 40 ms"
ROWS = "SELECT p.*, o.short_name, r.name FROM problems_problem p LEFT JOIN orgs_organisation o ON o.id = p.main_unit_id JOIN orgs_region r ON r.id = p.region_id"
FIRST = "ORDER BY p.sort_day, p.id LIMIT 51"


def sql(text: str, *params: Any) -> Callable[[], Any]:
    def ask() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(text, params)
            return cursor.fetchall()

    return ask


def _in(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{s}'" for s in states)


class Reads:
    def __init__(self, districts: list[District], rounds: int) -> None:
        self.main, self.rounds = districts[0], rounds
        self.clerk, self.liaison, self.department = (User.objects.get(username=f"d0-{who}") for who in ("clerk", "zhen0", "ju0"))
        self.lo, self.hi = subtree(self.main.region)

    def lines(self) -> Iterator[Line]:
        for part in (self.ledger, self.counts, self.texts, self.problem, self.homes, self.screens):
            yield from part()

    def compare(self, what: str, ours: Callable[[], Any], floor: Callable[[], Any] | None = None, aim: str = "") -> Line:
        return compare(what, ours, floor, rounds=self.rounds, aim=aim)

    # ---- the ledger

    def ledger(self) -> Iterator[Line]:
        region, path, _, unit = self.main.towns[3]
        here = "p.region_path >= %s AND p.region_path < %s"
        mid = Problem.objects.filter(region_path__gte=self.lo, region_path__lt=self.hi, state__in=OPEN).order_by("sort_day", "pk")
        deep = mid[mid.count() // 2]
        after = f"n{deep.sort_day}.{deep.pk}"
        open_ = f"p.state IN ({_in(OPEN)})"
        part = "p.id IN (SELECT problem_id FROM problems_participant WHERE organisation_id = %s AND role IN ('main', 'supervising'))"
        own = "p.id IN (SELECT problem_id FROM problems_participant WHERE organisation_id = %s)"
        cases: list[tuple[str, User, dict[str, Any], str, str, tuple[Any, ...]]] = [
            ("no filter", self.clerk, {"group": "all"}, "", here, (self.lo, self.hi)),
            ("open only", self.clerk, {}, "", f"{here} AND {open_}", (self.lo, self.hi)),
            ("open, page in the middle", self.clerk, {}, after, f"{here} AND {open_} AND (p.sort_day, p.id) > (%s, %s)", (self.lo, self.hi, str(deep.sort_day), deep.pk)),
            ("open, one unit", self.clerk, {"unit": str(unit)}, "", f"{here} AND {open_} AND {part}", (self.lo, self.hi, unit)),
            ("open, source and light", self.clerk, {"source": "city_film", "light": "red"}, "", f"{here} AND {open_} AND p.source = 'city_film' AND p.light = 'red'", (self.lo, self.hi)),
            ("open, one town", self.clerk, {"region": str(region)}, "", f"{open_} AND {here}", (path, path + "~")),
            ("closed, one town and source", self.clerk, {"region": str(region), "group": "closed", "source": "own_check"}, "", f"p.state = 'closed' AND p.source = 'own_check' AND {here}", (path, path + "~")),
            ("a department's own, open", self.department, {}, "", f"{open_} AND {own}", (self.main.departments[0],)),
            ("a department's own, all", self.department, {"group": "all"}, "", own, (self.main.departments[0],)),
        ]  # fmt: skip
        for name, user, query, cursor, where, params in cases:
            asked = LedgerFilter.from_query(query)
            assert isinstance(asked, LedgerFilter)  # noqa: S101
            yield self.compare(
                f"ledger page of 50: {name}", lambda u=user, a=asked, c=cursor: selectors.ledger_page(u, a, after=c),  # type: ignore[misc]
                sql(f"{ROWS} WHERE {where} {FIRST}", *params), AIM_PAGE,
            )  # fmt: skip

    def counts(self) -> Iterator[Line]:
        where = "FROM problems_problem WHERE region_path >= %s AND region_path < %s"
        grouped = sql(f"SELECT state, light, COUNT(*) {where} GROUP BY state, light", self.lo, self.hi)
        for name, user, asked in (
            ("the district", self.clerk, LedgerFilter()), ("the district, one source", self.clerk, LedgerFilter(source="city_film")), ("a department's own", self.department, LedgerFilter()),
        ):  # fmt: skip
            yield self.compare(f"ledger counts: {name}", lambda u=user, a=asked: selectors.ledger_counts(u, a), grouped)  # type: ignore[misc]

    def texts(self) -> Iterator[Line]:
        rare = Problem.objects.filter(region_path__gte=self.lo, region_path__lt=self.hi, state__in=OPEN).order_by("-pk")[0]
        number = rare.number[:-2]
        name = rare.title.removeprefix(rare.region.name)[:3]
        words = [("a rare name", name), ("a common word", "污水"), ("two words", "印染厂 扬尘"), ("a word and a place", f"{self.main.towns[3][2]}养殖场"), ("no such word", "龘龘")]
        for label, text in words:
            for group in ("open", "all"):
                asked = LedgerFilter(text=text, group=group)  # type: ignore[arg-type]
                yield self.compare(
                    f"text search, {group}: {label}", lambda a=asked: selectors.ledger_page(self.clerk, a), self._match(text, group), AIM_SEARCH  # type: ignore[misc]
                )
        asked = LedgerFilter(text="养殖场污水直排")
        yield self.compare("text search, open, a department's own", lambda: selectors.ledger_page(self.department, asked), None, AIM_SEARCH)
        asked_number = LedgerFilter(text=number, group="all")
        like = sql(f"{ROWS} WHERE p.number >= %s AND p.number < %s {FIRST}", number, number + "~")
        yield self.compare("search by the beginning of a number", lambda: selectors.ledger_page(self.clerk, asked_number), like, AIM_SEARCH)

    def _match(self, text: str, group: str) -> Callable[[], Any]:
        wanted = search.query_tokens(text)
        if connection.vendor == "postgresql":
            hit, given = "s.body @@ %s::tsquery", " & ".join(f"'{t}'" for t in wanted)
        else:
            hit, given = "s.problems_search MATCH %s", " AND ".join(f'"{t}"' for t in wanted)
        state = f" AND p.state IN ({_in(OPEN)})" if group == "open" else ""
        join = f"{ROWS} JOIN problems_search s ON s.rowid = p.id WHERE {hit}{state}"
        return sql(f"{join} AND p.region_path >= %s AND p.region_path < %s ORDER BY p.id DESC LIMIT 51", given, self.lo, self.hi)

    # ---- one problem, and the first pages

    def problem(self) -> Iterator[Line]:
        pk = self._at_work().pk

        def ours() -> None:
            shown = selectors.visible(self.clerk).select_related("adoption__pack", "region", "main_unit").defer("adoption__pack__content").get(pk=pk)
            case = CaseFile(shown)
            _ = case.parts, case.items, case.changes, case.attempts, case.evidence, case.ladder, case.dispatches, case.supervised
            selectors.timeline(shown)
            door.problem_offers(shown, self.clerk)
            ladder.rehearsal(shown)

        tables = ("participant", "plan", "statuschange", "ladderstep", "acceptance", "dispatchreturn", "changerequest")
        asks = [sql(f"SELECT * FROM problems_{t} WHERE problem_id = %s", pk) for t in tables]  # noqa: S608
        asks.append(sql(f"{ROWS} WHERE p.id = %s", pk))
        yield self.compare("everything a problem page shows", ours, lambda: [ask() for ask in asks])

    def _at_work(self) -> Problem:
        return Problem.objects.filter(main_unit=self.main.towns[0][3], state="rectifying").order_by("-pk")[0]

    def homes(self) -> Iterator[Line]:
        unit = self.main.towns[0][3]
        near = "SELECT COUNT(*) FROM problems_problem WHERE main_unit_id = %s AND state IN ('assigned', 'planning', 'rectifying', 'self_accepted')"
        office = "SELECT COUNT(*) FROM problems_problem WHERE office_id = %s AND state IN ('registered', 'filing', 'upper_acceptance')"
        yield self.compare("home lists, the office's clerk", lambda: selectors.home_lists(self.clerk), sql(office, self.main.office))
        yield self.compare("home lists, a town's liaison", lambda: selectors.home_lists(self.liaison), sql(near, unit))
        work = f"FROM problems_problem WHERE region_path >= %s AND region_path < %s AND state IN ({_in(WORK)})"
        sums = sql(f"SELECT main_unit_id, source, light, COUNT(*) {work} GROUP BY 1, 2, 3", self.lo, self.hi)
        yield self.compare("overview of the district", lambda: selectors.overview(self.clerk, TODAY, 30), sums)

    def screens(self) -> Iterator[Line]:
        """Whole pages through every layer, the browser's side left out."""
        pk = self._at_work().pk
        for name, user, url, aim in (
            ("ledger", self.clerk, "/problems/", AIM_PAGE), ("ledger, a text", self.clerk, "/problems/?text=污水", AIM_SEARCH),
            ("ledger, a department", self.department, "/problems/", AIM_PAGE), ("problem", self.clerk, f"/problems/{pk}/", ""),
            ("home, the clerk", self.clerk, "/", ""), ("home, a liaison", self.liaison, "/", ""), ("overview", self.clerk, "/overview/", ""),
        ):  # fmt: skip
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            status = client.get(url).status_code
            if status != 200:
                raise SystemExit(f"{url} answered {status}")
            yield self.compare(f"whole page: {name}", lambda c=client, u=url: c.get(u), None, aim)  # type: ignore[misc]
