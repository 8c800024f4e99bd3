"""Words that group a project's tasks."""

from __future__ import annotations

from django.db import models

from baton.core.models.project import Project
from baton.core.models.task import Task


class Label(models.Model):
    """A label of a project; its name is unique there without case."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=50)
    name_folded = models.CharField(max_length=250, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["project", "name_folded"], name="label_once_per_project"),)

    def __str__(self) -> str:
        return self.name


class TaskLabel(models.Model):
    """A task carries a label."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="task_labels")
    label = models.ForeignKey(Label, models.CASCADE, related_name="task_labels")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "label"], name="labelled_once"),)

    def __str__(self) -> str:
        return f"label {self.label_id} on task {self.task_id}"
