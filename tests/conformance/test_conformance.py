"""Every operation, from its examples, at the edges of its schema and with a little fuzzing, for everybody.

No answer is a 5xx, none is undocumented, and bodies are as the document says. Each request is rolled back, so that one
that deletes something leaves it to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response

from baton.management.commands.docs_openapi import PATH
from tests.cast import Cast
from tests.conformance.world import Ids, aim, make_world
from tests.factories import bearer

WORDS = SchemathesisConfig.from_dict(
    {
        "generation": {
            # The credential is the person's, not a guess; a NUL is refused in any text, which no schema says well.
            "with-security-parameters": False,
            "allow-x00": False,
            "deterministic": True,
        },
        "checks": {
            # Here a credential is either the person's or absent, and the anonymous run shows that it is asked for.
            "ignored_auth": {"enabled": False},
            # 400: a foreign or contradictory id is for the core to see; 412: a made-up tag is a stale one.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "412"]},
        },
    }
)
PEOPLE = ("owner", "viewer", "outsider", "anonymous")

SCHEMA = schemathesis.openapi.from_path(PATH, config=WORDS)
SCHEMA.app = get_wsgi_application()


@pytest.fixture
def world(cast: Cast) -> Iterator[tuple[Cast, Ids]]:
    with _open_connection():
        yield cast, make_world(cast)


@contextmanager
def _open_connection() -> Iterator[None]:
    """Keep requests from closing the connection that the test's transaction is on, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("who", PEOPLE)
@SCHEMA.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_conforms(case: schemathesis.Case, who: str, world: tuple[Cast, Ids]) -> None:
    cast, ids = world
    aim(case, ids)
    credential = {} if who == "anonymous" else {"Authorization": bearer(getattr(cast, who))["HTTP_AUTHORIZATION"]}
    with transaction.atomic():
        response = case.call(headers=credential)
        transaction.set_rollback(True)
    case.validate_response(response)
