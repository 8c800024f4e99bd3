"""Why no mail?: a page that answers for a task, a person and a time."""

from __future__ import annotations

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from baton.core.models import Notification, Task, User
from baton.core.queries.why_not_told import NEAR, explain
from baton.lib.text import fold


class WhyForm(forms.Form):
    """Which task (its key or id), which person (their username or address), and about when."""

    task = forms.CharField(max_length=40, help_text="Its key, such as OPS-7, or its id.")
    person = forms.CharField(max_length=254, help_text="A username or an e-mail address.")
    at = forms.SplitDateTimeField(
        label="About when",
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
        required=False,
        help_text="In UTC; without it, now.",
    )

    def clean_task(self) -> Task:
        """Return the task. Raises ValidationError."""
        text = self.cleaned_data["task"].strip()
        key, _, number = text.rpartition("-")
        tasks = Task.objects.select_related("project")
        if key and number.isdecimal() and len(number) <= 9:
            found = tasks.filter(project__key=key.upper(), number=int(number)).first()
        else:
            found = tasks.filter(pk=int(text)).first() if text.isdecimal() and len(text) <= 18 else None
        if found is None:
            raise forms.ValidationError("There is no such task.")
        return found

    def clean_person(self) -> User:
        """Return the user. Raises ValidationError."""
        text = fold(self.cleaned_data["person"].strip())
        found = User.objects.filter(username_folded=text).first() or User.objects.filter(email_folded=text).first()
        if found is None:
            raise forms.ValidationError("There is no such person.")
        return found


def show_why(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form, and what is to be said about what it was filled in with."""
    if not request.user.has_perm("core.view_notification"):
        raise PermissionDenied
    form = WhyForm(request.GET if "person" in request.GET else None, initial={"task": request.GET.get("task", "")})
    answer = None
    if form.is_valid():
        found = form.cleaned_data
        answer = explain(found["task"], found["person"], found["at"] or timezone.now())
    context = {
        **site.each_context(request),
        "title": "Why no mail?",
        "opts": Notification._meta,
        "form": form,
        "answer": answer,
        "hours": round(NEAR.total_seconds() / 3600),
    }
    request.current_app = site.name
    return TemplateResponse(request, "baton_admin/why.html", context)
