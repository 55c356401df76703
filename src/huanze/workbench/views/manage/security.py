"""Security administrator: who holds which post, who is an administrator, who is locked out."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from huanze.base import clock
from huanze.orgs import services
from huanze.orgs.doors import administrator_required
from huanze.orgs.models import Holding, Post, User
from huanze.workbench.views.manage import forms
from huanze.workbench.views.manage.shared import form_page, key_page, posted, press
from huanze.workbench.views.manage.system import acting

security_only = administrator_required("security")


@security_only
def holdings(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:100]
    today = clock.today()
    current = Holding.objects.filter(Q(until_day=None) | Q(until_day__gte=today)).select_related("user", "delegated_from__user")
    found = Post.objects.filter(active=True).select_related("organisation__region")
    if wanted:
        by_post = Q(organisation__name__icontains=wanted) | Q(organisation__short_name__icontains=wanted) | Q(title__icontains=wanted)
        found = found.filter(by_post | Q(pk__in=current.filter(user__name__icontains=wanted).values("post")))
    if request.GET.get("vacant"):
        found = found.exclude(pk__in=Holding.objects.on(today).values("post"))
    found = found.prefetch_related(Prefetch("holdings", current.order_by("delegated_from_id", "from_day"), to_attr="current"))
    said = {"page": key_page(found, request), "q": wanted, "vacant": request.GET.get("vacant"), "tab": "holdings", "today": today}
    return render(request, "manage/holdings.html", said)


@security_only
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("organisation"), pk=pk)
    return form_page(
        request, forms.AssignForm(posted(request), initial={"from_day": clock.today()}), title=f"任命：{post}", button="任命",
        done="任职已登记。", to=reverse("manage_holdings"), back=reverse("manage_holdings"), tab="holdings",
        act=lambda data: services.assign_post(post=post, **data, acting_user=acting(request)),
    )  # fmt: skip


@security_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    holding = get_object_or_404(Holding.objects.select_related("user", "post__organisation"), pk=pk)
    return form_page(
        request, forms.EndForm(posted(request), initial={"day": clock.today()}), title=f"免职：{holding.user.name}，{holding.post}",
        button="登记免职", done="免职已登记，请提醒办理岗位交接。", to=reverse("manage_holdings"), back=reverse("manage_holdings"), tab="holdings",
        act=lambda data: services.end_holding(holding=holding, **data, acting_user=acting(request)),
    )  # fmt: skip


@security_only
def administrators(request: HttpRequest) -> HttpResponse:
    found = User.objects.exclude(admin_role="").order_by("admin_role", "pk")
    return form_page(
        request, forms.RoleForm(posted(request)), title="管理员", button="任命", done="管理员已任命，下次打开页面时生效。",
        to=request.path, back="", template="manage/administrators.html", tab="administrators", administrators=found,
        act=lambda data: services.set_admin_role(**data, acting_user=acting(request)),
    )  # fmt: skip


@security_only
@require_POST
def administrator_remove(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    answer = services.set_admin_role(user=person, role="", acting_user=acting(request))
    return press(request, answer, done=f"已撤销{person.name}的管理员身份。", to=reverse("manage_administrators"))


@security_only
def lockouts(request: HttpRequest) -> HttpResponse:
    since = clock.now() - settings.AXES_COOLOFF_TIME
    locked = AccessAttempt.objects.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since)
    return render(request, "manage/lockouts.html", {"locked": locked.order_by("-attempt_time")[:200], "tab": "lockouts"})


@security_only
@require_POST
def lockout_release(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("username", "")[:40]
    answer = services.release_lockout(username=name, acting_user=acting(request))
    return press(request, answer, done=f"“{name}”可以重新登录。", to=reverse("manage_lockouts"))
