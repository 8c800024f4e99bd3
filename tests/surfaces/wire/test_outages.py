"""A database that is out of reach or busy is 503 with Retry-After, met in the real one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from baton.core.models import User

Check = Callable[..., dict[str, Any]]


@pytest.mark.django_db(transaction=True)
def test_locked_database(client: Client, problem_of: Check) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite locks the whole database.")
    User.objects.create_user("ana")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"])
    other.execute("BEGIN IMMEDIATE")
    try:
        body = {"sql": "UPDATE core_user SET name = 'x'"}
        response = client.post("/api/sql/", body, content_type="application/json")
        problem_of(response, 503, "unavailable")
        assert response["Retry-After"] == "2"
    finally:
        other.rollback()
        other.close()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_lost_connection(client: Client, problem_of: Check) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose.")
    body = {"sql": "SELECT pg_terminate_backend(pg_backend_pid())"}
    try:
        response = client.post("/api/sql/", body, content_type="application/json")
        problem_of(response, 503, "unavailable")
        assert response["Retry-After"] == "2"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_value_too_large_for_its_column(client: Client, problem_of: Check) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no width of columns.")
    body = {"sql": f"SELECT {10**20}::bigint"}
    problem_of(client.post("/api/sql/", body, content_type="application/json"), 400, "out_of_range")
