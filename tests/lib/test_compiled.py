"""The mechanics of compiled queries; what each one answers is tested with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from baton.core.models import Delivery, ReactionCursor
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param
from tests.threads import run_together

needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL prepares statements")


def by_name(shape: bool) -> models.QuerySet[Any, Any]:
    cursors = ReactionCursor.objects.filter(name=Param("name"))
    return cursors.order_by(F("name").desc() if shape else F("name").asc()).values_list("name", "event_id", "moved_at")


def enter(*names: str) -> None:
    ReactionCursor.objects.bulk_create(ReactionCursor(name=name, event_id=7) for name in names)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with every compilation of a queryset."""
    found: list[str] = []
    as_sql = SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        found.append(str(self.query.model))
        return as_sql(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    return found


@pytest.mark.django_db
def test_rows_are_what_the_orm_gives() -> None:
    enter("a", "b")
    query = Compiled(by_name)
    assert query.rows(False, {"name": "b"}) == list(
        ReactionCursor.objects.filter(name="b").values_list("name", "event_id", "moved_at")
    )
    assert query.rows(True, {"name": "nobody"}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["plain", "50 % o'clock %s", "back\\slash", "“ё”"])
def test_a_constant_is_what_it_says(name: str) -> None:
    enter("other", name)
    query: Compiled[None] = Compiled(
        lambda _: ReactionCursor.objects.filter(name=name, event_id=Param("event")).values_list("name")
    )
    assert query.rows(None, {"event": 7}) == [(name,)]
    assert query.rows(None, {"event": 8}) == []


@needs_postgresql
@pytest.mark.django_db
def test_a_plan_for_any_value_still_finds_the_index_of_some_rows() -> None:
    tried: Compiled[None] = Compiled(
        lambda _: Delivery.objects.filter(tries__gt=0, finished_at=None, channel=Param("channel")).values_list("pk")
    )
    statement = tried.statement(None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("PREPARE generic AS " + statement.sql.replace("%s", "$1").replace("%", "%%"))
        cursor.execute("EXPLAIN EXECUTE generic ('mail')")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE generic")
    assert "delivery_tried" in plan


@pytest.mark.django_db
def test_each_shape_is_compiled_once(compilations: list[str]) -> None:
    query = Compiled(by_name)
    for _ in range(3):
        for shape in (True, False):
            query.rows(shape, {"name": "a"})
    assert len(compilations) == 2


@pytest.mark.django_db
def test_the_least_used_shapes_are_forgotten(compilations: list[str]) -> None:
    query: Compiled[int] = Compiled(
        lambda shape: ReactionCursor.objects.filter(event_id=shape).values_list("pk"), shapes=2
    )
    for shape in (1, 2, 1, 3, 1):
        query.rows(shape, {})
    assert len(compilations) == 3, "1 is in use and stays"
    query.rows(2, {})
    assert len(compilations) == 4, "2 had to go"
    assert len(query._statements) == 2


@pytest.mark.django_db
def test_values_are_never_part_of_the_statement() -> None:
    enter("a'; DROP TABLE core_task; --", "100% %s")
    query = Compiled(by_name)
    for name in ("a'; DROP TABLE core_task; --", "100% %s"):
        assert [row[0] for row in query.rows(False, {"name": name})] == [name]


@pytest.mark.django_db
def test_a_percent_sign_of_the_query_itself_survives() -> None:
    enter("100%", "100")
    query: Compiled[tuple[()]] = Compiled(
        lambda _: ReactionCursor.objects.filter(name__endswith="%", event_id=Param("id")).values_list("name")
    )
    assert query.rows((), {"id": 7}) == [("100%",)]
    with CaptureQueriesContext(connection):
        assert query.rows((), {"id": 7}) == [("100%",)]


@pytest.mark.django_db
def test_forms_limit_and_count() -> None:
    enter("a", "b", "c")
    everything = ReactionCursor.objects.order_by("name").values_list("name")
    limited: Compiled[tuple[()]] = Compiled(lambda _: everything, LIMITED)
    for limit, names in ((1, "a"), (2, "ab"), (3, "abc"), (300, "abc")):
        assert limited.rows((), {"limit": limit}) == [(name,) for name in names]
    assert len(limited._statements) == 3, "limits are rounded up, so that few statements do for all"
    counted: Compiled[tuple[()]] = Compiled(lambda _: everything, COUNTED)
    assert counted.rows((), {}) == [(3,)]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [[], [1], [1, 3, 10**12]])
def test_any_of_takes_a_list_of_any_length(wanted: list[int]) -> None:
    ReactionCursor.objects.bulk_create(
        ReactionCursor(name=str(number), event_id=number) for number in (1, 2, 3, 10**12)
    )
    query: Compiled[tuple[()]] = Compiled(
        lambda _: (
            ReactionCursor.objects.filter(event_id__any_of=Param("ids")).order_by("event_id").values_list("event_id")
        )
    )
    assert query.rows((), {"ids": wanted}) == [(number,) for number in wanted]


@pytest.mark.django_db
@pytest.mark.parametrize("is_logged", [True, False])
def test_errors_are_djangos(is_logged: bool) -> None:
    query: Compiled[tuple[()]] = Compiled(
        lambda _: ReactionCursor.objects.annotate(x=RawSQL("nonsense(1)", ())).values_list("x")
    )
    logging = CaptureQueriesContext(connection) if is_logged else nullcontext()
    with logging, pytest.raises(DatabaseError), transaction.atomic():
        query.rows((), {})
    enter("the connection still works")


@pytest.mark.django_db
def test_a_broken_transaction_is_refused_as_everywhere() -> None:
    query = Compiled(by_name)
    enter("a")
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            enter("a")
        with pytest.raises(transaction.TransactionManagementError):
            query.rows(False, {"name": "a"})
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_it_sees_its_own_transaction_and_none_that_was_rolled_back() -> None:
    query = Compiled(by_name)
    with transaction.atomic():
        enter("a")
        assert len(query.rows(False, {"name": "a"})) == 1
        with transaction.atomic():
            enter("b")
            assert len(query.rows(False, {"name": "b"})) == 1
            transaction.set_rollback(True)
        assert query.rows(False, {"name": "b"}) == []
        assert run_together(lambda: query.rows(False, {"name": "a"})) == [[]], "nobody else sees what is not committed"
    assert len(query.rows(False, {"name": "a"})) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_statements() -> None:
    numbers = range(40)
    ReactionCursor.objects.bulk_create(ReactionCursor(name=str(number), event_id=number) for number in numbers)
    query: Compiled[int] = Compiled(
        lambda shape: ReactionCursor.objects.filter(event_id=shape, name=Param("name")).values_list("event_id"),
        shapes=10,
    )

    def ask() -> list[int]:
        return [query.rows(number, {"name": str(number)})[0][0] for _ in range(5) for number in numbers]

    assert run_together(*[ask] * 8) == [[*numbers] * 5] * 8
    assert len(query._statements) == 10


@pytest.fixture
def prepared() -> Iterator[None]:
    """Prepare statements at their second use."""
    connection.ensure_connection()
    connection.connection.prepare_threshold = 1
    yield
    connection.connection.prepare_threshold = None


@needs_postgresql
@pytest.mark.django_db
@pytest.mark.usefixtures("prepared")
def test_the_server_prepares_a_statement_once_and_uses_it_again() -> None:
    query = Compiled(by_name)
    enter("a", "b")
    for name in "abababab":
        assert [row[0] for row in query.rows(False, {"name": name})] == [name]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE NOT from_sql AND statement LIKE '%core_reactioncursor%'"
        )
        (uses,) = cursor.fetchall()
    assert uses[0] >= 5
