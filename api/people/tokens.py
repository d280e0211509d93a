"""JSON Web Tokens (RFC 7519): who signed them is known, and nothing in them is taken on trust.

A token must have ``exp``, ``iat``, ``aud``, ``iss`` and ``sub``, and one family of algorithms is
accepted: with one key for signing and checking HS256 to HS512, with public keys RS, PS, ES or EdDSA. Claims
``team``, ``roles`` and ``clinician`` say the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jwt

from api.people.person import ROLES, Person
from api.problems import Refused

SHARED = ("HS256", "HS384", "HS512")
PUBLIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

_CLAIMS = ("exp", "iat", "aud", "iss", "sub")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SUBJECT = re.compile(r"[\x21-\x7e]{1,200}")
_LEAST_SECRET = 32
_MOST_TOKEN = 8192
_LEEWAY_SECONDS = 30


class Keys(Protocol):
    """Where the key that signed a token is found."""

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The family that is accepted."""

    def key(self, token: str) -> bytes | jwt.PyJWK:
        """The key; jwt.PyJWTError if there is none."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """One secret that signs and checks.

    Raises
    ------
    ValueError
        If it has fewer than 32 bytes.
    """

    secret: bytes
    algorithms: tuple[str, ...] = SHARED

    def __post_init__(self) -> None:
        if len(self.secret) < _LEAST_SECRET:
            raise ValueError(f"the secret has {len(self.secret)} bytes, must have at least {_LEAST_SECRET}")

    def key(self, token: str) -> bytes:  # noqa: ARG002 - one for all
        """The secret."""
        return self.secret


class JwksFile:
    """The public keys of an issuer, from its JWKS in a file; read again when a token names an unknown one."""

    algorithms = PUBLIC

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = 0
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._read()

    def key(self, token: str) -> jwt.PyJWK:
        """The key that the token names, or the only one."""
        name = jwt.get_unverified_header(token).get("kid")
        if name not in self._keys:
            self._read()
        alone = name is None and len(self._keys) == 1
        found = next(iter(self._keys.values())) if alone else self._keys.get(name or "")
        if found is None:
            raise jwt.InvalidKeyError
        return found

    def _read(self) -> None:
        written = self._file.stat().st_mtime_ns
        if written != self._seen:
            found = jwt.PyJWKSet.from_dict(json.loads(self._file.read_bytes()))
            usable = [key for key in found.keys if key.algorithm_name in PUBLIC]
            self._keys = {key.key_id or "": key for key in usable}
            self._seen = written


class JwksUrl:
    """The public keys of an issuer, from where it publishes its JWKS; kept for five minutes."""

    algorithms = PUBLIC

    def __init__(self, url: str) -> None:
        self._client = jwt.PyJWKClient(url, cache_keys=True, lifespan=300, timeout=3)

    def key(self, token: str) -> jwt.PyJWK:
        """The key that the token names."""
        found = self._client.get_signing_key_from_jwt(token)
        if found.algorithm_name not in PUBLIC:
            raise jwt.InvalidKeyError
        return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one issuer for this service.

    Parameters
    ----------
    keys
        `SharedKey`, `JwksFile` or `JwksUrl`.
    issuer, audience
        What ``iss`` and ``aud`` must be.
    longest_seconds
        Most time between ``iat`` and ``exp``: a token cannot be revoked, so it must run out.
    """

    keys: Keys
    issuer: str
    audience: str
    longest_seconds: int = 86_400

    def person(self, token: str) -> Person:
        """Whoever a token names.

        Raises
        ------
        Refused
            ``unauthenticated`` for whatever is wrong with it; ``unavailable`` while the issuer's keys cannot
            be had.
        """
        if len(token) > _MOST_TOKEN:
            raise _unknown()
        try:
            claims = jwt.decode(
                token,
                self.keys.key(token),
                algorithms=list(self.keys.algorithms),
                audience=self.audience,
                issuer=self.issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": list(_CLAIMS), "enforce_minimum_key_length": True},
            )
        except jwt.PyJWKClientConnectionError as failure:
            raise Refused("unavailable", headers={"Retry-After": "5"}) from failure
        except (jwt.PyJWTError, ValueError, OverflowError) as failure:
            raise _unknown() from failure
        if int(claims["exp"]) - int(claims["iat"]) > self.longest_seconds:
            raise _unknown()
        return _person(claims)


def _person(claims: Mapping[str, Any]) -> Person:
    subject, team, roles = claims["sub"], claims.get("team"), claims.get("roles")
    clinician = claims.get("clinician")
    sound = (
        isinstance(subject, str)
        and _SUBJECT.fullmatch(subject)
        and not subject.startswith(("key:", "feed:", "demo:"))
        and _is_name(team)
        and isinstance(roles, list)
        and all(role in ROLES for role in roles)
        and (clinician is None or _is_name(clinician))
    )
    if not sound or not isinstance(team, str) or not isinstance(roles, list):
        raise _unknown()
    return Person(subject, frozenset(roles), team, clinician if "clinician" in roles else None)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _unknown() -> Refused:
    return Refused("unauthenticated", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
