"""The viewset."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from bench.reference.tasks.models import Assignment, Task
from bench.reference.tasks.serializers import TaskSerializer, TaskWriteSerializer


class TaskViewSet(ModelViewSet[Task]):
    def get_queryset(self) -> QuerySet[Task]:
        assignments = Prefetch("assignments", Assignment.objects.select_related("user"))
        return (
            Task.objects.filter(project__members=self.request.user.pk)
            .select_related("project", "assigned_to", "created_by")
            .prefetch_related(assignments, "labels")
        )

    def get_serializer_class(self) -> type[BaseSerializer[Task]]:
        return TaskSerializer if self.request.method == "GET" else TaskWriteSerializer


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")


class UncountedTaskViewSet(TaskViewSet):
    """The same list without the COUNT that PageNumberPagination asks for."""

    pagination_class = NewestFirst
