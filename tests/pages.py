"""A client that has come in, for tests of the screens."""

from __future__ import annotations

from django.test import Client

from huanze.orgs.models import User


def signed_in(user: User, *, csrf: bool = False) -> Client:
    """A client with this person's session; with ``csrf`` it is held to the token as a browser is."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
