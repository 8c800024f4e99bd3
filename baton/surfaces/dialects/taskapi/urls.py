"""The routes of aiohttp_taskAPI (003), below the prefix or at the root of a host; no slash at their end."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.dialects.taskapi.accounts import GetToken, Register
from baton.surfaces.dialects.taskapi.tasks import Task, TaskLog, Tasks

urlpatterns = [
    path("register", Register.as_view()),
    path("get-token", GetToken.as_view()),
    path("task", Tasks.as_view()),
    path("task/<str:task_id>", Task.as_view()),
    path("task/<str:task_id>/log", TaskLog.as_view()),
]
