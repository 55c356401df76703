"""System administrator: regions, organisations, posts, accounts."""

from __future__ import annotations

from typing import cast

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from huanze.orgs import services, structure
from huanze.orgs.doors import administrator_required
from huanze.orgs.models import Organisation, Post, Region, User
from huanze.workbench.views.manage import forms
from huanze.workbench.views.manage.shared import form_page, key_page, posted, press

system_only = administrator_required("system")


def acting(request: HttpRequest) -> User:
    return cast(User, request.user)


@system_only
def regions(request: HttpRequest) -> HttpResponse:
    found = list(Region.objects.order_by("path").annotate(units=Count("organisations")))
    return render(request, "manage/regions.html", {"regions": found, "tab": "regions"})


@system_only
def region_new(request: HttpRequest) -> HttpResponse:
    form = forms.RegionForm(posted(request), initial={"parent": request.GET.get("parent")})
    return form_page(
        request, form, title="新增区域", done="区域已新增。", to=reverse("manage_regions"), back=reverse("manage_regions"), tab="regions",
        act=lambda data: structure.create_region(**data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
def organisations(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:100]
    found = Organisation.objects.select_related("region").annotate(post_count=Count("posts"))
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(short_name__icontains=wanted) | Q(region__name__icontains=wanted))
    return render(request, "manage/organisations.html", {"page": key_page(found, request), "q": wanted, "tab": "organisations"})


@system_only
def organisation_new(request: HttpRequest) -> HttpResponse:
    return form_page(
        request, forms.OrganisationForm(posted(request)), title="新增单位", done="单位已新增，请接着设置职务。",
        to=lambda made: reverse("manage_organisation", args=[made.pk]), back=reverse("manage_organisations"), tab="organisations",
        act=lambda data: structure.create_organisation(**data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Organisation.objects.select_related("region"), pk=pk)
    said = {"name": unit.name, "short_name": unit.short_name, "active": unit.active}
    return form_page(
        request, forms.OrganisationChangeForm(posted(request), initial=said), title=unit.name, done="已保存。",
        to=request.path, back=reverse("manage_organisations"), template="manage/organisation.html", tab="organisations", unit=unit,
        posts=unit.posts.select_related("inner_unit").order_by("pk"), inner_units=unit.inner_units.order_by("pk"),
        act=lambda data: structure.change_organisation(organisation=unit, **data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
def inner_unit_new(request: HttpRequest, pk: int) -> HttpResponse:
    unit, there = get_object_or_404(Organisation, pk=pk), reverse("manage_organisation", args=[pk])
    return form_page(
        request, forms.InnerUnitForm(posted(request)), title=f"{unit.short_name}：新增内设机构", done="内设机构已新增。",
        to=there, back=there, tab="organisations",
        act=lambda data: structure.create_inner_unit(organisation=unit, **data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    unit, there = get_object_or_404(Organisation, pk=pk), reverse("manage_organisation", args=[pk])
    return form_page(
        request, forms.PostForm(posted(request), organisation=unit), title=f"{unit.short_name}：新增职务",
        done="职务已新增，由安全保密管理员任命人员。", to=there, back=there, tab="organisations",
        act=lambda data: structure.create_post(
            organisation=unit, title=data["title"], rank=data["rank"], inner_unit=data["inner_unit"],
            fields=data["fields_of_work"].replace("，", "、").split("、"), acting_user=acting(request),
        ),
    )  # fmt: skip


@system_only
@require_POST
def post_active(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post, pk=pk)
    answer = structure.set_post_active(post=post, active=not post.active, acting_user=acting(request))
    done = f"“{post.title}”已{'停用' if post.active else '启用'}。"
    return press(request, answer, done=done, to=reverse("manage_organisation", args=[post.organisation_id]))


@system_only
def accounts(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:100]
    found = User.objects.exclude(username=services.SYSTEM_USERNAME)
    if wanted:
        found = found.filter(Q(username__icontains=wanted) | Q(name__icontains=wanted) | Q(phone__startswith=wanted))
    return render(request, "manage/accounts.html", {"page": key_page(found, request), "q": wanted, "tab": "accounts"})


@system_only
def account_new(request: HttpRequest) -> HttpResponse:
    return form_page(
        request, forms.AccountForm(posted(request)), title="新建账号", done="账号已建立，由安全保密管理员任命职务。",
        to=reverse("manage_accounts"), back=reverse("manage_accounts"), tab="accounts",
        act=lambda data: services.create_account(**data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
def account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User.objects.exclude(username=services.SYSTEM_USERNAME), pk=pk)
    return form_page(
        request, forms.ContactForm(posted(request), initial={"phone": person.phone, "email": person.email}),
        title=f"{person.name}（{person.username}）", done="联系方式已保存。", to=request.path, back=reverse("manage_accounts"),
        template="manage/account.html", tab="accounts", person=person,
        act=lambda data: services.change_contact(user=person, **data, acting_user=acting(request)),
    )  # fmt: skip


@system_only
@require_POST
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    answer = services.set_active(user=person, active=not person.is_active, acting_user=acting(request))
    return press(request, answer, done=f"{person.name}的账号已{'停用' if person.is_active else '启用'}。", to=reverse("manage_account", args=[pk]))


@system_only
def account_password(request: HttpRequest, pk: int) -> HttpResponse:
    person, there = get_object_or_404(User, pk=pk), reverse("manage_account", args=[pk])
    return form_page(
        request, forms.PasswordForm(posted(request)), title=f"重置{person.name}的密码", button="重置密码",
        done=f"{person.name}的密码已重置，请当面或者通过可靠途径告知本人。", to=there, back=there, tab="accounts",
        act=lambda data: services.reset_password(user=person, **data, acting_user=acting(request)),
    )  # fmt: skip
