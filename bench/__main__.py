"""`bin/bench [names] [options]`: checks that both programs answer alike, measures, and prints tables in Markdown."""

from __future__ import annotations

import argparse
import sys

from bench.comparison import OPERATIONS, Line, compare_on
from bench.databases import KINDS
from bench.dialects import measure_dialects
from bench.load import BadAnswer
from bench.mail import Mailed, measure_mail
from bench.memory import measure_footprint
from bench.operations.operation import Differs
from bench.pairs import PAIRS, Pair, measure_pairs, measure_statistics
from bench.report import (
    describe,
    tabulate,
    tabulate_footprint,
    tabulate_mail,
    tabulate_pairs,
    tabulate_search,
    tabulate_stream,
)
from bench.rounds import Plan
from bench.search import Waits, measure_search
from bench.servers import NotServing
from bench.stream import QUICK, Size, measure_stream
from tests.servers.process import ServerFailed

_DIALECTS = "dialects"
_MAIL = "mail"
_MEMORY = "memory"
# These fill large databases, which takes minutes: only where they are named.
_SEARCH = "search"
_STATISTICS = "statistics"
_STREAM = "stream"


def main(argv: list[str] | None = None) -> int:
    """Run the benchmarks named, without a name those that are quick; 1 where answers differ or one can't be had."""
    options = _parse(argv)
    plan = Plan(2, 1.0, options.clients) if options.quick else Plan(options.rounds, options.seconds, options.clients)
    try:
        _run(options, plan)
    except (Differs, BadAnswer, NotServing, ServerFailed) as error:
        _say(f"bench: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(options: argparse.Namespace, plan: Plan) -> None:
    chosen = [operation for name, operation in OPERATIONS.items() if name in options.names]
    lines: list[Line] = []
    for database in options.database if chosen else ():
        lines += compare_on(database, chosen, options.tasks, plan, _say)
    footprint = measure_footprint(options.tasks, _say) if _MEMORY in options.names else None
    pairs = _measure_pairs(options)
    mailed: list[Mailed] = []
    for database in options.database if _MAIL in options.names else ():
        letters, costs = measure_mail(database, _say)
        mailed.append(letters)
        pairs += costs
    searched: list[Waits] = []
    for database in options.database if _SEARCH in options.names else ():
        searched += measure_search(database, options.search_tasks, _say)
    followed = [
        measure_stream(database, QUICK if options.quick else Size(), _say)
        for database in (options.database if _STREAM in options.names else ())
    ]
    print(describe(options.tasks, plan))
    if lines:
        print(f"\n{tabulate(lines)}")
    if footprint:
        print(f"\n{tabulate_footprint(footprint)}")
    if pairs:
        print(f"\n{tabulate_pairs(pairs)}")
    if mailed:
        print(f"\n{tabulate_mail(mailed)}")
    if searched:
        print(f"\nSearch, {options.search_tasks} tasks:\n\n{tabulate_search(searched)}")
    if followed:
        print(f"\n{tabulate_stream(followed)}")


def _measure_pairs(options: argparse.Namespace) -> list[Pair]:
    chosen = [name for name in PAIRS if name in options.names]
    pairs: list[Pair] = []
    for database in options.database:
        pairs += measure_pairs(database, chosen, options.tasks, _say) if chosen else []
        if _DIALECTS in options.names:
            pairs += measure_dialects(database, options.tasks, _say)
        if _STATISTICS in options.names:
            pairs.append(measure_statistics(database, _say, options.many_tasks))
    return pairs


def _parse(argv: list[str] | None) -> argparse.Namespace:
    names = [*OPERATIONS, *PAIRS, _DIALECTS, _MAIL, _MEMORY]
    all_names = [*names, _SEARCH, _STATISTICS, _STREAM]
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"what to measure, of: {', '.join(all_names)}")
    parser.add_argument("--database", action="append", choices=KINDS, help="only on this database")
    parser.add_argument("--quick", action="store_true", help="two rounds of a second: to see that it works")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each program in each round")
    parser.add_argument("--clients", type=int, default=8, help="kept connections")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--search-tasks", type=int, default=100_000, help="to search in; `search` must be named")
    parser.add_argument("--many-tasks", type=int, default=1_000_000, help="to count; `statistics` must be named")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(all_names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(all_names)}")
    options.names = options.names or names
    options.database = options.database or list(KINDS)
    return options


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
