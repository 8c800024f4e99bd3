"""Labels on a task."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from baton.core.commands.checks import (
    LABEL_FOLDED_LENGTH,
    LABEL_LENGTH,
    LABELS_PER_TASK,
    check_folded,
    check_line,
    refuse,
)
from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError
from baton.core.events.facts.tasks import TaskEdited
from baton.core.models import Label, Project, Task, TaskLabel
from baton.lib.compiled import Compiled
from baton.lib.statements import Param
from baton.lib.text import fold


def set_labels(change: TaskChange, names: Sequence[str]) -> None:
    """Replace the task's labels; a name the project doesn't know yet becomes a label of it."""
    refuse(check_labels(names))
    present = list_labels(change.task)
    wanted = by_folded_name(names)
    if wanted.keys() == {fold(name) for name in present}:
        return
    labels = find_or_make_labels(change.task.project, wanted)
    TaskLabel.objects.filter(task=change.task).exclude(label__in=labels).delete()
    place_labels(change.task, labels)
    change.set_quietly("labels_count", len(labels))
    change.note(TaskEdited(), "labels", present, sorted(label.name for label in labels))


def place_labels(task: Task, labels: Sequence[Label]) -> None:
    """Put the labels on the task where they are not there already."""
    TaskLabel.objects.bulk_create((TaskLabel(task=task, label=label) for label in labels), ignore_conflicts=True)


def find_or_make_labels(project: Project, names: dict[str, str]) -> list[Label]:
    """Return the project's labels of these names, by folded name; makes the missing ones."""
    found = _find_labels(project, names)
    missing = names.keys() - {label.name_folded for label in found}
    if not missing:
        return found
    Label.objects.bulk_create(
        (Label(project=project, name=names[folded], name_folded=folded) for folded in missing), ignore_conflicts=True
    )
    return _find_labels(project, names)


def _find_labels(project: Project, names: dict[str, str]) -> list[Label]:
    rows = _LABELS.rows((), {"project": project.pk, "names": list(names)})
    return [Label(pk, project.pk, name, folded) for pk, name, folded in rows]


def list_labels(task: Task) -> list[str]:
    """Return the names of the task's labels, sorted."""
    if not task.labels_count:
        return []
    return sorted(TaskLabel.objects.filter(task=task).values_list("label__name", flat=True))


def check_labels(names: Sequence[str]) -> list[FieldError]:
    """Check how many labels there are and each one's name."""
    if len(names) > LABELS_PER_TASK:
        return [FieldError("/labels", "too_many", f"A task can carry at most {LABELS_PER_TASK} labels.")]
    errors = []
    for index, name in enumerate(names):
        pointer = f"/labels/{index}"
        errors += check_line(pointer, name, LABEL_LENGTH) or check_folded(pointer, name, LABEL_FOLDED_LENGTH)
    return errors


def by_folded_name(names: Sequence[str]) -> dict[str, str]:
    """Return the names by what they are compared by; of those that differ in case only, the first."""
    return {fold(name): name for name in reversed(names)}


def _labels(_shape: tuple[()]) -> QuerySet[Label, tuple[int, str, str]]:
    named = Label.objects.filter(project=Param("project"), name_folded__any_of=Param("names"))
    return named.values_list("pk", "name", "name_folded")


_LABELS = Compiled(_labels)
