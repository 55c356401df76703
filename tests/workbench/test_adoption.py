"""The head of a place decides on the screen which rules it runs under."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from huanze.orgs.models import User
from huanze.policies.models import Adoption

pytestmark = [pytest.mark.django_db, pytest.mark.row("J7")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(client: Client, cast: Cast, **changes: object) -> dict[str, object]:
    """The form as it is shown, with the decision filled in."""
    form = client.get(reverse("adopt", args=[cast.pack_version.pk])).context["form"]
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    plain = {name: value for name, value in said.items() if value is not None and value is not False}
    return {**plain, "region": cast.district.pk, "from_day": "2027-01-01", "basis": "青禾整改〔2026〕8号", **changes}


def test_the_head_of_the_office_adopts_with_local_values(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    assert "决定施行" in client.get(reverse("rules")).content.decode()
    answer = client.post(reverse("adopt", args=[cast.pack_version.pk]), filled(client, cast, set_near_days=12))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Adoption.objects.get(from_day=date(2027, 1, 1))
    assert made.settings == {"near_days": 12}, "what is left as the pack has it is not copied"
    assert made.decided_by == cast.office_head


def test_a_local_value_outside_its_bounds_is_said_at_its_field(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    answer = client.post(reverse("adopt", args=[cast.pack_version.pk]), filled(client, cast, set_near_days=100_000))
    assert answer.status_code == 422
    assert "set_near_days" in answer.context["form"].errors


def test_others_read_but_do_not_decide(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    page = client.get(reverse("rules")).content.decode()
    assert "现行" in page
    assert "决定施行</a>" not in page
    answer = client.post(reverse("adopt", args=[cast.pack_version.pk]), {"region": cast.district.pk, "from_day": "2027-01-01", "basis": "x"})
    assert answer.status_code == 422
    assert Adoption.objects.count() == 1


def test_the_day_may_not_be_moved_back(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    answer = client.post(reverse("adopt", args=[cast.pack_version.pk]), filled(client, cast, from_day="2024-12-31"))
    assert answer.status_code == 422
    assert "from_day" in answer.context["form"].errors
