"""How the service says no."""

from api.problems.catalogue import PROBLEMS, Problem
from api.problems.refused import Refused

__all__ = ["PROBLEMS", "Problem", "Refused"]
