"""Every example of the document works: sent as it stands by the owner, with the world's ids, it is carried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from baton.core.models import User
from baton.management.commands.docs_openapi import PATH
from baton.surfaces.wire.operations import MULTIPART
from tests.cast import Cast
from tests.conformance.aim import aimed, ids_for
from tests.conformance.application import open_connection, rolled_back
from tests.conformance.world import Ids, make_world
from tests.factories import bearer
from tests.stores import picture, staged, store

__all__ = ["staged", "store"]

pytestmark = pytest.mark.any_database

DOCUMENT = json.loads(PATH.read_text(encoding="utf-8"))
# A token can't be made up.
NEEDS_A_TOKEN = {"accept_invitation", "log_out", "refresh", "reset_password", "verify_email"}
# What a form's file may be, by its field.
FILES = {"avatar": ("leaf.png", picture()), "file": ("tasks.csv", b"title\nRake the leaves\n")}
EXAMPLES = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] not in NEEDS_A_TOKEN
]


def _is_needed(parameter: dict[str, Any]) -> bool:
    return parameter.get("in") == "query" and bool(parameter["required"])


def _body(media_type: str, content: dict[str, Any], ids: Ids) -> tuple[bytes, str]:
    example = aimed(content.get("example"), ids)
    if media_type == MULTIPART:
        schema = DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        files = {
            name: SimpleUploadedFile(*FILES[name])
            for name, said in schema["properties"].items()
            if said.get("format") == "binary"
        }
        return encode_multipart(BOUNDARY, {**example, **files}), MULTIPART_CONTENT
    return (json.dumps(example).encode() if example else b""), media_type


def _credential(person: User) -> dict[str, str]:
    return {"Authorization": bearer(person)["HTTP_AUTHORIZATION"]}


@pytest.mark.parametrize("path,method,operation", EXAMPLES)
def test_the_example_works(
    path: str, method: str, operation: dict[str, Any], cast: Cast, store: Path, staged: Any
) -> None:
    ids = ids_for(path, make_world(cast, staged))
    # A delegation is answered by its receiver.
    caller = cast.editor if operation["operationId"] == "answer_delegation" else cast.owner
    names = [parameter["name"] for parameter in operation["parameters"] if parameter.get("in") == "path"]
    url = path.format(**aimed(dict.fromkeys(names, 1), ids))
    needed = {each["name"]: each["schema"]["examples"][0] for each in operation["parameters"] if _is_needed(each)}
    url = f"{url}?{urlencode(needed)}" if needed else url
    contents = operation.get("requestBody", {}).get("content", {"application/json": {}})

    for media_type, content in contents.items():
        body, sent_as = _body(media_type, content, ids)
        with rolled_back():
            answer = Client().generic(method.upper(), url, body, sent_as, headers=_credential(caller))
            said = answer.getvalue()
        with open_connection():
            answer.close()

        assert answer.status_code < 300, said
