"""Addresses of the “who leads?” desk, determinations, and the items behind a problem."""

from django.urls import path

from huanze.workbench.views import desk, desk_basis, desk_determinations

urlpatterns = [
    path("", desk.leads, name="leads"),
    path("determinations/", desk_determinations.determinations, name="determinations"),
    path("determinations/new/", desk_determinations.determination_new, name="determination_new"),
    path("determinations/<int:pk>/", desk_determinations.determination, name="determination"),
    path("determinations/<int:pk>/<str:step>/", desk_determinations.determination_step, name="determination_step"),
    path("problems/<int:pk>/basis/", desk_basis.problem_basis, name="problem_basis"),
    path("basis/<int:pk>/withdraw/", desk_basis.basis_withdraw, name="basis_withdraw"),
]
