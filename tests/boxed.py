"""Work for the box: what a solver process may do, and what it may do wrong."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import threading
import time
from typing import Any

import numpy as np

from solver.search.line import Line

MB = 1 << 20


def count(payload: int, line: Line) -> int:
    """Sends 0, 1, ... and returns how many."""
    for number in range(payload):
        line.send(number)
    return payload


def count_from_threads(payload: int, line: Line) -> None:
    """Four threads at once, each sending (thread, 0), (thread, 1), ..."""

    def run(thread: int) -> None:
        for number in range(payload):
            line.send((thread, number))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(payload: object, line: Line) -> dict[str, Any]:
    """Where it runs, and under which settings."""
    return {
        "pid": os.getpid(),
        "blas threads": [os.environ[f"{name}_NUM_THREADS"] for name in ("OMP", "OPENBLAS", "MKL")],
        "ignores Ctrl-C": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
        "core dump": resource.getrlimit(resource.RLIMIT_CORE),
        "address space": resource.getrlimit(resource.RLIMIT_AS)[0],
    }


def echo(payload: object, line: Line) -> object:
    """What it was given."""
    return payload


def refuse(payload: str, line: Line) -> None:
    """Raises, and quotes what it was given."""
    raise ValueError(f"clinician {payload} has no shift")


def look_up(payload: str, line: Line) -> object:
    """Raises where the text of the exception is all payload."""
    shifts: dict[str, int] = {}
    return shifts[payload]


def refuse_when_asked(payload: str, line: Line) -> None:
    """Its callback raises."""

    def callback() -> None:
        raise RuntimeError(payload)

    line.on_ask(callback)
    line.send("ready")
    time.sleep(20)


def fail_in_a_thread(payload: object, line: Line) -> str:
    """A thread of the job raises, and quotes what it was given; the job goes on."""

    def run() -> None:
        raise ValueError(f"clinician {payload} has no shift")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return "went on"


def read_null(payload: object, line: Line) -> None:
    """A segmentation fault."""
    line.send("before")
    ctypes.string_at(0)


def read_null_late(payload: float, line: Line) -> None:
    """A segmentation fault, after so many seconds."""
    time.sleep(payload)
    read_null(None, line)


def leave(payload: int, line: Line) -> None:
    """Ends without a word."""
    os._exit(payload)


def take_memory(payload: int, line: Line) -> int:
    """More memory than it may."""
    return len(np.ones(payload * MB, dtype=np.uint8))


def take_memory_and_abort(payload: object, line: Line) -> None:
    """What C++ does when `new` fails: nothing that Python sees."""
    malloc = ctypes.CDLL(None).malloc
    malloc.restype, malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    while malloc(20 * MB):
        pass
    time.sleep(0.3)
    os.abort()


def sleep(payload: float, line: Line) -> None:
    """Says who it is, and listens to nobody."""
    line.send(os.getpid())
    time.sleep(payload)


def hold_everything(payload: int, line: Line) -> None:
    """Hangs in C with the interpreter's lock held: no thread of the process can run."""
    line.send(os.getpid())
    ctypes.PyDLL(None).sleep(payload)


def wait_for_ask(payload: object, line: Line) -> str | None:
    """Polls until it is asked to stop."""
    line.send("ready")
    while line.asked() is None:
        time.sleep(0.01)
    return line.asked()


def last_ask(payload: object, line: Line) -> str | None:
    """What it was asked, once everything has come in."""
    line.send("ready")
    time.sleep(0.5)
    return line.asked()


def count_asks(payload: int, line: Line) -> int:
    """Ends once its callback was called so many times."""
    calls: list[float] = []
    enough = threading.Event()

    def callback() -> None:
        calls.append(time.monotonic())
        if len(calls) == payload:
            enough.set()

    line.on_ask(callback)
    line.send("ready")
    enough.wait(20)
    return len(calls)


def multiply(payload: int, line: Line) -> str | None:
    """Busy in numpy until it is asked to stop."""
    square = np.ones((payload, payload))
    line.send("ready")
    while line.asked() is None:
        square = square @ square / payload
    return line.asked()


def relay(payload: int, line: Line) -> list[object]:
    """Waits for so many messages."""
    messages: list[object] = []
    line.send("ready")
    while len(messages) < payload:
        messages += line.receive()
        time.sleep(0.005)
    return messages


def flood(payload: float, line: Line) -> None:
    """Sends as fast as it can for so many seconds."""
    end = time.monotonic() + payload
    while time.monotonic() < end:
        line.send("x" * 1000)


def pack(payload: int, line: Line) -> str:
    """A CP-SAT model that runs long: a soft market split, feasible at once and hard to prove."""
    from ortools.sat.python import cp_model

    random = np.random.default_rng(payload)
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(40)]
    slacks = []
    for _ in range(5):
        weights = [int(w) for w in random.integers(1, 100, size=40)]
        slack = model.new_int_var(0, 10_000, "")
        total = sum(w * x for w, x in zip(weights, chosen, strict=True))
        model.add_abs_equality(slack, total - sum(weights) // 2)
        slacks.append(slack)
    model.minimize(sum(slacks))
    search = cp_model.CpSolver()
    search.parameters.num_workers = 1
    search.parameters.catch_sigint_signal = False
    line.on_ask(search.stop_search)
    line.send("solving")
    status = search.solve(model)
    return search.status_name(status)


def fail_until_hinted(payload: object, line: Line) -> str:
    """Says how far it came, and dies; with a hint it ends well."""
    if payload != "from the start":
        return f"hinted {payload}"
    for number in range(4):
        line.send(number)
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"
