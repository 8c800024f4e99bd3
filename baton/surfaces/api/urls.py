"""The routes below `/api/`."""

from __future__ import annotations

from django.urls import path

import baton.surfaces.wire.routes  # noqa: F401  # registers the `id` converter
from baton.surfaces.api import tasks

urlpatterns = [
    path("tasks/", tasks.Tasks.as_view()),
    path("tasks/<id:task_id>/", tasks.Task.as_view()),
    path("tasks/<id:task_id>/assign/", tasks.TaskAssignment.as_view()),
    path("tasks/<id:task_id>/status/", tasks.TaskStatus.as_view()),
]
