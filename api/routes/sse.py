"""Server-sent events: what is written for each, and what comes when."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event as Flag
from typing import Any

import anyio
from anyio.to_thread import run_sync

MEDIA_TYPE = "text/event-stream"
KEEPALIVE = b": keep-alive\n\n"


@dataclass(frozen=True, slots=True)
class Told:
    """One event; without an id it is not counted, and a client's `Last-Event-ID` stays."""

    kind: str
    data: Mapping[str, Any]
    id: int | None = None

    def to_bytes(self) -> bytes:
        """As it is written."""
        first = b"" if self.id is None else f"id: {self.id}\n".encode()
        data = json.dumps(self.data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return first + f"event: {self.kind}\ndata: {data}\n\n".encode()


@dataclass(frozen=True, slots=True)
class Seen:
    """What has come since an event.

    Parameters
    ----------
    events
        In order, without those that the client has.
    ended
        The last word, once there will be no more; None until then.
    """

    events: Sequence[Told]
    ended: Told | None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two looks, of silence until a sign of life, and until a client comes anew."""

    look: float = 0.5
    silence: float = 15.0
    longest: float = 300.0


async def stream(
    look: Callable[[int], Seen], last: int, rhythm: Rhythm, draining: Flag
) -> AsyncIterator[bytes]:
    """The events after one, until the job has ended.

    Parameters
    ----------
    look
        Gives what has come since an id; it may block, and is called in a thread.
    last
        The last id that the client has; 0 for none.
    rhythm
        How often.
    draining
        Once set, the stream ends, and the client comes again elsewhere.
    """
    began = quiet = time.monotonic()
    yield b"retry: 2000\n\n"
    while True:
        seen = await run_sync(look, last)
        for event in seen.events:
            last = last if event.id is None else event.id
            quiet = time.monotonic()
            yield event.to_bytes()
        if seen.ended is not None:
            yield seen.ended.to_bytes()
            return
        if draining.is_set() or time.monotonic() - began > rhythm.longest:
            return
        if time.monotonic() - quiet > rhythm.silence:
            quiet = time.monotonic()
            yield KEEPALIVE
        await anyio.sleep(rhythm.look)
