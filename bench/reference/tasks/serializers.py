"""A task on the wire."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers

from bench.reference.tasks.models import Assignment, History, Label, Project, Task, User


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "username", "name", "avatar")


class TaskSerializer(serializers.ModelSerializer[Task]):
    assigned_to = PersonSerializer(read_only=True)
    assignees = PersonSerializer(many=True, read_only=True)
    labels: serializers.SlugRelatedField[Label] = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )
    created_by = PersonSerializer(read_only=True)

    class Meta:
        model = Task
        fields = (
            "id",
            "uuid",
            "key",
            "project",
            "title",
            "description",
            "status",
            "priority",
            "assigned_to",
            "assignees",
            "delegated",
            "parent",
            "labels",
            "due_date",
            "created_by",
            "created_at",
            "updated_at",
            "completed_at",
            "comments_count",
            "attachments_count",
            "version",
        )


class TaskWriteSerializer(serializers.ModelSerializer[Task]):
    assigned_to = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
    labels = serializers.ListField(child=serializers.CharField(max_length=50), required=False)

    class Meta:
        model = Task
        fields = (
            "project",
            "title",
            "description",
            "status",
            "priority",
            "assigned_to",
            "parent",
            "labels",
            "due_date",
        )

    def validate_project(self, project: Project) -> Project:
        if not project.members.filter(pk=self.context["request"].user.pk).exists():
            raise serializers.ValidationError("You are no member of this project.")
        return project

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lead = attrs.get("assigned_to")
        if lead and not attrs["project"].members.filter(pk=lead.pk).exists():
            raise serializers.ValidationError({"assigned_to": "Not a member of this project."})
        return attrs

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Task:
        labels = validated_data.pop("labels", [])
        actor = self.context["request"].user
        project = Project.objects.select_for_update().get(pk=validated_data["project"].pk)
        project.last_number += 1
        project.save(update_fields=["last_number"])
        if validated_data.get("status") == Task.Status.DONE:
            validated_data["completed_at"] = timezone.now()
        validated_data["project"] = project
        task = Task.objects.create(number=project.last_number, created_by=actor, **validated_data)
        if task.assigned_to:
            Assignment.objects.create(task=task, user=task.assigned_to, position=0)
        if labels:
            task.labels.set([Label.objects.get_or_create(project=project, name=name)[0] for name in labels])
        changes = {name: [None, value] for name, value in self.initial_data.items()}
        History.objects.create(task=task, actor=actor, verb="task.created", changes=changes)
        return task

    def to_representation(self, instance: Task) -> dict[str, Any]:
        return TaskSerializer(instance, context=self.context).data
