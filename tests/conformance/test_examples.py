"""Every example of the document works: sent as it stands by the owner, with the world's ids, it is carried out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from baton.core.models import User
from baton.management.commands.docs_openapi import PATH
from tests.cast import Cast
from tests.conformance.world import aimed, make_world
from tests.factories import bearer

DOCUMENT = json.loads(PATH.read_text(encoding="utf-8"))
# A token can't be made up.
NEEDS_A_TOKEN = {"refresh", "log_out"}
EXAMPLES = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] not in NEEDS_A_TOKEN
]


def _credential(person: User) -> dict[str, str]:
    return {"Authorization": bearer(person)["HTTP_AUTHORIZATION"]}


@pytest.mark.parametrize("path,method,operation", EXAMPLES)
def test_the_example_works(path: str, method: str, operation: dict[str, Any], cast: Cast) -> None:
    ids = make_world(cast)
    # A delegation is answered by its receiver.
    caller = cast.editor if operation["operationId"] == "answer_delegation" else cast.owner
    names = [parameter["name"] for parameter in operation["parameters"] if parameter.get("in") == "path"]
    url = path.format(**aimed(dict.fromkeys(names, 1), ids))
    contents = operation.get("requestBody", {}).get("content", {"application/json": {}})

    for media_type, content in contents.items():
        body = json.dumps(aimed(content["example"], ids)) if "example" in content else ""
        with transaction.atomic():
            answer = Client().generic(method.upper(), url, body, media_type, headers=_credential(caller))
            transaction.set_rollback(True)

        assert answer.status_code < 300, answer.content
