"""Avatars, for everybody who knows their address: `/media/avatars/….webp`."""

from __future__ import annotations

from contextlib import closing

from django.http import HttpResponse
from rest_framework.request import Request

from baton.adapters import storage
from baton.core.errors import NotFound
from baton.surfaces.wire.downloads import LOCKED_UP
from baton.surfaces.wire.views import Access, BatonView

# A new picture gets a new name, so nobody has to ask whether an old one is current. Other sites may show them.
HEADERS = {
    **LOCKED_UP,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
}


class AvatarPicture(BatonView):
    """`GET` an avatar."""

    access = Access.PUBLIC
    authentication_classes = ()

    def get(self, _request: Request, name: str) -> HttpResponse:
        """Send the picture, which is small: it was made here."""
        path = f"avatars/{name}"
        if not storage.is_avatar_name(path):
            raise NotFound
        try:
            with closing(storage.open_kept(path)) as file:
                return HttpResponse(file.read(), content_type="image/webp", headers=HEADERS)
        except storage.Missing:
            raise NotFound from None
