"""The answer as it is given out: the document of a rota, written and read."""

from solver.answer.document import document, to_bytes
from solver.answer.reading import read_rota
from solver.answer.verify import objections

__all__ = ["document", "objections", "read_rota", "to_bytes"]
