"""`check_files`: is every attached file what was uploaded?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baton.core.queries.attachments import faulty_files


class Command(BaseCommand):
    """Compare every file with the checksum in its row."""

    help = "Read every attached file and compare it with its checksum; fails where one is missing or has changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Name each faulty file."""
        faults = 0
        for attachment_id, fault in faulty_files():
            self.stdout.write(f"attachment {attachment_id}: {fault}")
            faults += 1
        if faults:
            raise CommandError(f"{faults} faulty files.")
        self.stdout.write("All files are as they were uploaded.")
