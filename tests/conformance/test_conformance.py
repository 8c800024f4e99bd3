"""Every operation, from its examples, at the edges of its schema and with a little fuzzing, for everybody.

No answer is a 5xx, none is undocumented, and bodies are as the document says. Each request is rolled back, so that one
that deletes something leaves it to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.db import connection
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.schemas import BaseSchema

from baton.management.commands.docs_openapi import PATH
from baton.surfaces.wire.openapi.bodies import MERGE_PATCH
from baton.surfaces.wire.operations import MULTIPART
from tests.cast import Cast
from tests.conformance.aim import aim
from tests.conformance.application import application, open_connection, rolled_back
from tests.conformance.world import Ids, make_world
from tests.factories import bearer
from tests.stores import staged, store

__all__ = ["staged", "store"]

World = tuple[Cast, Ids]

CONFIG: dict[str, Any] = {
    "generation": {
        # The credential is the person's, not a guess; a NUL is refused in any text, which no schema says well.
        "with-security-parameters": False,
        "allow-x00": False,
        # Anybody may add a header to a request, and a proxy does.
        "allow-extra-parameters": False,
        "deterministic": True,
    },
    "checks": {
        # Here a credential is either the person's or absent, and what nobody gets to do shows that it is asked for.
        "ignored_auth": {"enabled": False},
        # 400: only the core sees that somebody is no member or that two fields contradict each other. 412: a tag that
        # was made up is a stale one.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "412"]},
        # The core looks at the version first, and at what only it can see of the input afterwards.
        "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "409", "412", "415", "422"]},
    },
}
EVERYBODY = ("owner", "viewer", "outsider", "anonymous")
SHORT = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))


def _document() -> Any:
    return json.loads(PATH.read_text(encoding="utf-8"), object_hook=_tried_once)


def _tried_once(node: dict[str, Any]) -> dict[str, Any]:
    # Schemathesis would have it that what is only shown must be refused; here it may be sent back and is passed over.
    # And one parser reads a merge patch under either of its names.
    return {key: value for key, value in node.items() if key not in ("readOnly", MERGE_PATCH)}


def _operations(document: Any) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))


TAGS = sorted({tag for operation in _operations(_document()) for tag in operation["tags"]})
"""A test tries all operations of a tag: what they are tried with is generated and filled once for them."""


def _load(tag: str) -> BaseSchema:
    """Return the operations of a tag from the committed document, ready to be tried out on the application."""
    # The edges, for the owner, on PostgreSQL, which is the stricter about what a value may be; they take their time.
    phases = {"coverage": {"enabled": connection.vendor == "postgresql"}}
    config = SchemathesisConfig.from_dict({**CONFIG, "phases": phases})
    schema = schemathesis.openapi.from_dict(_document(), config=config)
    schema.app = application
    return schema.include(tag=tag)


@pytest.fixture
def world(cast: Cast, store: Path, staged: Any) -> Iterator[World]:
    with open_connection():
        yield cast, make_world(cast, staged)


def test_every_operation_has_a_tag_and_so_is_tried() -> None:
    assert all(len(operation["tags"]) == 1 for operation in _operations(_document()))


@pytest.mark.parametrize("tag", TAGS)
def test_everybody_is_answered_as_documented(tag: str, world: World, subtests: pytest.Subtests) -> None:
    # Loaded once for all of them: half the time goes into making values of the schemas.
    schema = _load(tag)
    for who in EVERYBODY if connection.vendor == "sqlite" else EVERYBODY[:1]:
        _try_all(schema, who, world, subtests)


def _try_all(schema: BaseSchema, who: str, world: World, subtests: pytest.Subtests) -> None:
    # What `schema.parametrize()` does, but when the test runs, not in each process that collects tests. Schemathesis
    # has `from_fixture` for this, whose tests don't run under pytest 9.2.
    for made in get_all_tests(schema=schema, test_func=_try, settings=SHORT, given_kwargs=None):
        assert isinstance(made, Ok), made
        operation, test = made.ok()
        with subtests.test(operation.label):
            test(who=who, world=world)


def _try(case: Case[Any], who: str, world: World) -> None:
    if case.media_type == MULTIPART and isinstance(case.body, dict) and "" in case.body.values():
        # Werkzeug, which carries the request, writes an empty field without its last line end; Django misses it then.
        return
    cast, ids = world
    aim(case, ids)
    credential = {} if who == "anonymous" else {"Authorization": bearer(getattr(cast, who))["HTTP_AUTHORIZATION"]}
    with rolled_back():
        response = case.call(headers=credential)
    case.validate_response(response)
