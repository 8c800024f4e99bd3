"""What may be said of an issue and at a log-in, with the framework's own sentences for what may not."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from baton.core.commands.task_fields import TaskFields
from baton.core.queries.brief_tasks import BriefTask
from baton.core.queries.users import find_by_username
from baton.surfaces.dialects.issuetracker.mapping import STATUS, show_issue
from baton.surfaces.wire.dialects.projection import leave_as_shown

TITLE_LENGTH = 50
DESCRIPTION_LENGTH = 200


class Username(serializers.CharField):
    """A person by their username; the id afterwards."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "does_not_exist": "Object with username={value} does not exist.",
        "invalid": "Invalid value.",
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the id. Raises ValidationError; nobody is null here, in a form too."""
        return super().run_validation(None if data == "" else data)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # the framework's fields change types
        """Return the id of the active user who is called so."""
        username = super().to_internal_value(data)
        user = find_by_username(username)
        if user is None:
            self.fail("does_not_exist", value=username)
        return user.pk


class IssueIn(serializers.Serializer[Any]):
    """An issue, its fields in the order in which the original told of their errors."""

    status = serializers.ChoiceField(STATUS.words)
    title = serializers.CharField(max_length=TITLE_LENGTH)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH)
    assigned_to = Username()


class LoginIn(serializers.Serializer[Any]):
    """Who somebody says they are."""

    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False, style={"input_type": "password"})


def read_login(data: object) -> dict[str, str]:
    """Return username and password. Raises ValidationError."""
    said: dict[str, str] = _checked(LoginIn(data=data))
    return said


def read_issue(data: object, present: BriefTask | None = None, *, partial: bool = False) -> TaskFields:
    """Return what is said of a new issue, or what shall change of a present one. Raises ValidationError.

    What is sent as it is shown changes nothing, and so may be longer than this dialect allows, and absent.
    """
    shape = IssueIn(data=data, partial=partial)
    if present is not None:
        leave_as_shown(shape, data, show_issue(present))
    fields: TaskFields = _checked(shape)
    if "status" in fields:
        fields["status"] = STATUS.choose(fields["status"], present and present.status)
    return fields


def _checked(shape: serializers.Serializer[Any]) -> Any:
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)
