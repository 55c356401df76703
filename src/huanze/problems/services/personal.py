"""What a person keeps for himself. It binds nobody, so it is not audited."""

from __future__ import annotations

from django.db import transaction

from huanze.orgs.models import User
from huanze.problems.models import Problem, SavedView, Watch
from huanze.rules.verdicts import Refusal

VIEWS_KEPT = 20


def keep_view(*, user: User, name: str, query: str) -> SavedView | Refusal:
    """Keep a filter of the ledger, as link text, under a name; the same name again replaces what it held."""
    name = name.strip()
    if not name or not query:
        return Refusal("inputs", "未保存：请填写视图名称，并至少选定一个有效的筛选条件。")
    if len(name) > 40 or len(query) > 600:
        return Refusal("inputs", "未保存：名称最多40个字，条件也不能太长，请精简后再保存。")
    with transaction.atomic():
        known = SavedView.objects.filter(user=user)
        if known.count() >= VIEWS_KEPT and not known.filter(name=name).exists():
            return Refusal("too_many", f"未保存：常用视图最多{VIEWS_KEPT}个，请先删除不用的视图。")
        kept, _ = SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return kept


def drop_view(*, user: User, view_id: int) -> bool:
    """Whether there was such a view of this person to delete."""
    deleted, _ = SavedView.objects.filter(user=user, pk=view_id).delete()
    return deleted > 0


def set_watch(*, user: User, problem: Problem, on: bool) -> None:
    """Put a problem on a person's list, or take it off; doing it twice changes nothing."""
    if on:
        Watch.objects.get_or_create(user=user, problem=problem)
    else:
        Watch.objects.filter(user=user, problem=problem).delete()
