"""Files in and out: read whole, written whole or not at all; ``-`` is standard input or output."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

STANDARD = "-"


class Unusable(Exception):
    """A file that cannot be read or written, and why: a sentence for people."""


def read(name: str, most: int) -> bytes:
    """The bytes of a file, or the first ``most + 1`` of them.

    Raises
    ------
    Unusable
        If it cannot be read.
    """
    try:
        if name == STANDARD:
            return sys.stdin.buffer.read(most + 1)
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise Unusable(f"{_called(name, 'standard input')} cannot be read: {_why(error)}") from None


def check_writable(name: str) -> None:
    """Find out before the work is done whether a file can be written after it.

    Raises
    ------
    Unusable
        If it is a directory, or its directory is not there or may not be written.
    """
    if name == STANDARD:
        return
    target = Path(name)
    if target.is_dir():
        raise Unusable(f"{name} cannot be written: it is a directory.")
    if not target.parent.is_dir():
        raise Unusable(f"{name} cannot be written: there is no directory {target.parent}.")
    place = target.parent if _replaceable(target) else target
    if not os.access(place, os.W_OK):
        raise Unusable(f"{name} cannot be written: {place} may not be written to.")


def write(name: str, data: bytes) -> None:
    """Write a file: whoever reads it sees all of it, or what was there before.

    A device or a pipe is written to in place, and a link stays a link.

    Raises
    ------
    Unusable
        If it cannot be written; what was there before still stands.
    """
    try:
        if name == STANDARD:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        elif _replaceable(Path(name)):
            _replace(Path(name).resolve(), data)
        else:
            Path(name).write_bytes(data)
    except OSError as error:
        raise Unusable(f"{_called(name, 'standard output')} cannot be written: {_why(error)}") from None


def _replaceable(target: Path) -> bool:
    return not target.exists() or target.is_file()


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _called(name: str, standard: str) -> str:
    return standard if name == STANDARD else name


def _why(error: OSError) -> str:
    return f"{error.strerror or type(error).__name__}."
