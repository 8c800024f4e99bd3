"""Projects, who belongs to them and who is invited."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from baton.core.commands import members, projects
from baton.core.commands.projects import ProjectFields
from baton.core.commands.trash import restore_project
from baton.core.models import Invitation, Member, Project, ReportSubscription
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.history import WithHistory
from baton.surfaces.admin.through_commands import ReadOnlyAdmin, fields_of, take_over

FIELDS = {name: name for name in ("name", "key", "description", "visibility", *projects.RULES)}


class MemberInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """The members, on the page of their project."""

    model = Member
    extra = 0
    fields = ("user", "role", "created_at")
    readonly_fields = ("created_at",)
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        """Return the members with their users, joined."""
        return super().get_queryset(request).select_related("user", "project")


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A project's particulars. Without a key, a new project gets one from its name."""

    key = forms.CharField(max_length=10, required=False)

    class Meta:
        model = Project
        fields = tuple(FIELDS)


@admin.register(Project)
class ProjectAdmin(WithHistory):
    """Projects. Deleting one puts it into the trash."""

    form = ProjectForm
    inlines = (MemberInline,)
    fields = (*FIELDS, "owner", "is_inbox", "tasks_count", "created_at", "updated_at", "trashed_at", "version")
    readonly_fields = ("owner", "is_inbox", "tasks_count", "created_at", "updated_at", "trashed_at", "version")
    list_display = ("key", "name", "visibility", "owner", "tasks_count", "updated_at", "trashed_at")
    list_display_links = ("key", "name")
    list_filter = ("visibility", "is_inbox", ("trashed_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "name", "owner__username")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-id")
    actions = ("restore",)

    def about(self, thing: Project) -> Q:
        """Return what happened in the project."""
        return Q(project=thing)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Make or change the project."""
        fields = cast("ProjectFields", fields_of(form, FIELDS))
        actor = actor_of(request)
        saved = projects.edit_project(actor, obj.pk, fields) if change else projects.create_project(actor, fields)
        take_over(obj, saved)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Add members, change their roles and take them out: in this order, so that an owner can be replaced."""
        actor, project = actor_of(request), form.instance
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        kept = [row for row in formset.forms if row.has_changed() and row not in formset.deleted_forms]
        for row in sorted(kept, key=lambda row: row.cleaned_data["role"] != "owner"):
            member = row.instance
            if "user" in row.changed_data and row.initial.get("user"):
                members.remove_member(actor, project.pk, row.initial["user"])
            members.add_member(actor, project.pk, member.user_id, member.role)
            formset.changed_objects.append((member, row.changed_data))
        for row in formset.deleted_forms:
            if row.instance.pk:
                members.remove_member(actor, project.pk, row.initial["user"])
                formset.deleted_objects.append(row.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Put the project into the trash."""
        projects.trash_project(actor_of(request), obj.pk)

    @admin.action(description="Restore the selected projects from the trash", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        """Restore them, all or none."""
        for project in queryset:
            restore_project(actor_of(request), project.pk)
        self.message_user(request, "Restored.")


@admin.register(Member)
class MemberAdmin(WithHistory):
    """Who belongs to which project."""

    fields = ("project", "user", "role")
    list_display = ("project", "user", "role", "created_at")
    list_display_links = ("project", "user")
    list_filter = ("role", "created_at")
    search_fields = ("project__key", "project__name", "user__username", "user__email")
    list_select_related = ("project", "user")
    autocomplete_fields = ("project", "user")
    ordering = ("-id",)

    def about(self, thing: Member) -> Q:
        """Return how they became a member, were given roles and left, also before they came back."""
        made = Q(verb="project.created", actor=thing.user_id)
        return Q(project=thing.project_id) & (made | Q(verb__startswith="member.", data__user=thing.user_id))

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """Return what stays as it is: a membership is between these two."""
        return () if obj is None else ("project", "user")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Make somebody a member, or give a member another role."""
        take_over(obj, members.add_member(actor_of(request), obj.project_id, obj.user_id, obj.role))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take the member out."""
        members.remove_member(actor_of(request), obj.project_id, obj.user_id)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who is invited into which project."""

    list_display = ("email", "project", "role", "invited_by", "created_at", "expires_at", "accepted_by", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("email", "project__key", "project__name")
    list_select_related = ("project", "invited_by", "accepted_by")
    ordering = ("-id",)


@admin.register(ReportSubscription)
class ReportSubscriptionAdmin(ReadOnlyAdmin):
    """Who gets which project's report every week."""

    list_display = ("user", "project", "created_at")
    list_filter = ("created_at",)
    search_fields = ("user__username", "user__email", "project__key", "project__name")
    list_select_related = ("user", "project")
    ordering = ("-id",)
