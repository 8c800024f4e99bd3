"""The framework's pages show nothing that their reader may not GET."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.models import User
from tests.cast import Cast
from tests.factories import NOBODY, make_task

pytestmark = pytest.mark.django_db
SECRET = "The combination is 1234"


def page(user: User | None, method: str, path: str, body: str = "") -> tuple[int, str]:
    headers = {"Accept": "text/html"}
    if user is not None:
        headers["Authorization"] = f"Token {issue_dialect_token(NOBODY, user, 'issuetracker')}"
    client = Client(raise_request_exception=False)
    answer = client.generic(method, f"/issuetracker{path}", body, "application/json", headers=headers)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api/issue/", "/api/issue/{id}/"])
def test_who_does_not_see_the_project_reads_nothing_of_it(cast: Cast, method: str, path: str) -> None:
    task = make_task(cast.owner, cast.project, SECRET, assignees=[cast.editor.pk])
    with override_settings(BATON_ISSUETRACKER_PROJECT=cast.project.key):
        for person in (cast.outsider, None):
            for body in ("", "{", '{"title": ""}'):
                _, said = page(person, method, path.format(id=task.pk), body)
                assert SECRET not in said
                assert "edgar" not in said

        assert SECRET in page(cast.viewer, "GET", path.format(id=task.pk))[1]


def test_nobody_is_shown_a_form(cast: Cast) -> None:
    status, said = page(None, "GET", "/api/issue/")

    # The one form left chooses how to GET.
    assert (status, said.count("<form"), 'method="POST"' in said) == (401, 1, False)
    assert 'method="POST"' in page(cast.owner, "GET", "/api/issue/")[1]


def test_a_bad_form_is_a_page_with_its_errors(cast: Cast) -> None:
    status, said = page(cast.owner, "POST", "/api/issue/", '{"title": "<script>alert(1)</script>"}')

    assert status == 400
    assert "This field is required." in said
    assert "<script>alert" not in said
