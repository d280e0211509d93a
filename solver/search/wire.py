"""Whole messages over a socket, each behind its length, without ever waiting for the other end.

The parent of a solver process keeps the clock. A child that is stopped, or too busy to read or to
finish what it began to write, must not hold it up.
"""

from __future__ import annotations

import socket
import struct

_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 18
_ENOUGH = 1 << 22


class Wire:
    """One end of a stream socket, with what has not gone out and what has not come in whole."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._out = bytearray()
        self._in = bytearray()
        self.closed = False

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._end.fileno()

    @property
    def pending(self) -> bool:
        """Whether something still waits to go out."""
        return bool(self._out) and not self.closed

    def put(self, message: bytes) -> None:
        """Queue a message; `flush` sends it."""
        self._out += _LENGTH.pack(len(message)) + message

    def put_whole(self, message: bytes) -> None:
        """Send a message past the queue, and wait until it is gone.

        Raises
        ------
        OSError
            If the other end is closed.
        """
        self._end.sendall(_LENGTH.pack(len(message)) + message)

    def flush(self) -> None:
        """Send as much of the queue as the other end takes now."""
        while self.pending:
            try:
                with memoryview(self._out) as queue, queue[:_CHUNK] as part:
                    sent = self._end.send(part, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except ConnectionError:
                self._out.clear()
                return
            del self._out[:sent]

    def take(self) -> list[bytes]:
        """The messages that are here now, in order; a few megabytes at a time."""
        taken = 0
        while taken < _ENOUGH and not self.closed:
            try:
                part = self._end.recv(_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except ConnectionError:
                part = b""
            self.closed = not part
            self._in += part
            taken += len(part)
        return self._whole()

    def close(self) -> None:
        """Close the socket; what was not sent is lost."""
        self.closed = True
        self._end.close()

    def _whole(self) -> list[bytes]:
        messages = []
        while len(self._in) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._in)
            end = _LENGTH.size + length
            if len(self._in) < end:
                break
            messages.append(bytes(self._in[_LENGTH.size : end]))
            del self._in[:end]
        return messages
