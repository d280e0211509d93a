"""From an ``Authorization`` header to a person."""

from __future__ import annotations

from api.people import demo
from api.people.person import ROLES, Person
from api.people.tokens import Tokens
from api.problems import Refused
from api.store import Database, keys

_SCHEME = "bearer"


class People:
    """Everybody whom the service knows.

    Parameters
    ----------
    database
        Where API keys are kept.
    tokens
        The issuer of people's tokens; None: there are none.
    demo
        Whether demo people may come in; on loopback only.
    """

    def __init__(self, database: Database, tokens: Tokens | None = None, *, demo: bool = False) -> None:
        self._database, self._tokens, self._demo = database, tokens, demo

    def who(self, authorization: str | None) -> Person:
        """Whoever sent a header.

        Raises
        ------
        Refused
            ``unauthenticated`` with ``WWW-Authenticate``; ``unavailable``.
        """
        scheme, _, secret = (authorization or "").partition(" ")
        secret = secret.strip()
        if scheme.lower() != _SCHEME or not secret:
            raise Refused("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
        if secret.startswith("rota_key_"):
            return self._of_key(secret)
        if self._demo and secret in demo.PEOPLE:
            return demo.PEOPLE[secret]
        if self._tokens is None:
            raise _unknown()
        return self._tokens.person(secret)

    def _of_key(self, secret: str) -> Person:
        with self._database.read() as s:
            key = keys.find(s, secret)
            if key is None:
                raise _unknown()
            roles = frozenset(key.roles.split()) & frozenset(ROLES)
            return Person(f"key:{key.id}", roles, key.team, None, "key")


def _unknown() -> Refused:
    return Refused("unauthenticated", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
