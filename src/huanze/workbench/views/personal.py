"""A person's own matters: notices received, standing in for one another, handing over."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from huanze.base import clock
from huanze.notices.selectors import inbox, unread_count
from huanze.notices.services import mark_read
from huanze.orgs import services
from huanze.orgs.doors import business_required
from huanze.orgs.models import HandOver, Holding, Organisation, Post, User
from huanze.orgs.selectors import posts_of
from huanze.problems.models import Problem
from huanze.rules.lifecycle import OPEN
from huanze.workbench.views.manage.forms import DelegateForm, HandOverForm
from huanze.workbench.views.manage.shared import PAGE, form_page, posted, press, whole

ITEMS = 500


def acting(request: HttpRequest) -> User:
    return cast(User, request.user)


@business_required
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first, by key."""
    user, unread = acting(request), bool(request.GET.get("unread"))
    found = inbox(user, unread=unread)
    if before := whole(request.GET.get("after")):
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    said = {"notices": rows[:PAGE], "after": more, "unread": unread, "unread_count": unread_count(user)}
    return render(request, "personal/notices.html", said)


@business_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    mark_read(user=acting(request))
    return redirect("notices")


@business_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Reading a notice is going where it points."""
    notice = get_object_or_404(inbox(acting(request)), pk=pk)
    mark_read(user=acting(request), ids=[pk])
    return redirect(notice.url if notice.url.startswith("/") and not notice.url.startswith("//") else reverse("notices"))


@business_required
def posts(request: HttpRequest) -> HttpResponse:
    user, today = acting(request), clock.today()
    own = posts_of(user)
    lent = Holding.objects.filter(delegated_from__user=user).filter(Q(until_day=None) | Q(until_day__gte=today))
    said = {
        "own": own,
        "lent": lent.select_related("user", "post__organisation").order_by("from_day"),
        "given": HandOver.objects.filter(giver=user).select_related("taker", "post__organisation").order_by("-pk")[:20],
        "taken": HandOver.objects.filter(taker=user).select_related("giver", "post__organisation").order_by("-pk")[:20],
        "today": today,
    }
    return render(request, "personal/posts.html", said)


@business_required
def delegate(request: HttpRequest) -> HttpResponse:
    user = acting(request)
    form = DelegateForm(posted(request), initial={"from_day": clock.today(), "holding": request.GET.get("holding")})
    mine = Holding.objects.on(clock.today()).filter(user=user, delegated_from=None).select_related("post__organisation")
    form.fields["holding"].queryset = mine  # type: ignore[attr-defined]
    form.fields["holding"].label_from_instance = lambda h: str(h.post)  # type: ignore[attr-defined]
    colleagues = Holding.objects.on(clock.today()).filter(post__organisation__in=mine.values("post__organisation"), delegated_from=None)
    form.fields["to"].queryset = User.objects.filter(pk__in=colleagues.values("user")).exclude(pk=user.pk).order_by("pk")  # type: ignore[attr-defined]
    return form_page(
        request, form, title="委托他人代行", button="委托", done="委托已登记，受托人自起日起可以办理该职务的事项。",
        to=reverse("my_posts"), back=reverse("my_posts"), template="personal/form.html",
        act=lambda data: services.delegate(**data, acting_user=user),
    )  # fmt: skip


@business_required
@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    lent = get_object_or_404(Holding, pk=pk, delegated_from__user=acting(request))
    begun = lent.from_day <= clock.today()
    answer = services.end_delegation(delegation=lent, day=clock.today(), acting_user=acting(request))
    return press(request, answer, done="委托已收回，受托人自明日起不再代行。" if begun else "委托已撤销。", to=reverse("my_posts"))


@business_required
def hand_over(request: HttpRequest) -> HttpResponse:
    user = acting(request)
    form = HandOverForm(posted(request), initial={"day": clock.today(), "post": request.GET.get("post")})
    held = Holding.objects.filter(user=user, delegated_from=None)
    form.fields["post"].queryset = Post.objects.filter(pk__in=held.values("post")).select_related("organisation")  # type: ignore[attr-defined]
    return form_page(
        request, form, title="岗位交接", button="移交", done="交接清单已送接收人签收。", to=reverse("my_posts"), back=reverse("my_posts"),
        template="personal/form.html", about="系统自动列出该职务所在单位尚未办结的问题，随清单一并移交。",
        act=lambda data: services.hand_over(
            post=data["post"], giver=user, taker=data["taker"], day=data["day"], note=data["note"],
            items=open_work(data["post"]), acting_user=user,
        ),
    )  # fmt: skip


@business_required
def hand_over_list(request: HttpRequest, pk: int) -> HttpResponse:
    user = acting(request)
    mine = HandOver.objects.filter(Q(giver=user) | Q(taker=user)).select_related("giver", "taker", "post__organisation")
    return render(request, "personal/hand_over.html", {"made": get_object_or_404(mine, pk=pk)})


@business_required
@require_POST
def hand_over_receive(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(HandOver, pk=pk, taker=acting(request))
    answer = services.receive_hand_over(hand_over=made, acting_user=acting(request))
    return press(request, answer, done="已签收，交接完成。", to=reverse("hand_over_list", args=[pk]))


def open_work(post: Post) -> list[dict[str, Any]]:
    """The open problems that a post has a part in, soonest due first."""
    part = Q(participants__organisation=post.organisation_id) | Q(main_unit=post.organisation_id) | Q(leader_post=post)
    if post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE:
        part |= Q(office=post.organisation_id)
    found = Problem.objects.filter(part, state__in=OPEN).distinct().order_by("sort_day", "pk")[:ITEMS]
    return [{"title": f"{p.number} {p.title}", "url": f"/problems/{p.pk}/", "due": _iso(p.deadline)} for p in found]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
