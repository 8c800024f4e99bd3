"""How one wants to be told: `/api/notification-settings/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.notification_settings import (
    LONGEST_GATHERING,
    SettingsFields,
    change_notification_settings,
)
from baton.core.models.notification import Kind, Mode
from baton.core.queries import shapes
from baton.core.queries.notification_settings import get_notification_settings
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.fields import Int, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.respond import json_response
from baton.surfaces.wire.routes import LARGEST_ID
from baton.surfaces.wire.views import Access

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
MOST_PROJECTS = 200


class TimeOfDay(Text):
    """A time of day as `HH:MM`."""

    def __init__(self, **options: Any) -> None:
        kinds = ["string", "null"] if options.get("allow_null") else "string"
        super().__init__(says={"type": kinds, "pattern": CLOCK}, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Return the time. Raises ValidationError: invalid."""
        text = super().to_internal_value(data)
        if not re.fullmatch(CLOCK, text):
            raise serializers.ValidationError("Must be a time of day, such as 22:30.", "invalid")
        return time.fromisoformat(text)


class ModesIn(In):
    """How to be told of each kind; null is as for other projects, or as is usual."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each kind."""
        return {kind: serializers.ChoiceField(Mode.values, required=False, allow_null=True) for kind in Kind.values}


class HoursIn(In):
    """When to send letters, in one's own time zone; `digest_weekday` 0 is Monday."""

    gather_minutes = Int(required=False, min_value=0, max_value=LONGEST_GATHERING)
    digest_hour = Int(required=False, min_value=0, max_value=23)
    digest_weekday = Int(required=False, min_value=0, max_value=6)
    quiet_from = TimeOfDay(required=False, allow_null=True)
    quiet_until = TimeOfDay(required=False, allow_null=True)


class ByProject(serializers.DictField):
    """Modes by the ids of projects."""

    child = ModesIn()
    says: ClassVar[Mapping[str, Any]] = {
        "maxProperties": MOST_PROJECTS,
        "propertyNames": {"type": "string", "pattern": "^[1-9][0-9]{0,18}$"},
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the modes by id. Raises ValidationError: invalid."""
        if isinstance(data, dict) and len(data) > MOST_PROJECTS:
            raise serializers.ValidationError(f"At most {MOST_PROJECTS} projects at once.", "max_length")
        return {self._id(key): modes for key, modes in super().to_internal_value(data).items()}

    def _id(self, key: str) -> int:
        if re.fullmatch("[1-9][0-9]{0,18}", key) and int(key) <= LARGEST_ID:
            return int(key)
        raise serializers.ValidationError({key: ["This is no project's id."]}, "invalid")


class NotificationSettingsIn(In):
    """What to change; what is not sent stays as it is. A letter left out of `unwanted_letters` comes again."""

    example: ClassVar = {"modes": {"task_changed": "daily", "task_created": None}, "hours": {"digest_hour": 7}}

    modes = ModesIn(required=False)
    projects = ByProject(required=False)
    hours = HoursIn(required=False)
    unwanted_letters = serializers.ListField(child=Text(max_length=40), required=False, max_length=50)


class NotificationSettings(ApiView):
    """`GET` how one is told; `PATCH` (a merge patch) says it otherwise."""

    access = Access.OWN_ACCOUNT

    @operation("get_notification_settings", gives=shapes.NotificationSettings)
    def get(self, request: Request) -> HttpResponse:
        """Show the mode of every kind, of single projects where it differs, and the hours."""
        return json_response(get_notification_settings(self.actor))

    @operation("change_notification_settings", takes=NotificationSettingsIn, gives=shapes.NotificationSettings)
    def patch(self, request: Request) -> HttpResponse:
        """Change what is sent; a mode of null is as usual again."""
        change_notification_settings(self.actor, cast(SettingsFields, NotificationSettingsIn.read(request)))
        return json_response(get_notification_settings(self.actor))
