"""The commands of the service, and nothing else: the service itself is imported when one runs."""

# ruff: noqa: PLC0415 (imports in the commands, see above)
from __future__ import annotations

from typing import Annotated

import typer

DATABASE = "sqlite:///rota.db"

Database = Annotated[
    str,
    typer.Option(
        "--database-url",
        metavar="URL",
        envvar="ROTA_DATABASE_URL",
        help="Where everything is kept: sqlite:///FILE or postgresql://...",
    ),
]
CopyFile = Annotated[str, typer.Argument(metavar="FILE", help="The copy.")]
Slots = Annotated[int, typer.Option(min=1, max=64, help="Jobs that a worker solves at once.")]
Drain = Annotated[
    float,
    typer.Option(min=0, help="Seconds that running jobs have after SIGTERM before they are handed back."),
]


def install(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (serve, worker, backup, restore, prune, audit, openapi):
        app.command()(command)
    keys = typer.Typer(help="Keys of programs.", no_args_is_help=True)
    keys.command("add")(add_key)
    app.add_typer(keys, name="keys")


def serve(
    database_url: Database = DATABASE,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes that solve.")] = 1,
    slots: Slots = 1,
    drain_seconds: Drain = 20.0,
    demo: Annotated[
        bool, typer.Option("--demo", help="Demo people, who need no tokens; on a loopback address only.")
    ] = False,
) -> None:
    """Serve rotas over HTTP, with processes that solve them; who may do what is set by ROTA_... variables."""
    from api.operations import serving
    from api.serve import Settings

    serving.serve(Settings(database_url, host, port, workers, slots, drain_seconds, demo))


def worker(database_url: Database = DATABASE, slots: Slots = 1, drain_seconds: Drain = 20.0) -> None:
    """Solve for the services on a database: one more process, or one more machine."""
    from api.operations import commands

    commands.worker(database_url, slots, drain_seconds)


def backup(file: CopyFile, database_url: Database = DATABASE) -> None:
    """Copy everything that is kept into one file, while the service works."""
    from api.operations import commands

    commands.backup(database_url, file)


def restore(file: CopyFile, database_url: Database = DATABASE) -> None:
    """Put a copy into an empty database, of either kind."""
    from api.operations import commands

    commands.restore(database_url, file)


def prune(
    database_url: Database = DATABASE,
    event_days: Annotated[float, typer.Option(min=0, help="Days that a job's events stay.")] = 7,
    key_days: Annotated[float, typer.Option(min=0, help="Days that an Idempotency-Key stays.")] = 2,
    request_days: Annotated[float, typer.Option(min=0, help="Days that a request stays.")] = 180,
    ticket_days: Annotated[float, typer.Option(min=0, help="Days that a spent ticket of a job stays.")] = 1,
) -> None:
    """Let go of what need not be kept: events, keys, tickets, and requests, which hold patients' ids."""
    from api.operations import commands

    commands.prune(database_url, event_days, key_days, request_days, ticket_days)


def audit(
    database_url: Database = DATABASE,
    known: Annotated[
        str | None,
        typer.Option(metavar="ROWS:HASH", help="An end of the chain that was kept: it must be found in it."),
    ] = None,
    records: Annotated[
        bool, typer.Option("--list", help="Print the records instead, a JSON object a line.")
    ] = False,
    team: Annotated[str | None, typer.Option(help="With --list: of this team.")] = None,
    object_: Annotated[
        str | None, typer.Option("--object", metavar="KIND:ID", help="With --list: what was done to it.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="With --list: what was done by this subject.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="With --list: then or later (RFC 3339).")
    ] = None,
) -> None:
    """Verify who did what: every record is bound to the one before. Exit 1 says in which one it breaks."""
    from api.operations import auditing, commands

    if records:
        commands.list_audit(database_url, auditing.wanted(team, object_, actor, since))
    else:
        commands.audit(database_url, known)


def openapi() -> None:
    """Print the OpenAPI document of the service."""
    from api.operations import commands

    commands.openapi()


def add_key(
    team: Annotated[str, typer.Option(help="Whose data it opens.")],
    name: Annotated[str, typer.Option(help="What it is for.")],
    role: Annotated[list[str], typer.Option(help="What it may do; may be given more than once.")],
    database_url: Database = DATABASE,
) -> None:
    """Make a key for a program, and print it: this once, since only its hash is kept."""
    from api.operations import commands

    commands.add_key(database_url, team, name, role)
