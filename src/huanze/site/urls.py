"""The addresses of the site."""

from django.urls import include, path

urlpatterns = [path("", include("huanze.workbench.urls"))]

handler400 = "huanze.workbench.views.errors.bad_request"
handler403 = "huanze.workbench.views.errors.forbidden"
handler404 = "huanze.workbench.views.errors.not_found"
handler500 = "huanze.workbench.views.errors.broken"
