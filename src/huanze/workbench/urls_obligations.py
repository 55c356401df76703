"""Addresses of what falls due."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
