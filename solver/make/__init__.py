"""Synthetic requests: a realistic week of a service, the same bytes for the same seed anywhere.

Figures come from published sources, named where they are used; what is our judgement says so.
"""

from solver.make.flavours import FLAVOURS, Flavour
from solver.make.request import make_request, request_bytes

__all__ = ["FLAVOURS", "Flavour", "make_request", "request_bytes"]
