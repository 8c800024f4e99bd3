"""The routes of issue-Tracker-REST (004), below the prefix or at the root of a host."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
