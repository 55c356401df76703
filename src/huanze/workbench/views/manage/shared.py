"""What the administrators' screens share: pages by key, a service behind a form, a service behind a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from huanze.rules.verdicts import Refusal

PAGE = 50


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Rows of one page in the order of their keys, and the keys to go on from."""

    rows: list[Any]
    before: int | None
    after: int | None


def key_page(found: QuerySet[Any], request: HttpRequest) -> KeyPage:
    """A page by primary key: ``?after=`` goes on, ``?before=`` goes back; the last page costs what the first does."""
    after, before = whole(request.GET.get("after")), whole(request.GET.get("before"))
    if before is not None:
        rows = list(found.filter(pk__lt=before).order_by("-pk")[: PAGE + 1])
        more_before, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return KeyPage(rows, rows[0].pk if rows and more_before else None, rows[-1].pk if rows else None)
    rows = list((found.filter(pk__gt=after) if after is not None else found).order_by("pk")[: PAGE + 1])
    more_after, rows = len(rows) > PAGE, rows[:PAGE]
    return KeyPage(rows, rows[0].pk if rows and after is not None else None, rows[-1].pk if rows and more_after else None)


def whole(text: str | None) -> int | None:
    """A number of an address, or None for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None when the page was only asked for."""
    return request.POST if request.method == "POST" else None


class PlainForm(forms.Form):
    """A form whose empty fields are complained of in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "请填写此项。"
            if isinstance(field, forms.ModelChoiceField):
                field.error_messages["invalid_choice"] = "没有这一项，请重新选择。"
                field.empty_label = "请选择"

    def blame(self, refusal: Refusal) -> None:
        """Show a service's refusal at the fields it names, or above the form."""
        named = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in named.items():
            self.add_error(name, text)
        if not named:
            self.add_error(None, refusal.reason)


def form_page(
    request: HttpRequest,
    form: PlainForm,
    *,
    act: Callable[[dict[str, Any]], Model | Refusal],
    title: str,
    done: str,
    to: str | Callable[[Any], str],
    back: str,
    button: str = "保存",
    template: str = "manage/form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; on a valid one call ``act`` with the cleaned data and go on, or say why not."""
    if form.is_bound and form.is_valid():
        answer = act(form.cleaned_data)
        if not isinstance(answer, Refusal):
            messages.success(request, done)
            return redirect(to if isinstance(to, str) else to(answer))
        form.blame(answer)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, {"form": form, "title": title, "back": back, "button": button, **more}, status=status)


def press(request: HttpRequest, answer: object, *, done: str, to: str) -> HttpResponse:
    """After a button: the service's answer as a message on the page gone back to."""
    if isinstance(answer, Refusal):
        messages.error(request, answer.reason)
    else:
        messages.success(request, done)
    return redirect(to)
