"""`rota schema`: the JSON schemas of what is asked and what is answered."""

from __future__ import annotations

import json

import typer

from solver.answer import shape
from solver.question import request


def print_schema(*, of_rota: bool) -> None:
    """Print the schema of a request, or of a rota."""
    schema = shape.json_schema() if of_rota else request.json_schema()
    typer.echo(json.dumps(schema, indent=1, ensure_ascii=False))
