"""stream: how soon a thousand sockets hear of an event, what they take, and how they come back."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import servers
from bench.cores import OTHERS, on_cores, resident_megabytes
from bench.databases import make_databases
from bench.load import BadAnswer
from bench.sockets import Client, Writer, open_client

_TASKS = 100
_SILENT = 50
_READERS = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How many, and for how long."""

    sockets: int = 1000
    events: int = 60
    flood_seconds: float = 60.0
    flood_rate: float = 100.0


QUICK = Size(sockets=100, events=20, flood_seconds=5.0)


@dataclass
class Followed:
    """What was measured on one database."""

    database: str
    sockets: int
    opened_in: float = 0.0
    waits: list[float] = field(default_factory=list)
    memory_before: float = 0.0
    memory_with_all: float = 0.0
    back_in: float = 0.0
    missing: int = 0
    twice: int = 0
    memory_in_flood: float = 0.0
    flood_growth: float = 0.0
    calm_lags: list[float] = field(default_factory=list)
    flood_lags: list[float] = field(default_factory=list)
    flooded: int = 0


def share(values: Sequence[float], part: float) -> float:
    """Return within how much this part of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure_stream(database: str, size: Size, say: Callable[[str], None]) -> Followed:
    """Run a stream process on a database of its own and follow it. Raises BadAnswer, NotServing."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        url = make_databases(database, ("followed",), folder, stack)[0]
        program = servers.stream(folder, url, sockets=2 * size.sockets + 100)
        token = servers.fill(program, _TASKS)
        served = stack.enter_context(servers.running(program, folder / "stream.log", token))
        stack.enter_context(on_cores(OTHERS))
        return asyncio.run(_follow(Followed(database, size.sockets), served, size, say))


async def _follow(found: Followed, served: servers.Served, size: Size, say: Callable[[str], None]) -> Followed:
    writer = await Writer.open(served)
    found.memory_before = resident_megabytes(served.pid)
    say(f"{found.database}: opening {size.sockets} sockets ...")
    started = time.perf_counter()
    clients = await _open_all(served, [None] * size.sockets)
    found.opened_in = time.perf_counter() - started
    await _tell_all(found, writer, clients, size)
    found.memory_with_all = resident_megabytes(served.pid)
    say(f"{found.database}: all come back ...")
    await _come_back(found, served, writer, clients)
    say(f"{found.database}: {_SILENT} that never read, {size.flood_rate:g} events a second ...")
    await _flood(found, served, writer, size)
    writer.close()
    return found


async def _open_all(served: servers.Served, cursors: Sequence[str | None]) -> list[Client]:
    """Open so many, fifty at a time, each from its cursor."""
    gate = asyncio.Semaphore(50)

    async def one(cursor: str | None) -> Client:
        async with gate:
            return await open_client(served, cursor)

    clients = await asyncio.gather(*(one(cursor) for cursor in cursors))
    await asyncio.gather(*(client.ready for client in clients))
    return list(clients)


async def _tell_all(found: Followed, writer: Writer, clients: list[Client], size: Size) -> None:
    for _ in range(size.events):
        sent = time.perf_counter()
        event = await writer.write()
        await _until_heard(event, clients, 20)
        # From before the request that writes it: the write itself is part of the wait.
        found.waits += [1000 * (client.heard[event] - sent) for client in clients]
        await asyncio.sleep(0.1)


async def _come_back(found: Followed, served: servers.Served, writer: Writer, clients: list[Client]) -> None:
    cursors: list[str | None] = []
    for client in clients:
        cursors.append(client.cursor)
        client.close()
    missed = [await writer.write() for _ in range(20)]
    started = time.perf_counter()
    back = await _open_all(served, cursors)
    await _until_heard(missed[-1], back, 60)
    found.back_in = time.perf_counter() - started
    found.missing = sum(event not in client.heard for client in back for event in missed)
    found.twice = sum(client.twice for client in back)
    for client in back:
        client.close()


async def _flood(found: Followed, served: servers.Served, writer: Writer, size: Size) -> None:
    readers = await _open_all(served, [None] * _READERS)
    found.calm_lags = await _write_for(min(10.0, size.flood_seconds), size.flood_rate, writer, readers)
    silent = await _open_all(served, [None] * _SILENT)
    for client in silent:
        client.stop_reading()
    await asyncio.sleep(1)
    before = resident_megabytes(served.pid)
    peaks = [before]

    async def watch() -> None:
        while True:
            peaks.append(resident_megabytes(served.pid))
            await asyncio.sleep(0.5)

    watching = asyncio.create_task(watch())
    found.flood_lags = await _write_for(size.flood_seconds, size.flood_rate, writer, readers)
    watching.cancel()
    found.memory_in_flood, found.flood_growth = max(peaks), max(peaks) - before
    found.flooded = int(size.flood_seconds * size.flood_rate)
    for client in (*readers, *silent):
        client.close()


async def _write_for(seconds: float, rate: float, writer: Writer, readers: list[Client]) -> list[float]:
    """Write at this rate and return the lags: milliseconds from before each write to each reader."""
    sent: dict[int, float] = {}
    started = time.perf_counter()
    for number in range(int(seconds * rate)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        moment = time.perf_counter()
        sent[await writer.write()] = moment
    await _until_heard(max(sent), readers, 20)
    return [1000 * (reader.heard[event] - moment) for event, moment in sent.items() for reader in readers]


async def _until_heard(event: int, clients: Sequence[Client], seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while not all(event in client.heard for client in clients):
        if time.perf_counter() > deadline:
            raise BadAnswer(f"not everybody had heard of it after {seconds:g} s")
        await asyncio.sleep(0.01)
