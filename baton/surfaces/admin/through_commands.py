"""Pages whose buttons call commands, and pages on which nothing can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from baton.core.errors import CoreError, FieldError, NotFound

if TYPE_CHECKING:
    PageAdmin = admin.ModelAdmin[models.Model]
else:
    PageAdmin = admin.ModelAdmin

NO_MEMBER = "You may not change this here: Baton's roles hold in the admin too, and you are no member of the project."


class ReadOnlyAdmin(PageAdmin):
    """A page to look at: its rows are the product's own bookkeeping."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """May anybody add such a row by hand? No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May anybody change such a row by hand? No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May anybody delete such a row by hand? No."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what the page of one of them shows, joined."""
        return joined(super().get_queryset(request), self.list_select_related)


class CommandAdmin(PageAdmin):
    """A page whose changes are commands. A refusal is shown in the form or as a message, and changes nothing.

    Pages override `save_model` and `delete_model`. `pointers` maps the names of the commands' fields to the form's.
    """

    pointers: dict[str, str] = {}  # noqa: RUF012 - overridden, never changed
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what the page of one of them shows, joined."""
        return joined(super().get_queryset(request), self.list_select_related)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Answer; what a command refuses comes back in the form, with all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except CoreError as refusal:
            # Django has rolled its transaction back. Asked once more, the form knows what is wrong with it.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> type[forms.ModelForm[Any]]:
        """Return the form; one that a command has refused finds the refusal in itself."""
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal: CoreError | None = getattr(request, "refusal", None)
        return form if refusal is None else _refused(form, refusal, self.pointers)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer; a refusal is a message on the same page."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except CoreError as refusal:
            return self.refuse(request, refusal)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Answer; an action does all or nothing, and a refusal is a message."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except CoreError as refusal:
            return self.refuse(request, refusal)

    def refuse(self, request: HttpRequest, refusal: CoreError) -> HttpResponse:
        """Show a refusal as a message, on the page where the button was."""
        self.message_user(request, explain(refusal), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each of them by its command."""
        for row in queryset:
            self.delete_model(request, row)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Return what to ask about: the rows alone, for the commands decide what goes with them."""
        rows = [str(row) for row in objs]
        return rows, {str(self.opts.verbose_name_plural): len(rows)}, set(), []


def explain(refusal: CoreError) -> str:
    """Return the refusal as a sentence for people."""
    if isinstance(refusal, NotFound) and not refusal.errors and refusal.detail == NotFound.detail:
        return NO_MEMBER
    return " ".join([refusal.detail, *(f"{error.pointer.lstrip('/')}: {error.detail}" for error in refusal.errors)])


def fields_of(form: forms.ModelForm[Any], names: dict[str, str]) -> dict[str, Any]:
    """Return what was changed in a form, under the names the commands know it by."""
    return {names[name]: form.cleaned_data[name] for name in form.changed_data if name in names}


def take_over(obj: models.Model, saved: models.Model) -> None:
    """Make the form's object what the command has saved, so that the page can go on with it."""
    for field in obj._meta.concrete_fields:
        setattr(obj, field.attname, getattr(saved, field.attname))
    obj._state.adding = False


def joined(rows: QuerySet[Any], related: object) -> QuerySet[Any]:
    """Return the rows with the related ones joined; Django does so for lists only."""
    return rows.select_related(*related) if isinstance(related, tuple) and related else rows


def _refused(
    form: type[forms.ModelForm[Any]], refusal: CoreError, pointers: dict[str, str]
) -> type[forms.ModelForm[Any]]:
    class Refused(form):  # type: ignore[valid-type, misc]
        """The same form, with what the command said of it."""

        def full_clean(self) -> None:
            super().full_clean()
            if not self.is_bound:
                return
            if not refusal.errors:
                self.add_error(None, explain(refusal))
            for error in refusal.errors:
                self._note(error)

        def _note(self, error: FieldError) -> None:
            name = error.pointer.lstrip("/").split("/")[0]
            field = pointers.get(name, name)
            self.add_error(field if field in self.fields else None, error.detail)

    return Refused
