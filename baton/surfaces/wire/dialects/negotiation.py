"""Which form an answer gets: the framework's rules, with a short way for those who take anything."""

from __future__ import annotations

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation

_ANYTHING = frozenset({"", "*/*", "application/json"})


class QuickNegotiation(DefaultContentNegotiation):
    """The framework's, which costs as much as a query, only where a client is choosy: a browser, or `?format=`."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the renderer and its media type. Raises NotAcceptable, Http404."""
        meta = request.META
        is_formatted = format_suffix is not None or "format" in meta.get("QUERY_STRING", "")
        is_choosy = is_formatted or meta.get("HTTP_ACCEPT", "") not in _ANYTHING
        if is_choosy or renderers[0].media_type != "application/json":
            return super().select_renderer(request, renderers, format_suffix)
        return renderers[0], renderers[0].media_type
