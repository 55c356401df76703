"""Addresses of the staff side."""

from django.urls import include, path

from huanze.workbench.views import sign_in

urlpatterns = [
    path("manage/", include("huanze.workbench.urls_manage")),
    path("", include("huanze.workbench.urls_personal")),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/password/", sign_in.change_password, name="change_password"),
    path("account/second-factor/", sign_in.second_factor, name="second_factor"),
]
