"""The answer as it is given out: the document of a rota, written and read."""

from solver.answer.document import described, document, to_bytes
from solver.answer.reading import read_rota
from solver.answer.verify import objections

__all__ = ["described", "document", "objections", "read_rota", "to_bytes"]
