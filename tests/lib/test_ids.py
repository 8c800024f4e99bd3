from __future__ import annotations

from time import time

from baton.lib.ids import new_uuid


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    made = [new_uuid() for _ in range(1000)]
    assert {(identifier.version, identifier.variant) for identifier in made} == {(7, "specified in RFC 4122")}
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_carries_the_moment() -> None:
    milliseconds = new_uuid().int >> 80
    assert abs(milliseconds / 1000 - time()) < 5
