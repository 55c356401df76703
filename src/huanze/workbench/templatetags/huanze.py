"""Small pieces of our pages: icons, dates, lights. Loaded in every template by the settings."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

LIGHTS = {"green": ("正常", "circle-check"), "amber": ("预警", "alert-triangle"), "red": ("告警", "alert-octagon")}
WEEKDAYS = "一二三四五六日"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of vendor/icons.svg. With a label it speaks; without one it is only decoration."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月22日; an empty value is a dash."""
    if value is None or value == "":
        return "—"
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cn_day(value: date | None) -> str:
    """11月22日（周日）."""
    return f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）" if value else "—"


@register.filter
def cn_time(value: datetime | None) -> str:
    """2026年11月22日 09:05, on the clock of China."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    return f"{cn_date(local)} {local:%H:%M}"


@register.simple_tag
def light(colour: str, label: str = "") -> SafeString:
    """A green, amber or red light: colour, shape and word, so that nobody depends on the colour."""
    word, shape = LIGHTS[colour]
    return format_html('<span class="hz-light hz-light-{}">{}<span>{}</span></span>', colour, icon(shape), label or word)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return getattr(field.field.widget, "input_type", "") == "checkbox"


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field in our look; a wrong one is marked as such."""
    kind = getattr(field.field.widget, "input_type", "")
    look = {"checkbox": "form-check-input", "select": "form-select", "radio": "hz-radio"}.get(kind, "form-control")
    return field.as_widget(attrs={"class": f"{look} is-invalid" if field.errors else look})


@register.simple_tag(takes_context=True)
def here(context: template.Context, url: str) -> str:
    """`active` in the navigation when the page is at ``url`` or below it."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    return "active" if path == url or (url != "/" and path.startswith(url)) else ""


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The query string of this page with some values changed; None takes a value out."""
    request: HttpRequest = context["request"]
    pairs = {key: request.GET.getlist(key) for key in request.GET}
    for key, value in changes.items():
        pairs.pop(key, None)
        if value not in (None, ""):
            pairs[key] = [str(value)]
    text = urlencode(pairs, doseq=True)
    return f"?{text}" if text else "?"
