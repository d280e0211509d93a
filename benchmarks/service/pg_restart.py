"""PostgreSQL is restarted under load: clients are told to wait, and what they repeat is done once."""

from __future__ import annotations

import random
from contextlib import suppress
from http.client import HTTPException
from threading import Event, Thread
from time import sleep

from benchmarks.service.databases import postgres
from benchmarks.service.queue import TINY, Queue
from benchmarks.service.served import Served, served
from benchmarks.service.workers import SIMULATED, workers

SECONDS = 0.5


def run(n: int) -> dict[str, float | int]:
    """Restart PostgreSQL ``n`` times under one client, who repeats each request until it is taken.

    Returns
    -------
    dict
        ``lost``, ``half``, ``doubled`` jobs; ``keys`` sent and jobs ``taken``, which must be as many;
        answers that said 503, how many of those without ``Retry-After``, and other answers than 202 and
        503.
    """
    dice = random.Random(n)
    command = (*SIMULATED, "--seconds", str(SECONDS))
    with postgres() as server, served(server.url, "--workers", "0", ready_workers=0) as service:
        queue = Queue(server.url)
        client = Client(service, queue)
        with workers(server.url, 2, command), client:
            for _ in range(n):
                sleep(1.0 + 2 * dice.random())
                server.restart()
            sleep(1.0)
            client.stop()
            queue.wait(120 + n)
        figures = {"lost": queue.lost(), "half": queue.half(), "doubled": queue.doubled()}
        taken = queue.count()
        queue.close()
    return {"restarts": n, "keys": client.keys, "taken": taken, **figures, **client.figures()}


class Client(Thread):
    """Asks for one rota after another, each until it is accepted, in a thread of its own."""

    def __init__(self, service: Served, queue: Queue) -> None:
        super().__init__(daemon=True)
        self._service, self._queue = service, queue
        self._over = Event()
        self.keys = self._waits = self._rude = self._other = 0

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop once what was asked for last has been accepted."""
        self._over.set()
        self.join(120)

    def run(self) -> None:
        while not self._over.is_set():
            self.keys += 1
            while not self._asked(f"key-{self.keys}"):
                sleep(0.1)
            sleep(0.2)

    def figures(self) -> dict[str, int]:
        """What was answered besides 202."""
        return {"answers_503": self._waits, "without_retry_after": self._rude, "other_answers": self._other}

    def _asked(self, key: str) -> bool:
        with suppress(OSError, HTTPException):
            said = self._service.ask("POST", "/v1/rotas", TINY, Idempotency_Key=key)
            if said.status == 202:
                self._queue.accepted.append(said.json["id"])
                return True
            self._waits += said.status == 503
            self._rude += said.status == 503 and "retry-after" not in said.headers
            self._other += said.status != 503
        return False
