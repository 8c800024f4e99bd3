"""Comments: `/api/tasks/{id}/comments/` and `/api/comments/{id}/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.comments import COMMENT_LENGTH, add_comment, delete_comment, edit_comment
from baton.core.queries import shapes
from baton.core.queries.comments import count_comments, get_comment, list_comments
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.respond import no_content

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="created_at")


class CommentIn(In):
    """What a comment says."""

    echo = frozenset(shapes.Comment.__struct_fields__)
    example: ClassVar = {"text": "The hose is in the shed."}

    text = Text(max_length=COMMENT_LENGTH)


class TaskComments(ApiView):
    """`GET` a task's comments, oldest first; `POST` a new one."""

    @operation("list_comments", query=LISTING, gives=many(shapes.Comment))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """List the comments by page."""
        _, page = LISTING.read(request)
        found = list_comments(self.actor, task_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_comments(self.actor, task_id) if page.count else None)

    @operation("add_comment", takes=CommentIn, gives=new(shapes.Comment))
    def post(self, request: Request, task_id: int) -> HttpResponse:
        """Comment on the task: 201 with the comment."""
        comment = add_comment(self.actor, task_id, CommentIn.read(request)["text"])
        return _comment_response(request, self.actor, comment.pk, status=201)


class Comment(ApiView):
    """One comment: `GET`; `PUT` and `PATCH` what it says; `DELETE`."""

    @operation("get_comment", gives=one(shapes.Comment))
    def get(self, request: Request, comment_id: int) -> HttpResponse:
        """Show the comment."""
        return _comment_response(request, self.actor, comment_id)

    @operation("replace_comment", takes=CommentIn, gives=one(shapes.Comment), if_match=True)
    def put(self, request: Request, comment_id: int) -> HttpResponse:
        """Replace what the comment says."""
        return self._edit(request, comment_id, CommentIn.read(request)["text"])

    @operation("edit_comment", takes=CommentIn, gives=one(shapes.Comment), if_match=True)
    def patch(self, request: Request, comment_id: int) -> HttpResponse:
        """Change what the comment says, if that was sent."""
        text = CommentIn.read(request).get("text")
        if text is None:
            text = get_comment(self.actor, comment_id)[0].text
        return self._edit(request, comment_id, text)

    @operation("delete_comment", if_match=True)
    def delete(self, request: Request, comment_id: int) -> HttpResponse:
        """Delete the comment: 204."""
        delete_comment(self.actor, comment_id, expected_version=required_version(request))
        return no_content()

    def _edit(self, request: Request, comment_id: int, text: str) -> HttpResponse:
        edit_comment(self.actor, comment_id, text, expected_version=required_version(request))
        return _comment_response(request, self.actor, comment_id)


def _comment_response(request: Request, actor: Actor, comment_id: int, *, status: int = 200) -> HttpResponse:
    comment, version = get_comment(actor, comment_id)
    location = f"/api/comments/{comment.id}/" if status == 201 else None
    return resource_response(request, comment, version, status=status, location=location)
