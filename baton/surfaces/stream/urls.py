"""The routes of the live stream."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.stream import live_stream

urlpatterns = [
    path("api/stream/", live_stream.Stream.as_view()),
    path("api/stream/tickets/", live_stream.Tickets.as_view()),
    path("ws/stream/", live_stream.Socket.as_view()),
]
