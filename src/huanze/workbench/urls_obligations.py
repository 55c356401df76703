"""Addresses of what falls due."""

from django.urls import path

from huanze.workbench.views import obligations

urlpatterns = [
    path("", obligations.due, name="due"),
    path("list/", obligations.due_list, name="due_list"),
    path("calendar.ics", obligations.due_ics, name="due_ics"),
    path("<int:pk>/", obligations.due_one, name="due_one"),
    path("<int:pk>/complete/", obligations.due_complete, name="due_complete"),
    path("<int:pk>/end/", obligations.due_end, name="due_end"),
    path("<int:pk>/proof/<int:evidence_id>/", obligations.due_proof, name="due_proof"),
]
