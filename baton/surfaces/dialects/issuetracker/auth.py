"""`Authorization: Token <40 hex>`, and nothing else."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request

from baton.core.actor import Actor
from baton.surfaces.wire.dialects.lasting_tokens import LastingToken
from baton.surfaces.wire.request_ids import request_id_of

NAME = "issuetracker"


class IssueToken(LastingToken):
    """This dialect's tokens."""

    dialect: ClassVar[str] = NAME


def nobody(request: Request) -> Actor:
    """Return the actor of somebody who has not shown yet who they are: it tells only the way in."""
    return Actor(None, surface=NAME, request_id=request_id_of(request))
