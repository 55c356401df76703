"""Addresses of packs made of documents, who is meant, what differs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
