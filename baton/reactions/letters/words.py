"""The words of letters that depend on what happened, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.rendering import spoken


@dataclass(frozen=True, slots=True)
class Words:
    """A language. Sentences say `{who}`; Russian ones agree with the task and not with the person.

    `sentences` are by verb; `to_you` are by kind, where somebody is told because of what it means to them.
    `letters` are by what a link switches off: a kind, a mode, or a report.
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
    letters: Mapping[str, str]
    these: str


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
    letters={
        Kind.CREATED: "letters about new tasks",
        Kind.CHANGED: "letters about changed tasks",
        Kind.COMMENTED: "letters about comments",
        Kind.ASSIGNED: "letters about tasks assigned to you",
        Kind.DELEGATED: "letters about tasks handed to you",
        Kind.HANDED_BACK: "letters about tasks handed back to you",
        Kind.MENTIONED: "letters about where you are mentioned",
        Kind.DUE_SOON: "reminders of what is due soon",
        Kind.OVERDUE: "reminders of what is overdue",
        Kind.INVITED: "letters about projects that you have been added to",
        Mode.GATHERED: "letters that gather what has happened to a task",
        Mode.DAILY: "daily digests",
        Mode.WEEKLY: "weekly digests",
        "report": "weekly reports of this project",
    },
    these="letters of this kind",
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
    letters={
        Kind.CREATED: "письма о новых задачах",
        Kind.CHANGED: "письма об изменениях в задачах",
        Kind.COMMENTED: "письма о комментариях",
        Kind.ASSIGNED: "письма о назначенных вам задачах",
        Kind.DELEGATED: "письма о переданных вам задачах",
        Kind.HANDED_BACK: "письма о возвращённых вам задачах",
        Kind.MENTIONED: "письма о том, где вас упоминают",
        Kind.DUE_SOON: "напоминания о скорых сроках",
        Kind.OVERDUE: "напоминания о прошедших сроках",
        Kind.INVITED: "письма о проектах, в которые вас добавили",
        Mode.GATHERED: "сводные письма о задаче",
        Mode.DAILY: "ежедневные сводки",
        Mode.WEEKLY: "еженедельные сводки",
        "report": "еженедельные отчёты этого проекта",
    },
    these="такие письма",
)

_WORDS = {"en": _ENGLISH, "ru": _RUSSIAN}
