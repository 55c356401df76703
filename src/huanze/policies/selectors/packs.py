"""Which rules a place runs under on a day, and the calendar they are counted on (J5, J7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from huanze.orgs.models import Region
from huanze.orgs.selectors import ancestry
from huanze.policies.models import Adoption, CalendarYear, PackVersion
from huanze.rules.calendar import Calendar, YearCalendar, load_year, shipped_years
from huanze.rules.packs import loader
from huanze.rules.packs.schema import Pack

PACKS_KEPT = 32
CALENDARS_KEPT = 4


def pack_for(region: Region, day: date) -> Adoption | None:
    """The adoption in force on ``day`` for a region: its own, or the nearest one above. One query."""
    adopted = Adoption.objects.filter(region__path__in=ancestry(region), from_day__lte=day)
    return adopted.select_related("pack", "region").defer("pack__content").order_by("-region__depth", "-from_day").first()


def pack(version: int | PackVersion) -> Pack:
    """The rules of a stored version, by its row or id. Read once a process while among the last used ones.

    A version never changes, so its content hash is all the cache needs to know. Given an id it asks the
    database for the hash, for an id may be taken back by a rolled-back transaction.
    """
    known = version.content_hash if isinstance(version, PackVersion) else PackVersion.objects.values_list("content_hash", flat=True).get(pk=version)
    return _by_hash(known)


@lru_cache(maxsize=PACKS_KEPT)
def _by_hash(content_hash: str) -> Pack:
    return loader.from_json(PackVersion.objects.values_list("content", flat=True).get(content_hash=content_hash))


def effective_settings(adoption: Adoption) -> Mapping[str, Any]:
    """What each term that the text leaves open means in this place: the local value, or the pack's default."""
    return loader.settings(pack(adoption.pack), adoption.settings)


def calendar() -> Calendar:
    """The working calendar: shipped years, and over them the years an administrator loaded.

    Each call asks for the hashes of the loaded years (one small query), so a year loaded by another
    process is seen at once, and a rolled-back one is forgotten. Callers with many dates take it once.
    """
    while True:
        try:
            return _calendar(tuple(CalendarYear.objects.order_by("year").values_list("year", "content_hash")))
        except _ReplacedMeanwhile:
            continue


class _ReplacedMeanwhile(Exception):
    """A year was loaded anew between two reads; nothing was cached."""


@lru_cache(maxsize=CALENDARS_KEPT)
def _calendar(stamp: tuple[tuple[int, str], ...]) -> Calendar:
    rows = CalendarYear.objects.filter(year__in=[year for year, _ in stamp]).values_list("year", "content_hash", "content")
    texts = {(year, found): text for year, found, text in rows}
    if set(texts) != set(stamp):
        raise _ReplacedMeanwhile
    return Calendar({**shipped_years(), **{year: load_year(text, f"{year}年") for (year, _), text in texts.items()}})


def known_year(year: int) -> YearCalendar | None:
    """The year as it is in force now: loaded, or else shipped."""
    row = CalendarYear.objects.filter(year=year).first()
    return load_year(row.content, f"{year}年") if row else shipped_years().get(year)


def known_years() -> list[tuple[YearCalendar, CalendarYear | None]]:
    """Every known year, newest first, with its row where an administrator loaded it."""
    rows = {row.year: row for row in CalendarYear.objects.select_related("loaded_by")}
    years = {**shipped_years(), **{year: load_year(row.content, f"{year}年") for year, row in rows.items()}}
    return [(years[year], rows.get(year)) for year in sorted(years, reverse=True)]


def text_hash(text: str) -> str:
    """SHA-256 of a stored text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
