"""Every way in which the service says no: a stable code, its status, and words that hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal.

    Parameters
    ----------
    code
        Stable, in snake_case; ``/v1/problems/{code}`` is its RFC 9457 ``type``.
    status
        The HTTP status that it is answered with.
    title
        What happened, in a few words that hold for every case.
    meaning
        What it means and what a client does next.
    """

    code: str
    status: int
    title: str
    meaning: str


_ALL = (
    Problem(
        "invalid_syntax",
        400,
        "The request is not well-formed HTTP.",
        "The bytes on the wire could not be read as a request: mend the client, do not send them again.",
    ),
    Problem(
        "unauthenticated",
        401,
        "Who asks is not known.",
        "Send `Authorization: Bearer ...` with a valid token or API key; the one sent may have run out.",
    ),
    Problem(
        "forbidden",
        403,
        "This person may not do this.",
        "None of the roles of whoever asks allows the operation. Asking again changes nothing.",
    ),
    Problem(
        "not_found",
        404,
        "There is nothing here.",
        "No such thing, or none that whoever asks may know of: the two look alike on purpose.",
    ),
    Problem(
        "method_not_allowed",
        405,
        "The address exists, the method does not.",
        "The `Allow` header lists the methods that do.",
    ),
    Problem(
        "not_acceptable",
        406,
        "The answer cannot take the form that was asked for.",
        "Leave the `Accept` header out, or name the media type that the operation gives.",
    ),
    Problem(
        "conflict",
        409,
        "The state of the thing does not allow this.",
        "Read it again, and decide on what it says now.",
    ),
    Problem(
        "key_in_use",
        409,
        "A request with this Idempotency-Key is still under way.",
        "Wait as long as `Retry-After` says, then send the same request with the same key again.",
    ),
    Problem(
        "not_publishable",
        409,
        "The rota cannot be published.",
        "It books nothing, breaks a rule of its request, or overlaps a published one; `detail` says which.",
    ),
    Problem(
        "not_done",
        409,
        "The job is not done yet.",
        "Follow its events, or read it again after `Retry-After` seconds.",
    ),
    Problem(
        "request_gone",
        410,
        "The request of this rota is kept no more.",
        "Requests name patients and are let go of after a while. What needs one cannot be done with this rota"
        " any more; ask for the week anew.",
    ),
    Problem(
        "stale",
        412,
        "It has changed since it was read.",
        "Read it again: the `If-Match` sent is not its ETag any more.",
    ),
    Problem(
        "too_large",
        413,
        "The body is too large.",
        "Send less at once: the limit is in the service's settings, 32 MB unless they say another.",
    ),
    Problem(
        "uri_too_long",
        414,
        "The address is too long.",
        "Send a shorter query.",
    ),
    Problem(
        "unsupported_media_type",
        415,
        "The body is not JSON.",
        "Send `Content-Type: application/json`, in UTF-8 and without a content encoding.",
    ),
    Problem(
        "invalid_request",
        422,
        "Something in the request is wrong.",
        "Each of `faults` has a code, and a JSON pointer into the body or the name of a parameter.",
    ),
    Problem(
        "idempotency_key_reused",
        422,
        "This Idempotency-Key came with another request before.",
        "A key stands for one request: use a fresh one.",
    ),
    Problem(
        "precondition_required",
        428,
        "This needs an If-Match header.",
        "Read the rota first, and send its ETag as `If-Match`.",
    ),
    Problem(
        "queue_full",
        429,
        "Too many jobs are waiting.",
        "Send it again after `Retry-After` seconds.",
    ),
    Problem(
        "rate_limited",
        429,
        "Too many requests.",
        "Send it again after `Retry-After` seconds.",
    ),
    Problem(
        "headers_too_large",
        431,
        "The headers are too large.",
        "Send shorter headers.",
    ),
    Problem(
        "internal",
        500,
        "The service failed.",
        "A defect of the service. The log has it under the `instance` of this problem.",
    ),
    Problem(
        "unavailable",
        503,
        "The service cannot do this just now.",
        "Send it again after `Retry-After` seconds: nothing has been changed.",
    ),
)

PROBLEMS: dict[str, Problem] = {problem.code: problem for problem in _ALL}
"""Every problem by its code."""
