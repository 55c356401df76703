"""Addresses of the administrators' screens, below ``manage/``."""

from django.urls import path

from huanze.workbench.views.manage import calendar, chain, entrance, security, system

urlpatterns = [
    path("", entrance.entrance, name="manage"),
    path("regions/", system.regions, name="manage_regions"),
    path("regions/new/", system.region_new, name="manage_region_new"),
    path("organisations/", system.organisations, name="manage_organisations"),
    path("organisations/new/", system.organisation_new, name="manage_organisation_new"),
    path("organisations/<int:pk>/", system.organisation, name="manage_organisation"),
    path("organisations/<int:pk>/inner-units/new/", system.inner_unit_new, name="manage_inner_unit_new"),
    path("organisations/<int:pk>/posts/new/", system.post_new, name="manage_post_new"),
    path("posts/<int:pk>/active/", system.post_active, name="manage_post_active"),
    path("accounts/", system.accounts, name="manage_accounts"),
    path("accounts/new/", system.account_new, name="manage_account_new"),
    path("accounts/<int:pk>/", system.account, name="manage_account"),
    path("accounts/<int:pk>/active/", system.account_active, name="manage_account_active"),
    path("accounts/<int:pk>/password/", system.account_password, name="manage_account_password"),
    path("calendar/", calendar.years, name="manage_years"),
    path("calendar/load/", calendar.load, name="manage_year_load"),
    path("holdings/", security.holdings, name="manage_holdings"),
    path("posts/<int:pk>/assign/", security.assign, name="manage_assign"),
    path("holdings/<int:pk>/end/", security.end, name="manage_end"),
    path("administrators/", security.administrators, name="manage_administrators"),
    path("administrators/<int:pk>/remove/", security.administrator_remove, name="manage_administrator_remove"),
    path("lockouts/", security.lockouts, name="manage_lockouts"),
    path("lockouts/release/", security.lockout_release, name="manage_lockout_release"),
    path("chain/", chain.chain, name="manage_chain"),
    path("chain/verify/", chain.verify, name="manage_chain_verify"),
]
