"""JSON is read as the standard library reads it, or refused with a reason; nothing else can happen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from baton.surfaces.wire.strict_json import DEEPEST, MalformedJson, decode

Check = Callable[..., dict[str, Any]]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


@given(VALUES, st.booleans())
def test_good_json_is_read_to_the_letter(value: Any, is_ascii: bool) -> None:
    assert decode(json.dumps(value, ensure_ascii=is_ascii).encode()) == value


@given(st.binary() | st.text(st.sampled_from('{}[]",:\\ud80eE+-.0123456789 truefalsn')).map(str.encode))
def test_anything_is_read_or_refused(body: bytes) -> None:
    try:
        value = decode(body)
    except MalformedJson:
        return
    assert value == json.loads(body)


@given(TEXTS, VALUES)
def test_repeated_key_is_refused_wherever_it_stands(key: str, value: Any) -> None:
    pair = f"{json.dumps(key)}:{json.dumps(value)}"
    with pytest.raises(MalformedJson) as caught:
        decode(f'{{"outer":[0,{{{pair},{pair}}}]}}'.encode())
    place = "/outer/1/" + key.replace("~", "~0").replace("/", "~1")
    assert [error.pointer for error in caught.value.errors if error.code == "duplicate_key"] == [place]


@pytest.mark.parametrize(
    "body,pointer,code",
    [
        (b'{"a":{"b":[1,NaN]}}', "/a/b/1", "not_a_number"),
        (b'{"a":Infinity}', "/a", "not_a_number"),
        (b'{"a":-Infinity}', "/a", "not_a_number"),
        (b'{"a":1e999}', "/a", "not_a_number"),
        (b'{"a":-1e999}', "/a", "not_a_number"),
        (b"NaN", "", "not_a_number"),
        (rb'{"a":"x\u0000"}', "/a", "unstorable_text"),
        (rb'{"a":"\ud800"}', "/a", "unstorable_text"),
        (rb'{"a":"\uDFFF\uD800"}', "/a", "unstorable_text"),
        (rb'{"a":{"\u0000":1}}', "/a/\\x00", "unstorable_text"),
        (rb'{"\udc00":1}', "/\\udc00", "unstorable_text"),
        (b'{"a/b":1,"a/b":2}', "/a~1b", "duplicate_key"),
    ],
)
def test_bad_place_is_named(body: bytes, pointer: str, code: str) -> None:
    with pytest.raises(MalformedJson) as caught:
        decode(body)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]


def test_all_bad_places_come_at_once() -> None:
    with pytest.raises(MalformedJson) as caught:
        decode(rb'{"a":NaN,"b":"\u0000","c":1,"c":2}')
    assert [error.pointer for error in caught.value.errors] == ["/a", "/b", "/c"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"{", b'{"a":1,}', b"{'a':1}", b'"\x00"', b'"\n"', b"\xff", b"\xef\xbb\xbf{}", b"\xed\xa0\x80",
        '{"a":1}'.encode("utf-16"), b"1" * 5000, b"[1] 2", b"nul", b"01", b"+1", b".5", b'{"a"}', b'"\\x"', b'"\\u12"',
    ],
)  # fmt: skip
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson) as caught:
        decode(body)
    assert not caught.value.errors


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    assert decode((opening * DEEPEST + "1" + closing * DEEPEST).encode())
    for depth in (DEEPEST + 1, 990, 100_000):
        with pytest.raises(MalformedJson, match="nested deeper than 64"):
            decode((opening * depth + "1" + closing * depth).encode())


def test_brackets_beside_each_other_or_in_texts_are_not_depth() -> None:
    wide: list[list[list[int]]] = [[[]] for _ in range(500)]
    assert decode(json.dumps(wide).encode()) == wide
    text = {"a": '[[[{{"\\' * 100}
    assert decode(json.dumps(text).encode()) == text


def test_escaped_backslash_is_not_an_escape() -> None:
    assert decode(rb'"\\u0000 \\ud800"') == r"\u0000 \ud800"
    assert decode(rb'"\ud83d\ude00"') == "\U0001f600"


def test_large_integers_are_left_to_the_fields() -> None:
    assert decode(b"100000000000000000000") == 10**20


def test_refusal_reaches_the_client(client: Client, problem_of: Check) -> None:
    for media_type in ("application/json", "application/merge-patch+json", "application/json; charset=UTF-8"):
        response = client.generic("POST", "/api/echo/", b'{"a":1,"a":2}', media_type)
        document = problem_of(response, 400, "parse_error")
        assert document["errors"][0]["pointer"] == "/a"
        response = client.generic("POST", "/api/echo/", '{"å":"日本"}'.encode(), media_type)
        assert response.json() == {"data": {"å": "日本"}}
