"""Secrets that are shown once: the database keeps their SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def new(kind: str) -> str:
    """A secret of 256 random bits that says what it is: ``rota_key_...``."""
    return f"rota_{kind}_{secrets.token_urlsafe(32)}"


def kept_as(secret: str) -> str:
    """What is kept of a secret; no salt is needed for 256 random bits, so it can be looked up."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
