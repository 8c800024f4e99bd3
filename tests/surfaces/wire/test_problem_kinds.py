"""Every kind of problem that the source refuses with is told of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import baton
from baton.core.errors import CoreError
from baton.surfaces.wire.last_resort import REASONS
from baton.surfaces.wire.problem_kinds import KINDS
from baton.surfaces.wire.refusals import CODES, DJANGO_ERRORS

HOUSE = Path(baton.__file__).parent
# Which argument of a call is the problem's code.
PLACES = {"problem": 2, "brief_problem": 1, "Refused": 1}
REFUSALS = {"Refused", "PermissionDenied", "Unavailable", *(kind.__name__ for kind in CoreError.__subclasses__())}
# DRF's own, by the names in its source; `permission_denied` and `error` have the product's words.
OF_DRF = {"authentication_failed", "method_not_allowed", "not_authenticated", "parse_error", "throttled"}


def codes_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from (value for value in map(constant, codes_of_call(node)) if value)
        elif isinstance(node, ast.ClassDef) and any(ast.unparse(parent) in REFUSALS for parent in node.bases):
            yield from (
                value
                for line in node.body
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code"
                if (value := constant(line.value))
            )


def codes_of_call(call: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name in PLACES and len(call.args) > PLACES[name]:
        yield call.args[PLACES[name]]
    if name in REFUSALS:
        yield from (word.value for word in call.keywords if word.arg == "code")


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def codes_of_the_house() -> set[str]:
    files = [path for path in HOUSE.rglob("*.py") if "dialects" not in path.relative_to(HOUSE).parts[:2]]
    said = {code for path in files for code in codes_in(path.read_text())}
    core = {kind.code for kind in CoreError.__subclasses__()}
    tables = {code for code, _ in REASONS.values()} | {code for _, code, _ in DJANGO_ERRORS.values()}
    return said | core | tables | OF_DRF | set(CODES.values())


def test_every_code_has_its_kind_and_every_kind_its_code() -> None:
    # A bulk whose operations were refused for different reasons works its code out.
    assert codes_of_the_house() | {"operations_refused"} == set(KINDS)


def test_a_code_is_noticed_wherever_it_stands() -> None:
    source = (
        "class Odd(Conflict):\n    code = 'one'\nRefused(400, 'two', '')\ncore.Denied('', code='three')\nx(code='0')"
    )
    assert set(codes_in(source)) == {"one", "two", "three"}
