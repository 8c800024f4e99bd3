"""Django's messages for the pages, free of charge for requests that have nothing to say."""

from __future__ import annotations

from functools import partial

from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty


class LazyMessages(MessageMiddleware):
    """Makes the storage of messages when somebody reads or adds one; until then they wait in cookie or session."""

    def process_request(self, request: HttpRequest) -> None:
        """Put a storage on the request that is made at its first use."""
        request._messages = SimpleLazyObject(partial(default_storage, request))  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the messages of a storage that was used."""
        storage = getattr(request, "_messages", None)
        if isinstance(storage, SimpleLazyObject) and storage._wrapped is empty:
            return response
        return super().process_response(request, response)
