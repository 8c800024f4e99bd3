"""`/api/schema/`: every route is in the document, the document is valid and committed, and its pages stay here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLResolver, get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from baton.management.commands import docs_openapi
from baton.surfaces.api.schema import PREFIX, document
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import MULTIPART, Operation, operation, operation_of
from baton.surfaces.wire.views import Access, BatonView

Json = dict[str, Any]
METHODS = {"get", "post", "put", "patch", "delete"}
# Pages for people, who don't read them by a client.
PAGES = {"/api/schema/swagger-ui/", "/api/schema/redoc/"}
PAGE_PATHS = sorted(PAGES)


@pytest.fixture(scope="module")
def described() -> Json:
    return document()


def routes(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, type[BatonView]]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif path.startswith(PREFIX):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path), vars(pattern.callback)["cls"]


ROUTES = dict(routes(get_resolver()))
OPERATIONS = [(path, method) for path, view in ROUTES.items() for method in METHODS if hasattr(view, method)]


def declared() -> list[Operation]:
    return [operation_of(ROUTES[path], method) for path, method in OPERATIONS if path not in PAGES]


INPUTS = sorted({each.takes for each in declared() if each.takes and each.media_types != (MULTIPART,)}, key=str)


def test_every_route_is_described_with_its_errors(described: Json) -> None:
    missing = []
    for path, method in OPERATIONS:
        if path in PAGES:
            continue
        found = described["paths"].get(path, {}).get(method)
        wanted = _wanted_errors(path, method)
        if found is None or not wanted <= found["responses"].keys():
            missing.append(f"{method} {path}: {wanted - (found or {}).get('responses', {}).keys()}")

    assert missing == []


def _wanted_errors(path: str, method: str) -> set[str]:
    view = ROUTES[path]
    wanted = {"500", "503"}
    if view.access is not Access.PUBLIC:
        wanted |= {"401", "429"}
    if "{" in path:
        wanted.add("404")
    if operation_of(view, method).takes:
        wanted |= {"400", "413", "415"}
    return wanted


def test_nothing_is_described_that_is_no_route(described: Json) -> None:
    operations = {(path, method) for path, methods in described["paths"].items() for method in methods}

    assert operations == {(path, method) for path, method in OPERATIONS if path not in PAGES}


def test_every_error_is_a_problem_document(described: Json) -> None:
    for name, response in described["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_the_document_is_valid_openapi_3_1(described: Json) -> None:
    assert described["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_the_committed_document_is_current() -> None:
    call_command("docs_openapi", check=True)


def test_a_document_that_is_not_current_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(docs_openapi.Command, "path", tmp_path / "openapi.json")
    (tmp_path / "openapi.json").write_text("{}")

    with pytest.raises(CommandError, match="docs_openapi"):
        call_command("docs_openapi", check=True)


def test_every_operation_has_a_name_of_its_own_and_a_sentence(described: Json) -> None:
    operations = [operation for methods in described["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert all(operation["summary"] for operation in operations)
    assert {tag for operation in operations for tag in operation["tags"]} == {tag["name"] for tag in described["tags"]}


@pytest.mark.parametrize("shape", INPUTS)
def test_every_example_is_taken(shape: type[In]) -> None:
    values = shape.check(dict(shape.example))

    assert shape.example.keys() <= values.keys()


def test_a_route_that_declares_nothing_is_refused() -> None:
    class Mute(BatonView):
        access = Access.PUBLIC

        def get(self) -> None: ...

    with pytest.raises(TypeError, match=r"Mute\.get must say"):
        operation_of(Mute, "get")


def test_the_document_is_served_once(client: Client) -> None:
    first = client.get("/api/schema/")
    again = client.get("/api/schema/", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "application/json"
    assert first.json() == document()
    assert again.status_code == 304


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_the_pages_load_nothing_from_elsewhere(client: Client, path: str) -> None:
    page = client.get(path)
    text = page.content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', text)

    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert loaded
    assert all(url.startswith("/static/") and finders.find(url.removeprefix("/static/")) for url in loaded)
    assert "<script>" not in text


def test_an_operation_is_called_as_before() -> None:
    @operation("say_it")
    def say(word: str) -> str:
        return word * 2

    assert say("so") == "soso"
