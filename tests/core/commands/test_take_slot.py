"""A slot is taken once, by however many that ask."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from baton.core.commands.job_slots import forget_slots, take_slot
from baton.core.models import Guess, JobSlot
from baton.lib.unit_of_work import insert, unit_of_work
from tests.threads import run_together


@pytest.mark.django_db
def test_a_slot_is_taken_once() -> None:
    assert take_slot("digests", "2026-11-21 anna")
    assert not take_slot("digests", "2026-11-21 anna")

    assert list(JobSlot.objects.values_list("job", "slot")) == [("digests", "2026-11-21 anna")]


@pytest.mark.django_db
def test_other_slots_and_the_same_slot_of_another_job_are_free() -> None:
    assert take_slot("digests", "2026-11-21")
    assert take_slot("digests", "2026-11-22")
    assert take_slot("reminders", "2026-11-21")


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_gives_its_slot_back() -> None:
    with transaction.atomic():
        assert take_slot("digests", "2026-11-21")
        transaction.set_rollback(True)

    assert take_slot("digests", "2026-11-21")


@pytest.mark.django_db(transaction=True)
def test_of_many_that_ask_together_one_works() -> None:
    together = Barrier(6)

    def work() -> bool:
        together.wait(30)
        with transaction.atomic():
            is_mine = take_slot("digests", "2026-11-21")
            if is_mine:
                Guess.objects.create(bucket="the effect", resets_at=timezone.now())
            return is_mine

    assert sorted(run_together(*[work] * 6)) == [False] * 5 + [True]
    assert Guess.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_work_that_failed_does_it() -> None:
    has_begun = Barrier(2)

    def fail() -> bool:
        with transaction.atomic():
            is_mine = take_slot("digests", "2026-11-21")
            has_begun.wait(30)
            transaction.set_rollback(True)
            return is_mine

    def follow() -> bool:
        has_begun.wait(30)
        with transaction.atomic():
            return take_slot("digests", "2026-11-21")

    assert run_together(fail, follow) == [True, True]


@pytest.mark.django_db
def test_what_a_unit_holds_back_goes_first() -> None:
    with transaction.atomic(), unit_of_work():
        insert(JobSlot(job="digests", slot="2026-11-21", taken_at=timezone.now()))
        assert not take_slot("digests", "2026-11-21")


@pytest.mark.django_db
def test_old_slots_are_forgotten() -> None:
    for slot in ("old", "new"):
        take_slot("digests", slot)
    JobSlot.objects.filter(slot="old").update(taken_at=timezone.now() - timedelta(days=401))

    assert forget_slots(timezone.now() - timedelta(days=400)) == 1
    assert not take_slot("digests", "new")
    assert take_slot("digests", "old")
