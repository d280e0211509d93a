"""No core files: what a process holds when it crashes has patients in it, and must not come to a disk."""

from __future__ import annotations

import resource


def none_from_here() -> None:
    """Let this process, and all that it starts from now on, leave none; none of them can take it back.

    A system that pipes cores to a program of its own decides by itself; systemd's keeps none either then.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
