"""Addresses of committees, reminders and checks of new policy documents."""

from django.urls import path

from huanze.workbench.views import committees, policy_checks, reminders

urlpatterns = [
    path("", committees.committees, name="committees"),
    path("new/", committees.committee_new, name="committee_new"),
    path("<int:pk>/", committees.committee, name="committee"),
    path("<int:pk>/decide/", committees.committee_decide, name="committee_decide"),
    path("<int:pk>/members/", committees.committee_members, name="committee_members"),
    path("<int:pk>/meetings/new/", committees.committee_meeting, name="committee_meeting"),
    path("<int:pk>/tasks/new/", committees.committee_task, name="committee_task"),
    path("<int:pk>/dissolve/", committees.committee_dissolve, name="committee_dissolve"),
    path("tasks/<int:pk>/done/", committees.committee_task_done, name="committee_task_done"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/new/", reminders.reminder_new, name="reminder_new"),
    path("reminders/<int:pk>/", reminders.reminder, name="reminder"),
    path("reminders/<int:pk>/reply/", reminders.reminder_reply, name="reminder_reply"),
    path("reminders/<int:pk>/report/", reminders.reminder_report, name="reminder_report"),
    path("reminders/<int:pk>/settle/", reminders.reminder_settle, name="reminder_settle"),
    path("checks/", policy_checks.policy_checks, name="policy_checks"),
    path("checks/new/<int:pk>/", policy_checks.policy_check_new, name="policy_check_new"),
    path("checks/<int:pk>/", policy_checks.policy_check, name="policy_check"),
    path("checks/<int:pk>/items/<int:no>/", policy_checks.policy_check_item, name="policy_check_item"),
    path("checks/<int:pk>/close/", policy_checks.policy_check_close, name="policy_check_close"),
]
