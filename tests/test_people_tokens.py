"""Who somebody is: tokens of an issuer, API keys, demo people. Whatever is wrong with one, it is nobody."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.people import People, Person, Tokens
from api.people.tokens import JwksFile, JwksUrl, SharedKey
from api.problems import Refused
from api.store import Database, keys

SECRET = b"a secret of forty-eight bytes, only for the tests"
SHARED = Tokens(SharedKey(SECRET), "https://id.example", "rota")
EC = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    now = int(time.time())
    told = {
        "iss": "https://id.example",
        "aud": "rota",
        "sub": "anna",
        "iat": now,
        "exp": now + 300,
        "team": "north",
        "roles": ["booking"],
    } | changes
    return {name: value for name, value in told.items() if value is not ...}


def signed(key: Any = SECRET, algorithm: str = "HS256", kid: str | None = None, **changes: Any) -> str:  # noqa: ANN401
    return jwt.encode(claims(**changes), key, algorithm, {"kid": kid} if kid else None)


def refused(tokens: Tokens, token: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        tokens.person(token)
    return refusal.value


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    file = tmp_path / "jwks.json"
    write_jwks(file, one=EC)
    return file


def write_jwks(file: Path, **named: ec.EllipticCurvePrivateKey) -> None:
    found = [
        json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "ES256"}
        for kid, key in named.items()
    ]
    file.write_text(json.dumps({"keys": found}))


@pytest.fixture
def people(sqlite_url: str) -> Iterator[tuple[Database, People]]:
    database = Database(sqlite_url)
    yield database, People(database, SHARED)
    database.close()


def test_a_sound_token_is_a_person() -> None:
    assert SHARED.person(signed()) == Person("anna", frozenset({"booking"}), "north")
    own = signed(roles=["clinician"], clinician="c01")
    assert SHARED.person(own) == Person("anna", frozenset({"clinician"}), "north", "c01")


def test_a_diary_is_only_a_clinicians_own() -> None:
    assert SHARED.person(signed(roles=["booking"], clinician="c01")).clinician is None


@pytest.mark.parametrize("name", ["exp", "iat", "aud", "iss", "sub", "team", "roles"])
def test_a_token_without_a_claim_is_nobodys(name: str) -> None:
    changes: dict[str, Any] = {name: ...}
    assert refused(SHARED, signed(**changes)).code == "unauthenticated"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"exp": "soon"},
        {"exp": 10**400},
        {"exp": int(time.time()) + 90_000},
        {"aud": "payroll"},
        {"aud": ["payroll", "stock"]},
        {"iss": "https://id.example.net"},
        {"sub": ""},
        {"sub": "two words"},
        {"sub": "key:1"},
        {"sub": "demo:manager"},
        {"team": "../south"},
        {"team": 7},
        {"roles": "manager"},
        {"roles": ["manager", "owner"]},
        {"roles": [["manager"]]},
        {"roles": ["clinician"], "clinician": "c01\n"},
        {"roles": ["clinician"], "clinician": {"id": "c01"}},
    ],
)
def test_a_token_with_a_wrong_claim_is_nobodys(changes: dict[str, Any]) -> None:
    refusal = refused(SHARED, signed(**changes))
    assert refusal.code == "unauthenticated"
    assert refusal.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_another_signature_is_nobodys() -> None:
    unsigned = jwt.encode(claims(), "", "none")
    head, body, signature = signed().split(".")
    another = signed(sub="bert").split(".")[1]
    bad = [
        unsigned,
        f"{head}.{another}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        "a.b.c",
        "é",
        "." * 9000,
    ]
    for token in [*bad, signed(b"another secret of at least thirty-two bytes")]:
        assert refused(SHARED, token).code == "unauthenticated"


def test_a_short_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        SharedKey(b"sesame")


def test_tokens_of_public_keys(jwks: Path) -> None:
    tokens = Tokens(JwksFile(jwks), "https://id.example", "rota")
    assert tokens.person(signed(EC, "ES256", "one")).subject == "anna"
    assert tokens.person(signed(EC, "ES256")).subject == "anna"
    assert refused(tokens, signed(OTHER, "ES256", "one")).code == "unauthenticated"
    assert refused(tokens, signed(OTHER, "ES256", "two")).code == "unauthenticated"


def test_a_public_key_is_no_secret_to_sign_with(jwks: Path) -> None:
    # The old trick: HS256 with the text of the public key, which everybody knows.
    tokens = Tokens(JwksFile(jwks), "https://id.example", "rota")
    known = EC.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = {"alg": "HS256", "typ": "JWT", "kid": "one"}, claims()
    text = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    proof = urlsafe_b64encode(hmac.digest(known, text, "sha256")).rstrip(b"=")
    assert refused(tokens, f"{text.decode()}.{proof.decode()}").code == "unauthenticated"
    rs = rsa.generate_private_key(65537, 2048)
    assert refused(SHARED, signed(rs, "RS256")).code == "unauthenticated"


def test_keys_that_are_changed_are_read_again(jwks: Path) -> None:
    tokens = Tokens(JwksFile(jwks), "https://id.example", "rota")
    assert refused(tokens, signed(OTHER, "ES256", "two")).code == "unauthenticated"
    write_jwks(jwks, two=OTHER)
    assert tokens.person(signed(OTHER, "ES256", "two")).subject == "anna"
    assert refused(tokens, signed(EC, "ES256", "one")).code == "unauthenticated"


def test_an_issuer_that_cannot_be_reached_is_not_the_tokens_fault() -> None:
    # Port 9 of this machine answers nobody.
    tokens = Tokens(JwksUrl("http://127.0.0.1:9/jwks.json"), "https://id.example", "rota")
    refusal = refused(tokens, signed(EC, "ES256", "one"))
    assert refusal.code == "unavailable"
    assert refusal.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "demo-manager", "Bearer demo-manager"]
)
def test_nobody_comes_in_without_a_token(people: tuple[Database, People], header: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        people[1].who(header)
    assert refusal.value.code == "unauthenticated"
    assert refusal.value.headers["WWW-Authenticate"].startswith("Bearer")


def test_tokens_and_keys_come_in_by_the_same_header(people: tuple[Database, People]) -> None:
    database, known = people
    with database.write() as s:
        secret, key = keys.create(s, "south", "bridge", ["integrator"], "anna")
    assert known.who(f"Bearer {signed()}").subject == "anna"
    assert known.who(f"bearer {secret}") == Person(
        f"key:{key.id}", frozenset({"integrator"}), "south", None, "key"
    )
    with database.write() as s:
        keys.revoke(s, "south", key.id)
    with pytest.raises(Refused):
        known.who(f"Bearer {secret}")


def test_demo_people_come_in_only_to_a_demo(people: tuple[Database, People]) -> None:
    demo = People(people[0], demo=True)
    found = demo.who("Bearer demo-c01")
    assert (found.clinician, found.team, found.kind) == ("c01", "demo", "demo")
    with pytest.raises(Refused):
        demo.who(f"Bearer {signed()}")
