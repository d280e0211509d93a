"""Eighty things that a service is sent by mistake or by malice, and what it says to each."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

from tests.http_service import SECRET as KEY
from tests.http_service import a_token
from tests.question_builders import a_request, a_stretch, a_told_appointment, a_told_clinician

SECRET = "Zebedee-Quackenbush"
"""A name that no answer may repeat."""

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Nasty:
    """One of them: who sends what where, and the status and code of the answer."""

    name: str
    status: int
    code: str
    method: str = "POST"
    path: str = "/v1/rotas"
    body: bytes | None = None
    headers: Mapping[str, str | bytes] = field(default_factory=lambda: JSON)
    who: str | None = "manager"
    fault: tuple[str, str] | None = None


def _told(**changes: object) -> bytes:
    return json.dumps(a_request(**changes)).encode()


def _one(**changes: object) -> bytes:
    return _told(appointments=[a_told_appointment(**changes)])


def _who(**changes: object) -> bytes:
    return _told(clinicians=[a_told_clinician(**changes)])


def _raw(old: str, new: str) -> bytes:
    text = json.dumps(a_request())
    assert old in text
    return text.replace(old, new, 1).encode()


def _bad(name: str, body: bytes, code: str, pointer: str) -> Nasty:
    return Nasty(name, 422, "invalid_request", body=body, fault=(code, pointer))


GOOD = _told()

TRANSPORT = (
    Nasty("no content type", 415, "unsupported_media_type", body=GOOD, headers={}),
    Nasty("a form", 415, "unsupported_media_type", body=b"a=1", headers={"Content-Type": "text/plain"}),
    Nasty(
        "another charset",
        415,
        "unsupported_media_type",
        body=GOOD,
        headers={"Content-Type": "application/json; charset=latin-1"},
    ),
    Nasty(
        "a zip bomb's envelope",
        415,
        "unsupported_media_type",
        body=GOOD,
        headers={**JSON, "Content-Encoding": "gzip"},
    ),
    Nasty("more than 32 MB", 413, "too_large", body=b" " * (32 * 1024 * 1024 + 1)),
    Nasty("a small body too large", 413, "too_large", path="/v1/keys", body=b" " * 70_000),
    Nasty("an unknown method", 405, "method_not_allowed", method="PATCH", body=GOOD),
    Nasty("a method that repeats", 405, "method_not_allowed", method="TRACE"),
    Nasty("an address that is none", 404, "not_found", method="GET", path=f"/v2/{SECRET}"),
    Nasty("a slash too many", 404, "not_found", method="GET", path="/v1/rotas/"),
    Nasty("a way out of the folder", 404, "not_found", method="GET", path="/v1/demo/..%2f..%2fpyproject"),
    Nasty("a NUL in an id", 422, "invalid_request", method="GET", path="/v1/rotas/%00"),
    Nasty("an endless id", 422, "invalid_request", method="GET", path="/v1/rotas/" + "a" * 5000),
    Nasty("an endless query", 414, "uri_too_long", method="GET", path="/v1/rotas?limit=" + "1" * 5000),
    Nasty("an unknown parameter", 422, "invalid_request", method="GET", path=f"/v1/rotas?patient={SECRET}"),
    Nasty("a parameter twice", 422, "invalid_request", method="GET", path="/v1/rotas?limit=1&limit=2"),
)

READING = (
    _bad("nothing", b"", "json_invalid", ""),
    _bad("no JSON", SECRET.encode(), "json_invalid", ""),
    _bad("half of it", GOOD[: len(GOOD) // 2], "json_invalid", ""),
    _bad("not a number", _raw("0.8", "NaN"), "json_number", "/appointments/0/attendance"),
    _bad("no end", _raw("0.8", "-Infinity"), "json_number", "/appointments/0/attendance"),
    _bad("beyond a double", _raw("0.8", "1e999"), "json_number", "/appointments/0/attendance"),
    _bad("4,000 digits", _raw("30,", "9" * 4000 + ","), "json_number", "/appointments/0/minutes"),
    _bad(
        "a name twice",
        _raw('"minutes"', '"minutes": 5, "minutes"'),
        "json_duplicate_name",
        "/appointments/0/minutes",
    ),
    _bad("a byte order mark", b"\xef\xbb\xbf" + GOOD, "json_byte_order_mark", ""),
    _bad("UTF-16", GOOD.decode().encode("utf-16-le"), "json_invalid", ""),
    _bad("not UTF-8", _raw('"p1"', '"p\u00e9"').decode().encode("latin-1"), "json_not_utf8", ""),
    _bad("half a surrogate", _raw('"p1"', '"\\ud800"'), "json_surrogate", "/appointments/0/patient"),
    _bad("33 deep", b"[" * 33 + b"]" * 33, "json_too_deep", ""),
    _bad("a million deep", b"[" * 1_000_000, "json_too_deep", ""),
    _bad("a list", b"[]", "wrong_type", ""),
    _bad("a name as a field", _told(**{SECRET: 1}), "unknown_field", ""),
)

TIME = (
    _bad(
        "a Tuesday",
        _told(week={"start": "2026-12-01", "timezone": "Europe/London"}),
        "week_not_monday",
        "/week/start",
    ),
    _bad(
        "no such zone",
        _told(week={"start": "2026-11-30", "timezone": f"Europe/{SECRET}"}),
        "unknown_timezone",
        "/week/timezone",
    ),
    _bad(
        "a zone file elsewhere",
        _told(week={"start": "2026-11-30", "timezone": "../../../etc/passwd"}),
        "unknown_timezone",
        "/week/timezone",
    ),
    _bad(
        "no offset",
        _one(windows=[{"start": "2026-11-30T09:00:00", "end": "2026-11-30T10:00:00+00:00"}]),
        "time_without_offset",
        "/appointments/0/windows/0/start",
    ),
    _bad(
        "year 9999",
        _one(windows=[{"start": "9999-12-31T23:55:00-23:59", "end": "2026-11-30T10:00:00+00:00"}]),
        "time_out_of_range",
        "/appointments/0/windows/0/start",
    ),
    _bad(
        "the 25th hour",
        _one(windows=[{"start": "2026-11-30T25:00:00+00:00", "end": "2026-11-30T10:00:00+00:00"}]),
        "time_not_rfc3339",
        "/appointments/0/windows/0/start",
    ),
    _bad(
        "back to front",
        _one(windows=[a_stretch(30, "10:00", "09:00")]),
        "end_not_after_start",
        "/appointments/0/windows/0/end",
    ),
    Nasty(
        "a diary of no week",
        422,
        "invalid_request",
        method="GET",
        path="/v1/clinicians/c01/diary?week=2026-02-30",
    ),
    Nasty(
        "a diary of a Sunday",
        422,
        "invalid_request",
        method="GET",
        path="/v1/clinicians/c01/diary?week=2026-11-29",
    ),
    Nasty(
        "a deadline without offset",
        422,
        "invalid_request",
        path="/v1/rotas?deadline=2026-11-30T09:00:00",
        body=GOOD,
    ),
)

SOLVER = (
    _bad("a chance of 2", _one(attendance=2), "out_of_range", "/appointments/0/attendance"),
    _bad(
        "a chance too fine", _one(attendance=0.86012), "finer_than_thousandth", "/appointments/0/attendance"
    ),
    _bad("seven minutes", _one(minutes=7), "not_a_multiple", "/appointments/0/minutes"),
    _bad("2^70 days", _one(waiting_days=2**70), "out_of_range", "/appointments/0/waiting_days"),
    _bad("a true number", _one(minutes=True), "wrong_type", "/appointments/0/minutes"),
    _bad("a year of solving", _told(effort={"seconds": 31_536_000}), "out_of_range", "/effort/seconds"),
    _bad("a thousand workers", _told(effort={"workers": 1000}), "out_of_range", "/effort/workers"),
    _bad(
        "a ceiling below the target",
        _who(ceiling_minutes=5),
        "ceiling_below_target",
        "/clinicians/0/ceiling_minutes",
    ),
    _bad("nobody's clinician", _one(clinician=SECRET), "unknown_clinician", "/appointments/0/clinician"),
    _bad(
        "an id with a line break",
        _one(patient=f"{SECRET}\r\nSet-Cookie: a=b"),
        "bad_identifier",
        "/appointments/0/patient",
    ),
)


def _get(name: str, status: int, code: str, path: str, who: str | None = "manager", **headers: str) -> Nasty:
    named = {header.replace("_", "-"): value for header, value in headers.items()}
    return Nasty(name, status, code, "GET", path, headers=named, who=who)


def _as(name: str, authorization: str) -> Nasty:
    return _get(name, 401, "unauthenticated", "/v1/rotas", None, Authorization=authorization)


def _signed(name: str, secret: bytes = KEY, **changes: object) -> Nasty:
    return _as(name, f"Bearer {a_token(secret, **changes)}")


NOW = int(time.time())

IDENTITY = (
    _get("nobody", 401, "unauthenticated", "/v1/rotas", None),
    _as("a password", f"Basic {SECRET}"),
    _as("no token at all", "Bearer"),
    _as("not a token", f"Bearer {SECRET}"),
    _as("nine thousand characters", "Bearer " + "a" * 9000),
    _as("a made-up key", f"Bearer rota_key_{SECRET}"),
    _as("no signature", "Bearer " + jwt.encode({"sub": SECRET, "roles": ["manager"]}, "", algorithm="none")),
    _signed("another's signature", secret=b"f" * 32),
    _signed("run out", exp=NOW - 60),
    _signed("for ever", exp=None),
    _signed("of no time", iat=None),
    _signed("for another service", aud=SECRET),
    _signed("from another issuer", iss=SECRET),
    _signed("in nobody's name", sub=None),
    _signed("of no team", team=None),
    _signed("of a team that is no name", team="north' or '1'='1"),
    _signed("a role that is none", roles=["manager", SECRET]),
    _signed("roles that are no list", roles="manager"),
    _signed("in a key's name", sub="key:1"),
    _get("a program that publishes", 403, "forbidden", "/v1/keys", "integrator"),
)

ICS = "/v1/clinicians/c01/diary.ics"

TOKENS = (
    _get("a feed without its token", 401, "unauthenticated", ICS, None),
    _get("a token that is none", 404, "not_found", f"{ICS}?token={SECRET}", None),
    _get("an endless token", 422, "invalid_request", f"{ICS}?token={'a' * 300}", None),
    _get("a token with a line break", 404, "not_found", f"{ICS}?token=a%0d%0aSet-Cookie:%20a=b", None),
    _get("a token with half a surrogate", 404, "not_found", f"{ICS}?token=%ed%a0%80", None),
    _get("a token twice", 422, "invalid_request", f"{ICS}?token=a&token=b", None),
    Nasty("a key of no letters", 422, "invalid_request", body=GOOD, headers={**JSON, "Idempotency-Key": ""}),
    Nasty(
        "an endless key", 422, "invalid_request", body=GOOD, headers={**JSON, "Idempotency-Key": "a" * 129}
    ),
    Nasty(
        "a key in Latin-1",
        422,
        "invalid_request",
        body=GOOD,
        headers={**JSON, "Idempotency-Key": b"Zebed\xe9e"},
    ),
    _get("a tag without quotes", 422, "invalid_request", "/v1/rotas/{rota}", If_None_Match=SECRET),
    _get("an event before the first", 422, "invalid_request", "/v1/rotas/{rota}/events", Last_Event_ID="-1"),
    _get("an event past counting", 422, "invalid_request", "/v1/rotas/{rota}/events", Last_Event_ID="9" * 30),
)

ALL = (*TRANSPORT, *READING, *TIME, *SOLVER, *IDENTITY, *TOKENS)
