"""Puts the tasks of `bench.search_data` into Baton's database, indexed: `python -m bench.fill_search TASKS`."""

from __future__ import annotations

import sys

from bench.fill_baton import fill
from bench.search_data import generate_corpus


def main() -> None:
    """Migrate, fill, make the search's entries, and print the caller's access token."""
    from django.core.management import call_command

    with fill(generate_corpus(int(sys.argv[1])).rows):
        call_command("rebuild_search", stdout=sys.stderr)


if __name__ == "__main__":
    main()
