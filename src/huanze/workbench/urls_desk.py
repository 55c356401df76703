"""Addresses of the “who leads?” desk and determinations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
