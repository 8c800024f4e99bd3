"""What every event of the catalogue is made of."""

from __future__ import annotations

from typing import ClassVar

import msgspec

CATALOGUE: dict[str, type[Fact]] = {}
"""Every kind of event by its verb; defining a subclass of `Fact` enters it."""


class Fact(msgspec.Struct, kw_only=True):
    """One kind of event: its verb, its typed data, and the fields its `changes` may name.

    `changes` maps a field of the thing (as the wire calls it) to its old and its new value, so that the old state and
    its events give the new state.
    """

    verb: ClassVar[str]
    fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        if cls.verb in CATALOGUE:
            raise TypeError(f"two events are called {cls.verb}")
        CATALOGUE[cls.verb] = cls
