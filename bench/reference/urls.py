"""The routes."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from bench.reference.tasks.views import TaskViewSet, UncountedTaskViewSet

router = DefaultRouter()
router.register("tasks", TaskViewSet, basename="task")
router.register("uncounted-tasks", UncountedTaskViewSet, basename="uncounted-task")

urlpatterns = [path("api/", include(router.urls))]
