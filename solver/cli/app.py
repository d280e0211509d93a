"""The commands and their options, and nothing else: what a command needs is imported when it runs.

So ``rota --help`` loads no solver and no mathematics. Other programs may add commands of their own to `app`.
"""

# ruff: noqa: PLC0415 (imports in the commands, see above)
from __future__ import annotations

from typing import Annotated

import typer

from solver import __version__
from solver.cli import service

app = typer.Typer(
    name="rota",
    help="Weekly clinic rotas that keep every break, even if every patient turns up.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

RequestFile = Annotated[str, typer.Argument(metavar="REQUEST.json", help="The request; - is stdin.")]
RotaFile = Annotated[str, typer.Argument(metavar="ROTA.json", help="The rota; - is stdin.")]


def main() -> None:
    """Run the command line."""
    app()


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"rota {__version__}")
        raise typer.Exit


@app.callback()
def rota(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Weekly clinic rotas that keep every break, even if every patient turns up."""


@app.command()
def solve(
    request: RequestFile,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="ROTA.json", help="Where the rota goes; - is stdout."),
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="Time limit.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that search at once.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
    reproducible: Annotated[
        bool | None, typer.Option(help="Same answer on every machine, at the price of speed.")
    ] = None,
    gap: Annotated[
        float | None, typer.Option(help="Stop at (cost - bound) / max(1, cost) of this, 0 to 1.")
    ] = None,
    levers: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Then find out so long which rules bind and what would help."),
    ] = None,
) -> None:
    """Make the rota of a request. Options win over the request's effort; Ctrl-C keeps the best so far."""
    from solver.cli.solving import solve_file

    asked = {"seconds": seconds, "workers": workers, "seed": seed, "reproducible": reproducible, "gap": gap}
    options = {name: value for name, value in asked.items() if value is not None}
    solve_file(request, output, options, levers)


@app.command()
def check(request: RequestFile, rota: RotaFile) -> None:
    """Name every breach of every rule in any rota, ours or hand-made."""
    from solver.cli.checking import check_file

    check_file(request, rota)


@app.command()
def risk(
    request: RequestFile,
    rota: RotaFile,
    json: Annotated[bool, typer.Option("--json", help="Every figure, as JSON.")] = False,
) -> None:
    """Compute all risk figures of any rota, ours or hand-made."""
    from solver.cli.risks import risk_file

    risk_file(request, rota, as_json=json)


@app.command()
def make(
    clinicians: Annotated[int, typer.Option(help="How many clinicians.")],
    appointments: Annotated[int, typer.Option(help="How many appointments; 30 to 40 a clinician are usual.")],
    seed: Annotated[int, typer.Option(help="Which of the many such weeks.")],
    flavour: Annotated[
        str,
        typer.Option(
            help="What is particular about the week: mixed, doubles, scarce, slack, fixed_slots, "
            "clock_change_autumn, clock_change_spring, unattainable or pins."
        ),
    ] = "mixed",
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Where the request goes; - is stdout."),
    ] = "-",
) -> None:
    """Make a synthetic request: a realistic week, the same bytes for the same seed."""
    from solver.cli.making import make_file

    make_file(clinicians, appointments, seed, flavour, output)


@app.command()
def schema(
    rota: Annotated[bool, typer.Option("--rota", help="Of the rota instead.")] = False,
) -> None:
    """Print the JSON schema of a request."""
    from solver.cli.schemas import print_schema

    print_schema(of_rota=rota)


@app.command()
def simulate(
    request: RequestFile,
    rota: RotaFile,
    weeks: Annotated[int, typer.Option(min=1, max=100_000, help="How many weeks to live through.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all dice.")] = 0,
    shock: Annotated[bool, typer.Option("--shock", help="Attendances share a shock a week.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Every figure, as JSON.")] = False,
) -> None:
    """Live through many weeks of a rota, and hold its risk figures against what came of them."""
    from solver.cli.simulating import simulate_file

    simulate_file(request, rota, weeks, seed, shock=shock, as_json=json)


@app.command()
def verdict(
    request: RequestFile,
    rota: Annotated[
        str | None,
        typer.Argument(metavar="[ROTA.json]", help="A rota to start from, and to say who is short."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Time limit, about.")] = 60,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that search at once.")] = 2,
    json: Annotated[bool, typer.Option("--json", help="The verdict as JSON.")] = False,
) -> None:
    """Say whether the targets can be met, which rules stand in the way, and what would help."""
    from solver.cli.verdicts import verdict_file

    verdict_file(request, rota, seconds, workers, as_json=json)


@app.command()
def clashes(
    request: RequestFile,
    targets: Annotated[bool, typer.Option("--targets", help="Ask for every target as well.")] = False,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Time limit for targets, about.")] = 60,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that search at once.")] = 2,
    json: Annotated[bool, typer.Option("--json", help="The clashes as JSON.")] = False,
) -> None:
    """Name pins, targets and rules that cannot all hold, and could without any one of them."""
    from solver.cli.clashing import clashes_file

    clashes_file(request, seconds, workers, targets=targets, as_json=json)


@app.command()
def page(
    request: RequestFile,
    rota: RotaFile,
    clinician: Annotated[str, typer.Option(help="Whose week.")],
    json: Annotated[bool, typer.Option("--json", help="The page as JSON.")] = False,
) -> None:
    """Tell one clinician's week in plain words: what it holds, what may come of it, what protects it."""
    from solver.cli.paging import page_file

    page_file(request, rota, clinician, as_json=json)


@app.command()
def why(
    request: RequestFile,
    rota: RotaFile,
    appointment: Annotated[str, typer.Option(help="Which appointment.")],
    clinician: Annotated[str | None, typer.Option(help="Why not with this clinician ...")] = None,
    start: Annotated[
        str | None, typer.Option(help="... at this time: RFC 3339, or a weekday and a time, 'Tue 10:15'.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say why an appointment is unplaced and what would place it, or why it is not at some start."""
    from solver.cli.whys import why_file

    why_file(request, rota, appointment, clinician, start, as_json=json)


@app.command()
def evaluate(
    request: RequestFile,
    rota: RotaFile,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Judge any rota: what it breaks, what it costs and where, what may come of it."""
    from solver.cli.evaluating import evaluate_file

    evaluate_file(request, rota, as_json=json)


@app.command()
def compare(
    request: RequestFile,
    first: Annotated[str, typer.Argument(metavar="A.json", help="A rota.")],
    second: Annotated[str, typer.Argument(metavar="B.json", help="Another rota of the same request.")],
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say what changes from one rota to another: terms, risks, bookings, who gains, who loses."""
    from solver.cli.evaluating import compare_files

    compare_files(request, first, second, as_json=json)


service.install(app)


@app.command()
def report(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="[REQUEST.json] ROTA.json", help="The rota; its request before it tells more. - is stdin."
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.html", help="Where the page goes; - is stdout.")
    ] = "-",
    png: Annotated[
        str | None, typer.Option(metavar="DIRECTORY", help="Where each plot goes as a picture, too.")
    ] = None,
) -> None:
    """Write the week as one page of HTML to read and to print: no network, no script."""
    from solver.cli.reporting import report_file

    report_file(files, output, png)
