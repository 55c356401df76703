"""Where an administrator begins."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from huanze.orgs.doors import administrator_required
from huanze.orgs.models import User

FIRST = {"system": "manage_accounts", "security": "manage_holdings", "audit": "manage_chain"}


@administrator_required("system", "security", "audit")
def entrance(request: HttpRequest) -> HttpResponse:
    return redirect(FIRST[cast(User, request.user).admin_role])
