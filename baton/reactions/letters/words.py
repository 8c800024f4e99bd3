"""The words of letters that depend on what happened, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baton.core.models.notification import Kind
from baton.reactions.letters.rendering import spoken


@dataclass(frozen=True, slots=True)
class Words:
    """A language. Sentences say `{who}`; Russian ones agree with the task and not with the person.

    `sentences` are by verb; `to_you` are by kind, where somebody is told because of what it means to them.
    """

    statuses: Mapping[str, str]
    priorities: Mapping[str, str]
    fields: Mapping[str, str]
    sentences: Mapping[str, str]
    to_you: Mapping[str, str]
    changed: str
    nobody: str
    someone: str
    elsewhere: str
    other_task: str
    no_value: str
    moment: str


def words_of(language: str) -> Words:
    """Return the words of a language, the English ones where it isn't spoken here."""
    return _WORDS[spoken(language)]


_ENGLISH = Words(
    statuses={
        "todo": "To do",
        "planned": "Planned",
        "in_progress": "In progress",
        "review": "In review",
        "done": "Done",
    },
    priorities={"low": "Low", "medium": "Medium", "high": "High"},
    fields={
        "title": "Title",
        "description": "Description",
        "status": "Status",
        "priority": "Priority",
        "assigned_to": "Lead",
        "assignees": "People",
        "parent": "Parent task",
        "labels": "Labels",
        "due_date": "Due",
        "project": "Project",
        "name": "File",
    },
    sentences={
        "task.created": "{who} made the task",
        "task.edited": "{who} changed the task",
        "task.status_changed": "{who} moved the task along",
        "task.assigned": "{who} changed who works on the task",
        "task.moved": "{who} moved the task to another project",
        "task.trashed": "{who} put the task into the trash",
        "task.restored": "{who} took the task out of the trash",
        "task.delegated": "{who} handed the task on",
        "delegation.accepted": "{who} accepted the task",
        "delegation.declined": "{who} declined the task",
        "delegation.returned": "{who} handed the task back",
        "comment.added": "{who} commented",
        "comment.edited": "{who} changed a comment",
        "comment.deleted": "{who} deleted a comment",
        "comment.restored": "{who} put a comment back",
        "attachment.added": "{who} attached a file",
        "attachment.removed": "{who} removed a file",
        "attachment.restored": "{who} restored a file",
        "member.added": "{who} made you a member of this project",
    },
    to_you={
        Kind.ASSIGNED: "{who} assigned the task to you",
        Kind.DELEGATED: "{who} handed the task to you",
        Kind.MENTIONED: "{who} mentioned you",
        Kind.DUE_SOON: "The task is due soon",
        Kind.OVERDUE: "The task is overdue",
    },
    changed="{who} changed the task",
    nobody="Baton",
    someone="somebody who has left",
    elsewhere="another project",
    other_task="another task",
    no_value="none",
    moment="j N Y, H:i",
)

_RUSSIAN = Words(
    statuses={
        "todo": "К выполнению",
        "planned": "Запланирована",
        "in_progress": "В работе",
        "review": "На проверке",
        "done": "Готова",
    },
    priorities={"low": "Низкий", "medium": "Средний", "high": "Высокий"},
    fields={
        "title": "Название",
        "description": "Описание",
        "status": "Состояние",
        "priority": "Приоритет",
        "assigned_to": "Ведущий",
        "assignees": "Исполнители",
        "parent": "Родительская задача",
        "labels": "Метки",
        "due_date": "Срок",
        "project": "Проект",
        "name": "Файл",
    },
    sentences={
        "task.created": "{who}: задача создана",
        "task.edited": "{who}: задача изменена",
        "task.status_changed": "{who}: состояние задачи изменено",
        "task.assigned": "{who}: исполнители изменены",
        "task.moved": "{who}: задача перенесена в другой проект",
        "task.trashed": "{who}: задача перемещена в корзину",
        "task.restored": "{who}: задача возвращена из корзины",
        "task.delegated": "{who}: задача передана дальше",
        "delegation.accepted": "{who}: задача принята",
        "delegation.declined": "{who}: отказ от задачи",
        "delegation.returned": "{who}: задача возвращена",
        "comment.added": "{who}: новый комментарий",
        "comment.edited": "{who}: комментарий изменён",
        "comment.deleted": "{who}: комментарий удалён",
        "comment.restored": "{who}: комментарий восстановлен",
        "attachment.added": "{who}: файл приложен",
        "attachment.removed": "{who}: файл убран",
        "attachment.restored": "{who}: файл восстановлен",
        "member.added": "{who}: вы добавлены в этот проект",
    },
    to_you={
        Kind.ASSIGNED: "{who}: задача назначена вам",
        Kind.DELEGATED: "{who}: задача передана вам",
        Kind.MENTIONED: "{who}: вас упоминают",
        Kind.DUE_SOON: "Скоро срок задачи",
        Kind.OVERDUE: "Срок задачи прошёл",
    },
    changed="{who}: задача изменена",
    nobody="Baton",
    someone="кто-то, кого здесь больше нет",
    elsewhere="другой проект",
    other_task="другая задача",
    no_value="нет",
    moment="j E Y, H:i",
)

_WORDS = {"en": _ENGLISH, "ru": _RUSSIAN}
