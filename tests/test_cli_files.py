"""Files are written whole or not at all."""

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from solver.cli.files import Unusable, check_writable, read, write


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "rota.json"
    for data in (b"old", b"new"):
        check_writable(str(target))
        write(str(target), data)
        assert target.read_bytes() == data
        assert [path.name for path in tmp_path.iterdir()] == ["rota.json"]


def test_who_reads_the_old_file_goes_on_reading_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "rota.json"
    write(str(target), b"old")
    with target.open("rb") as open_before:
        write(str(target), b"new")
        assert open_before.read() == b"old"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "rota.json"
    write(str(target), b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(Unusable, match=r"rota\.json cannot be written: File too large\.$"):
            write(str(target), b"n" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["rota.json"]


def test_a_file_keeps_its_mode_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    target = tmp_path / "rota.json"
    before = os.umask(0o027)
    try:
        write(str(target), b"new")
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        target.chmod(0o600)
        write(str(target), b"newer")
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link.json", tmp_path / "there" / "rota.json"
    link.symlink_to(target)
    write(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_writable(str(pipe))
        write(str(pipe), b"new")
        assert os.read(reader, 10) == b"new"
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    finally:
        os.close(reader)


def test_no_more_is_read_than_can_be_used(tmp_path: Path) -> None:
    long = tmp_path / "long.json"
    long.write_bytes(b"x" * 100)
    assert len(read(str(long), 10)) == 11
    assert len(read(str(long), 100)) == 100
