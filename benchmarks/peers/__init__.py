"""The peers, by name: whoever makes rotas of the same requests, on the same terms.

To add one: write its module here (see `benchmarks.peers.peer.Peer`) and name it in `PEERS`.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from benchmarks.peers.peer import Peer

PEERS = ("ours", "clerk", "slots", "slots_hinted", "mip", "ours_rounds")
"""Modules of this package, in the order in which tables show them."""

TIMED = PEERS[:-1]
"""Those that keep to a time limit: the ones that are raced unless others are asked for."""


def peer(name: str) -> Peer:
    """The peer of a name; its module, with whatever solver it needs, is loaded now.

    Raises
    ------
    KeyError
        If there is none.
    """
    if name not in PEERS:
        raise KeyError(name)
    return cast("Peer", import_module(f"benchmarks.peers.{name}"))
