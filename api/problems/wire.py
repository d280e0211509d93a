"""What uvicorn itself says no to: bytes that are no HTTP."""

from __future__ import annotations

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.problems.document import MEDIA_TYPE, answer
from api.problems.refused import Refused


class ProblemProtocol(H11Protocol):
    """HTTP/1.1 that answers malformed bytes with problem+json; for ``uvicorn.Config(http=...)``."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it is h11's, and may repeat what was sent
        """Say no, and close the connection."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        body = bytes(answer(Refused("invalid_syntax")).body)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        events = (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        for event in events:
            sent = self.conn.send(event)
            if sent:
                self.transport.write(sent)
        self.transport.close()
