"""The command line: `rota`."""

from solver.cli.app import app, main

__all__ = ["app", "main"]
