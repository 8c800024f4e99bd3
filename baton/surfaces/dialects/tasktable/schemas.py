"""What may be said, with the framework's own sentences for what may not: the shapes of all forms and bodies."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers

from baton.core.queries.users import Handle, find_by_handle, find_by_username
from baton.surfaces.dialects.tasktable.errors import NOBODY
from baton.surfaces.dialects.tasktable.mapping import LABELS
from baton.surfaces.wire.routes import LARGEST_ID

NAME_LENGTH = 200
PASSWORD: dict[str, Any] = {"trim_whitespace": False, "style": {"input_type": "password"}}
LONG_TEXT: dict[str, Any] = {"style": {"base_template": "textarea.html"}}


class PersonByName(serializers.CharField):
    """A person by their username; the id afterwards."""

    default_error_messages: ClassVar[dict[str, Any]] = {"does_not_exist": NOBODY}

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # the framework's fields change types
        """Return the id of the active user who is called so."""
        user = find_by_username(super().to_internal_value(data))
        if user is None:
            self.fail("does_not_exist")
        return user.pk


class PersonById(serializers.Field[int, Any, int, Any]):
    """A person by their id, as the framework's related fields take it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "does_not_exist": 'Invalid pk "{pk}" - object does not exist.',
        "incorrect_type": "Incorrect type. Expected pk value, received {type}.",
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the id; nothing in a form is nobody."""
        return super().run_validation(None if data == "" else data)

    def to_internal_value(self, data: Any) -> int:
        """Return the id of an active user."""
        pk = int(data) if isinstance(data, str) and data.isascii() and data.isdigit() and len(data) <= 19 else data
        if isinstance(pk, bool) or not isinstance(pk, int):
            self.fail("incorrect_type", type=type(data).__name__)
        if not 0 < pk <= LARGEST_ID or find_by_handle(Handle("user_id", pk)) is None:
            self.fail("does_not_exist", pk=str(data)[:40])
        return pk

    def to_representation(self, value: int) -> int:
        """Return the id."""
        return value


class PersonAsShown(PersonById):
    """A person by their id, or as answers show them: what was read can be sent back."""

    def to_internal_value(self, data: Any) -> int:
        """Return the id of an active user."""
        return super().to_internal_value(data.get("id") if isinstance(data, dict) else data)


class RegistrationIn(serializers.Serializer[Any]):
    """A new account."""

    username = serializers.CharField()
    email = serializers.EmailField()
    password = serializers.CharField(**PASSWORD)


class LoginIn(serializers.Serializer[Any]):
    """Who somebody says they are."""

    username = serializers.CharField()
    password = serializers.CharField(**PASSWORD)


class DueFromToday(serializers.Serializer[Any]):
    """What has a due date that may not be over."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a day that is over, in UTC."""
        due: date = attrs["due_date"]
        if due < timezone.now().date():
            raise serializers.ValidationError("due date cannot be earlier than today's date")
        return attrs


class CreationIn(DueFromToday):
    """A new task, all of it."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    specification = serializers.CharField(**LONG_TEXT)
    due_date = serializers.DateField()
    performer = PersonByName()


class UpdateIn(DueFromToday):
    """Which task, and all of it. `context["task"]` is the task, None where there is none."""

    task_id = serializers.IntegerField()
    name = serializers.CharField(max_length=NAME_LENGTH)
    specification = serializers.CharField(**LONG_TEXT)
    due_date = serializers.DateField()
    performer = PersonByName()
    status = serializers.ChoiceField(list(LABELS.items()))

    def validate_task_id(self, task_id: int) -> int:
        """Refuse the id of no task."""
        if self.context.get("task") is None:
            raise serializers.ValidationError("Task not found")
        return task_id


class NamedCommentIn(serializers.Serializer[Any]):
    """A comment on a task by its name."""

    task_name = serializers.CharField(max_length=NAME_LENGTH)
    description = serializers.CharField(**LONG_TEXT)


class CommentIn(serializers.Serializer[Any]):
    """A comment."""

    description = serializers.CharField(**LONG_TEXT)


class StrictTaskIn(serializers.Serializer[Any]):
    """What may be said of a task."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    specification = serializers.CharField(**LONG_TEXT)
    due_date = serializers.DateField(required=False, allow_null=True)
    performer = PersonById(required=False, allow_null=True)
    status = serializers.ChoiceField(list(LABELS.items()), required=False, allow_blank=True)


class TaskIn(StrictTaskIn):
    """The same, and everybody who works on it."""

    performers = serializers.ListField(child=PersonAsShown(), required=False)


class UploadIn(serializers.Serializer[Any]):
    """The form of an upload."""

    image_file = serializers.FileField(allow_empty_file=True)


class RemovalIn(serializers.Serializer[Any]):
    """Which file to delete."""

    remove = serializers.CharField(trim_whitespace=False)
