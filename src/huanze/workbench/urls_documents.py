"""Addresses of documents kept and reviewed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
