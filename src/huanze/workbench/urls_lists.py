"""Addresses of duty lists, their versions, the map."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
