"""What comes in. The texts of errors are the framework's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from rest_framework import serializers

from baton.core.commands.account_checks import PASSWORD_LENGTH, USERNAME_LENGTH
from baton.surfaces.dialects.taskmaster.mapping import STATUS
from baton.surfaces.wire.dialects.projection import sent_anew

EMAIL_LENGTH = 254  # the original had 255, one more than an address can have
NAME_LENGTH = 255
TITLE_LENGTH = 100
PASSWORD_LEAST = 6

WORD = RegexValidator(r"^\w+\Z", "Username can only contain letters, numbers and underscore")


class StatusField(serializers.ChoiceField):
    """One of the words for a status; an empty one has an error of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(STATUS.words, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Return the word. Raises ValidationError."""
        if data == "":
            message = f"Invalid status: . Must be one of {list(STATUS.words)}."
            raise serializers.ValidationError(message, code="invalid_choice")
        return super().to_internal_value(data)


class TaskIn(serializers.Serializer[Any]):
    """A task; one that exists takes any part of it."""

    title = serializers.CharField(max_length=TITLE_LENGTH)
    description = serializers.CharField(allow_blank=True)
    status_task = StatusField(required=False)


class ProfileIn(serializers.Serializer[Any]):
    """What people may say of themselves."""

    first_name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    last_name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    username = serializers.CharField(min_length=4, max_length=USERNAME_LENGTH, validators=[WORD])
    email = serializers.EmailField(max_length=EMAIL_LENGTH)


def _password() -> serializers.CharField:
    # Outer spaces are trimmed, as the original did.
    return serializers.CharField(min_length=PASSWORD_LEAST, max_length=PASSWORD_LENGTH)


class RegisterIn(ProfileIn):
    """A new account."""

    password = _password()


class LoginIn(serializers.Serializer[Any]):
    """Who logs in; either name of the key takes a username or an e-mail address."""

    keys: ClassVar = ("username", "email", "username_or_email")

    username = serializers.CharField(max_length=EMAIL_LENGTH)
    password = _password()


class PasswordIn(serializers.Serializer[Any]):
    """The present password, and the next one twice."""

    old_password = _password()
    new_password_1 = _password()
    new_password_2 = _password()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Compare the two. Raises ValidationError."""
        if attrs["new_password_1"] != attrs["new_password_2"]:
            raise serializers.ValidationError({"new_password_2": ["Value should be same as new_password_1"]})
        return attrs


class TokenIn(serializers.Serializer[Any]):
    """A token to look at."""

    token = serializers.CharField()


class RefreshIn(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = serializers.CharField()


def read_whole(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the values of what was sent. Nulls count as not sent, and what is needed and missing as null.

    That is how the original saw it. Raises ValidationError.
    """
    if not isinstance(data, Mapping):
        return read_plain(shape, data)
    needed = {name: None for name, field in shape().fields.items() if field.required}
    return read_plain(shape, {**needed, **_said(data)})


def read_parts(shape: type[serializers.Serializer[Any]], data: Any, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of what was sent and differs from what is shown. Nulls count as not sent.

    What is shown may always be sent back, whether it fits the shape or not. Raises ValidationError.
    """
    sent = _said(sent_anew(data, shown)) if isinstance(data, Mapping) else data
    return read_plain(shape, sent, partial=True)


def read_plain(shape: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """Return the values of what was sent. Raises ValidationError."""
    reader = shape(data=data, partial=partial)
    reader.is_valid(raise_exception=True)
    values: dict[str, Any] = reader.validated_data
    return values


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
