"""A solve hands out each better rota, and takes one to begin with."""

from __future__ import annotations

from dataclasses import replace

from solver.make.request import make_request
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.rules import cost
from solver.solve import Progress, solve
