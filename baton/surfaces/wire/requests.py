"""The request as views see it."""

from __future__ import annotations

from typing import Any

from django.http.request import RawPostDataException
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.surfaces.wire.parsers import REPLACEMENT, refuse_unstorable
from baton.surfaces.wire.refusals import Refused


class WireRequest(Request):
    """DRF's request, which knows its actor and tells an empty body from an empty object."""

    @property
    def actor(self) -> Actor | None:
        """Who asks; None without a credential. Raises AuthenticationFailed for one that is not valid."""
        user = self.user
        return user if isinstance(user, Actor) else None

    def take(self, actor: Actor) -> None:
        """Say more about the same actor, such as that their credential has been found live."""
        self.user = actor  # type: ignore[assignment]  # DRF knows Django's users only

    def _parse(self) -> Any:
        # DRF takes a missing body for {}, which would turn a lost body into a silent no-op.
        context = self.parser_context
        try:
            stream = self.stream
        except RawPostDataException:
            # Django has read the form, looking for the CSRF token of a session.
            refuse_unstorable(
                [(name, value) for name, values in self._request.POST.lists() for value in values], REPLACEMENT
            )
            return super()._parse()  # type: ignore[misc]  # the stubs leave it out
        if stream is None and not getattr(context["view"], "takes_empty_body", False):
            raise Refused(400, "empty_body", "The request has no body.")
        return super()._parse()  # type: ignore[misc]  # the stubs leave it out
