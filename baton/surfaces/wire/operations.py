"""What each route takes and gives, said once above its handler; the OpenAPI document is made of it.

::

    @operation("list_tasks", query=LISTING, gives=many(shapes.Task))
    def get(self, request: Request) -> HttpResponse: ...

    @operation("edit_task", takes=TaskIn, gives=one(shapes.Task), if_match=True)
    def patch(self, request: Request, task_id: int) -> HttpResponse: ...

What follows from the view, the path and the method is not repeated: who may call, 401 and 403, 404 where the path holds
an id, 400, 413 and 415 for a body, If-None-Match beside a tag, Idempotency-Key. See `openapi.answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import Reader
from baton.surfaces.wire.respond import JSON

MULTIPART = "multipart/form-data"

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to succeed. `shape` is a type that msgspec knows; None is an answer without a body."""

    status: int
    shape: Any = None
    media_type: str = JSON
    headers: tuple[str, ...] = ()
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of a route takes and gives."""

    id: str
    takes: type[In] | None
    partial: bool | None
    media_types: tuple[str, ...]
    query: Mapping[str, Reader]
    defaults: Mapping[str, Any]
    needs: tuple[str, ...]
    gives: tuple[Answer, ...]
    if_match: bool
    refuses: frozenset[int]


def plain(shape: Any, status: int = 200, *, headers: tuple[str, ...] = ()) -> Answer:
    """Answer with a thing that has no version."""
    return Answer(status, shape, headers=headers)


def one(shape: Any) -> Answer:
    """Answer with one resource and its ETag."""
    return Answer(200, shape, headers=("ETag",))


def new(shape: Any, *, tagged: bool = True) -> Answer:
    """Answer 201 with what was made, where it is, and its ETag if it is a resource with a version."""
    return Answer(201, shape, headers=("Location", "ETag") if tagged else ("Location",))


def many(shape: Any) -> Answer:
    """Answer with a page of a list."""
    return Answer(200, shape, headers=("Link",), is_page=True)


def file(media_type: str = "*/*", *headers: str) -> tuple[Answer, Answer]:
    """Answer with a kept file, or with the part of it that was asked for (206)."""
    names = ("ETag", "Accept-Ranges", *headers)
    return Answer(200, bytes, media_type, names), Answer(206, bytes, media_type, (*names, "Content-Range"))


NOTHING = Answer(204)


def operation(  # noqa: PLR0913  (each says one thing, and few say many)
    name: str,
    *,
    takes: type[In] | None = None,
    partial: bool | None = None,
    sent_as: tuple[str, ...] = (JSON,),
    query: Listing | Mapping[str, Reader] | None = None,
    needs: tuple[str, ...] = (),
    gives: Answer | type | tuple[Answer, ...] = NOTHING,
    if_match: bool = False,
    refuses: tuple[int, ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare the method below: it is called as before.

    `name` is the operation's id; `takes` and `partial` are what the body is read by (`TaskIn.read(request)`), `sent_as`
    its media types; `query` its parameters and `needs` those of them that must be sent; `gives` its answers, a bare
    type being a plain 200; `if_match` says that a stale tag is refused; `refuses` are statuses that nothing else
    implies.
    """
    readers, defaults = (query.readers, query.defaults) if isinstance(query, Listing) else (query or {}, {})
    if isinstance(gives, type):
        gives = plain(gives)
    if isinstance(gives, Answer):
        gives = (gives,)
    declared = Operation(
        id=name,
        takes=takes,
        partial=partial,
        media_types=sent_as,
        query=readers,
        defaults=defaults,
        needs=needs,
        gives=gives,
        if_match=if_match,
        refuses=frozenset(refuses),
    )

    def declare(handler: Handler) -> Handler:
        vars(handler)["operation"] = declared
        return handler

    return declare


def operation_of(view: type, method: str) -> Operation:
    """Return what a view's method declares. Raises TypeError where it declares nothing."""
    declared = getattr(getattr(view, method.lower()), "operation", None)
    if not isinstance(declared, Operation):
        raise TypeError(
            f"{view.__module__}.{view.__qualname__}.{method.lower()} must say what it takes and gives: "
            '@operation("list_things", gives=many(shapes.Thing)), see surfaces/wire/operations.py'
        )
    return declared
