"""The routes below `/api/`."""

from __future__ import annotations

from django.urls import path

import baton.surfaces.wire.routes  # noqa: F401  # registers the `id` converter
from baton.surfaces.api import comments, delegations, events, history, statistics, tasks, watching

urlpatterns = [
    path("tasks/", tasks.Tasks.as_view()),
    path("tasks/statistics/", statistics.TaskStatistics.as_view()),
    path("tasks/<id:task_id>/", tasks.Task.as_view()),
    path("tasks/<id:task_id>/assign/", tasks.TaskAssignment.as_view()),
    path("tasks/<id:task_id>/status/", tasks.TaskStatus.as_view()),
    path("tasks/<id:task_id>/comments/", comments.TaskComments.as_view()),
    path("tasks/<id:task_id>/history/", history.TaskHistory.as_view()),
    path("tasks/<id:task_id>/delegations/", delegations.TaskDelegations.as_view()),
    path("tasks/<id:task_id>/watch/", watching.TaskWatch.as_view()),
    path("comments/<id:comment_id>/", comments.Comment.as_view()),
    path("delegations/<id:delegation_id>/", delegations.Delegation.as_view()),
    path("events/", events.Events.as_view()),
]
