"""What people were told, and how they want to be told."""

from __future__ import annotations

from functools import partial

from django.contrib import admin
from django.urls import URLPattern, path

from baton.core.models import MailHours, Notification, NotificationSetting, UnwantedLetter
from baton.surfaces.admin.through_commands import ReadOnlyAdmin
from baton.surfaces.admin.why import show_why


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Who was told of what, and through which letter or why by none."""

    change_list_template = "baton_admin/notifications.html"
    list_display = ("id", "created_at", "user", "kind", "task", "mode", "delivery", "silence", "read_at")
    list_filter = ("kind", "mode", "silence", "created_at")
    search_fields = ("user__username", "=task__id", "occasion")
    list_select_related = ("user", "task", "delivery")
    ordering = ("-id",)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that says why somebody got no mail."""
        why = self.admin_site.admin_view(partial(show_why, self.admin_site))
        return [path("why/", why, name="why_no_mail"), *super().get_urls()]


@admin.register(NotificationSetting)
class NotificationSettingAdmin(ReadOnlyAdmin):
    """What people have chosen."""

    list_display = ("user", "project", "kind", "mode")
    list_filter = ("kind", "mode")
    search_fields = ("user__username", "project__key")
    list_select_related = ("user", "project")
    ordering = ("user", "project", "kind")


@admin.register(MailHours)
class MailHoursAdmin(ReadOnlyAdmin):
    """When people want letters."""

    list_display = ("user", "gather_minutes", "digest_hour", "digest_weekday", "quiet_from", "quiet_until")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    ordering = ("user",)


@admin.register(UnwantedLetter)
class UnwantedLetterAdmin(ReadOnlyAdmin):
    """Which letters people have switched off that follow from no notification."""

    list_display = ("user", "letter", "created_at")
    list_filter = ("letter",)
    search_fields = ("user__username",)
    list_select_related = ("user",)
    ordering = ("user", "letter")
