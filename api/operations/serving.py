"""The command that serves, apart from the others: it starts workers before it imports much."""

from __future__ import annotations

from api.serve import Misconfigured, Settings
from api.serve import serve as run
from solver.cli.endings import failed, say


def serve(settings: Settings) -> None:
    """Serve until told to stop.

    Raises
    ------
    typer.Exit
        With 1 if it cannot be started.
    """
    if settings.demo:
        say("Demo people, who need no secrets: not for real patients.")
    try:
        run(settings)
    except Misconfigured as error:
        raise failed(str(error)) from None
