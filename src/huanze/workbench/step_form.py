"""Draws a form from the pydantic inputs of a step, and reads what was posted back.

A field's name on screen is the path at which pydantic reports an error (``plan.measures.0.text``), so every
error finds its field, however deep it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import NoneType
from typing import Any, get_args

from django.http import QueryDict
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from huanze.problems.inputs import ItemProgress, PlanContent
from huanze.rules.packs.schema import FormField

SPARE_ROWS: Mapping[str, int] = {"plan_rows": 2, "item_rows": 1, "item_progress": 0}
"""Widgets that are a list of rows, and how many empty rows stand ready below those filled in."""
CHOICES = frozenset(
    {"organisation", "organisations", "leader_post", "participant", "own_acceptor", "objection", "material", "region", "source", "field"}
)
PACK_WIDGETS: Mapping[str, str] = {
    "text": "text", "date": "date", "number": "decimal", "file": "file", "pictures": "pictures", "bool": "checkbox", "list": "textarea",
    "pairs": "textarea", "org": "text", "orgs": "text", "person": "text", "choice": "text",
}  # fmt: skip
"""How a field of a pack's own form is drawn."""
FILES = ("file", "pictures")
LITERALS: Mapping[str, Mapping[str, str]] = {
    "plan_kind": {"immediate": "立行立改", "long_term": "长期整改", "legacy": "历史遗留"},
    "verdict": {"pass": "同意通过", "fail": "不同意通过"},
    "spot_form": {"open": "明查", "covert": "暗访"},
    "leader_body": {"congress": "人大", "cppcc": "政协"},
    "fault": {"none": "无责任", "unfinished": "未彻底完成即申请验收", "lax": "验收把关不严"},
    "look_back": {"steady": "整改成效稳定", "rebound": "出现反弹"},
    "evidence_role": {
        "before": "整改前照片", "during": "整改中照片", "after": "整改后照片", "form": "验收销号登记表", "support": "其他支撑材料",
        "plan": "整改方案", "upper": "上级验收文件", "report": "其他报告",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One field as a template draws it. ``rows`` and ``boxes`` hold the fields inside a list or a nested part."""

    name: str
    label: str
    widget: str
    required: bool = False
    help: str = ""
    value: Any = ""
    error: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[Box, ...], ...] = ()
    boxes: tuple[Box, ...] = ()
    caption: str = ""

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def template(self) -> str:
        return f"step/widgets/{self.widget}.html"

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options under their headings, in the order in which the headings first appear."""
        found: dict[str, list[Option]] = {}
        for option in self.options:
            found.setdefault(option.group, []).append(option)
        return list(found.items())

    @property
    def slots(self) -> list[str]:
        """The chosen values of an ordered list and empty places after them: it works without a script."""
        chosen = [str(v) for v in self.value or ()]
        return chosen + [""] * max(1, min(3, 8 - len(chosen)))


@dataclass(frozen=True, slots=True)
class Form:
    boxes: tuple[Box, ...]
    error: str = ""

    @property
    def has_file(self) -> bool:
        return any(b.widget in FILES for box in self.boxes for b in (box, *box.boxes))

    @property
    def named(self) -> dict[str, Box]:
        """The boxes by name, for a page that sets them in groups of its own."""
        return {b.name: b for b in self.boxes}


Options = Callable[[str], Sequence[Option]]
"""What may be chosen in a widget, by the widget's name."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a form is drawn from: the values, the errors by path, and the choices."""

    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Options = lambda widget: ()
    captions: Mapping[str, str] = field(default_factory=dict)
    """Text of the plan item with this id, for rows that report on it."""
    pack_fields: Sequence[FormField] = ()
    """The fields that the pack gives a way of finding."""


def draw(model: type[BaseModel], drawing: Drawing) -> Form:
    """The form of a model, with an error that belongs to no field at its top."""
    return Form(_boxes(model, drawing, drawing.values, prefix=""), drawing.errors.get("__all__", ""))


def _boxes(model: type[BaseModel], drawing: Drawing, values: Mapping[str, Any], *, prefix: str) -> tuple[Box, ...]:
    return tuple(_box(name, info, drawing, values.get(name), prefix=prefix) for name, info in model.model_fields.items())


def _box(name: str, info: FieldInfo, drawing: Drawing, value: Any, *, prefix: str) -> Box:
    path, widget = prefix + name, widget_of(info)
    rows: tuple[tuple[Box, ...], ...] = ()
    boxes: tuple[Box, ...] = ()
    if widget in SPARE_ROWS:
        given = list(value or ()) + [{}] * SPARE_ROWS[widget]
        rows = tuple(_row(row_model(info), drawing, row, prefix=f"{path}.{i}.") for i, row in enumerate(given))
    elif widget == "plan":
        boxes = _boxes(PlanContent, drawing, value or {}, prefix=f"{path}.")
    elif widget == "way_form":
        boxes = tuple(_pack_box(f, drawing, (value or {}).get(f.key, ""), prefix=f"{path}.") for f in drawing.pack_fields)
    return Box(
        name=path, label=info.title or name, widget=widget, required=_required(info), help=info.description or "",
        value=_shown(value), error=_error(drawing.errors, path, inside=not (rows or boxes)), options=_options(widget, drawing),
        rows=rows, boxes=boxes,
    )  # fmt: skip


def draw_pack(fields: Sequence[FormField], values: Mapping[str, Any], errors: Mapping[str, str], *, prefix: str) -> Form:
    """A form of a pack's own fields, each named ``prefix`` and its key."""
    drawing = Drawing(values, errors)
    return Form(tuple(_pack_box(f, drawing, values.get(f.key, ""), prefix=prefix) for f in fields))


def _pack_box(asked: FormField, drawing: Drawing, value: Any, *, prefix: str) -> Box:
    path = prefix + asked.key
    return Box(
        name=path, label=asked.label, widget=PACK_WIDGETS[asked.kind], required=asked.required,
        value="" if asked.kind in FILES else _shown(value), error=drawing.errors.get(path, ""),
    )  # fmt: skip


def _row(model: type[BaseModel], drawing: Drawing, row: Mapping[str, Any], *, prefix: str) -> tuple[Box, ...]:
    made = _boxes(model, drawing, row, prefix=prefix)
    if model is not ItemProgress:
        return made
    caption = drawing.captions.get(str(row.get("id", "")), "")
    head = Box(name=prefix + "id", label="", widget="hidden", value=row.get("id", ""), caption=caption)
    labelled = {"progress": "落实情况", "done_on": "完成日期"}
    return head, *(_named(b, labelled[b.name.rpartition(".")[2]]) for b in made[1:])


def _named(box: Box, label: str) -> Box:
    return Box(name=box.name, label=label, widget=box.widget, value=box.value, error=box.error)


def _required(info: FieldInfo) -> bool:
    return info.is_required() or widget_of(info) == "own_acceptor"


def _error(errors: Mapping[str, str], path: str, *, inside: bool) -> str:
    if path in errors or not inside:
        return errors.get(path, "")
    return next((said for where, said in errors.items() if where.startswith(path + ".")), "")


def _options(widget: str, drawing: Drawing) -> tuple[Option, ...]:
    if widget in LITERALS:
        return tuple(Option(value, label) for value, label in LITERALS[widget].items())
    return tuple(drawing.options(widget)) if widget in CHOICES else ()


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list | tuple | bool | dict):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def row_model(info: FieldInfo) -> type[BaseModel]:
    """What one row of a list is."""
    model: type[BaseModel] = get_args(info.annotation)[0]
    return model


def widget_of(info: FieldInfo) -> str:
    """The widget that the field names, else the one its type asks for."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and extra.get("widget"):
        return str(extra["widget"])
    kinds = [a for a in get_args(info.annotation) if a is not NoneType] or [info.annotation]
    return {date: "date", bool: "checkbox", int: "number", float: "decimal"}.get(kinds[0], "text")


def read(model: type[BaseModel], post: QueryDict, prefix: str = "") -> dict[str, Any]:
    """What was posted, as the model expects it. An empty box of a number, a date or a choice counts as not given."""
    found = {name: _read(info, post, prefix + name) for name, info in model.model_fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def _read(info: FieldInfo, post: QueryDict, path: str) -> Any:
    widget = widget_of(info)
    if widget == "organisations":
        return [v for v in post.getlist(path) if v]
    if widget in SPARE_ROWS:
        return _rows(row_model(info), post, path)
    if widget == "plan":
        return read(PlanContent, post, path + ".")
    if widget == "way_form":
        return {key.removeprefix(path + "."): post[key] for key in post if key.startswith(path + ".")}
    value = post.get(path)
    if widget == "checkbox":
        # A declaration that must be made is missing when it was not ticked; any other box says no.
        return True if value else (None if info.is_required() else False)
    if widget in ("text", "textarea", "problem"):
        return value
    return value or None


def _rows(model: type[BaseModel], post: QueryDict, path: str) -> list[dict[str, Any]]:
    """Rows in the order of their numbers, without those that nobody filled in."""
    head = path + "."
    numbers = {key[len(head) :].partition(".")[0] for key in post if key.startswith(head)}
    rows = (read(model, post, f"{head}{n}.") for n in sorted((n for n in numbers if n.isdecimal()), key=int))
    return [row for row in rows if any(row.values())]
