"""Addresses of committees, reminders and checks of new policy documents."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
