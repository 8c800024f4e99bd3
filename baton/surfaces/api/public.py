"""What views for people who are not logged in share."""

from __future__ import annotations

from rest_framework.request import Request

from baton.core.actor import Actor
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.views import Access

PROOF_LENGTH = 200


class PublicView(ApiView):
    """A view for people who are not logged in yet; a credential, even a dead one, changes nothing."""

    access = Access.PUBLIC
    idempotent = False
    authentication_classes = ()


def nobody(request: Request) -> Actor:
    """Return the actor of somebody who has not shown yet who they are: it tells only the way in."""
    return Actor(None, request_id=request_id_of(request))
