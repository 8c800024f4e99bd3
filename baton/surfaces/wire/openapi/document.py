"""The whole document, over every route below a prefix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.settings import spectacular_settings

from baton.surfaces.wire.openapi.answers import Schemas
from baton.surfaces.wire.openapi.operations import OperationSchema, tag_description, tag_of
from baton.surfaces.wire.openapi.parts import REFUSALS, Json, Problem, fixed_components

SETTINGS: Mapping[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
}


class BadDeclaration(TypeError):
    """Something that is declared can't be described truthfully."""


def build_document(prefix: str, info: Json) -> Json:
    """Return the OpenAPI document of the routes below `prefix`. Raises TypeError where a route declares too little."""
    with _settings({**SETTINGS, "TITLE": info["title"], "VERSION": info["version"]}):
        generator = _Generator()
        generator.prefix = prefix
        document: Json = generator.get_schema(public=True)
        if GENERATOR_STATS:
            raise BadDeclaration("; ".join((*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache)))
    document["info"] |= info
    document["servers"] = [{"url": "/"}]
    document["tags"] = generator.tags
    document["components"] = _components(document)
    return document


class _Endpoints(EndpointEnumerator):  # type: ignore[misc]  # drf-spectacular is not typed
    prefix = "/"

    def should_include_endpoint(self, path: str, callback: Callable[..., Any]) -> bool:
        view = getattr(callback, "cls", None)
        return path.startswith(self.prefix) and view is not None and getattr(view, "is_described", False)


class _Generator(SchemaGenerator):  # type: ignore[misc]  # drf-spectacular is not typed
    prefix = "/"
    endpoints: list[tuple[str, str, str, Any]] | None

    def parse(self, input_request: Any, public: bool) -> Json:  # noqa: FBT001  # as drf-spectacular declares it
        Schemas(self.registry).of(Problem)
        paths: Json = super().parse(input_request, public)
        return paths

    @property
    def tags(self) -> list[Json]:
        """The nouns, each with what its file says of it."""
        views = {callback.cls for _path, _regex, _method, callback in self.endpoints or ()}
        said = {tag_of(view): tag_description(view) for view in views}
        return [{"name": name, "description": said[name]} for name in sorted(said)]

    def _initialise_endpoints(self) -> None:
        if self.endpoints is None:
            self.inspector = _Endpoints(self.patterns, self.urlconf)
            self.inspector.prefix = self.prefix
            self.endpoints = self.inspector.get_api_endpoints()

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        view = super().create_view(callback, method, request)
        self._set_schema_to_view(view, OperationSchema())
        return view


@contextmanager
def _settings(settings: Mapping[str, Any]) -> Iterator[None]:
    spectacular_settings.apply_patches(settings)
    try:
        with GENERATOR_STATS.silence():
            yield
    finally:
        spectacular_settings.clear_patches()


def _components(document: Json) -> Json:
    used = {
        status
        for methods in document["paths"].values()
        for operation in methods.values()
        for status in map(int, operation["responses"])
        if status in REFUSALS
    }
    return {**document["components"], **fixed_components(used)}
