"""A linear programme over whole numbers, in plain data, that any solver can be given.

.. math:: \\min c x \\quad l_i \\le A_i x \\le u_i, \\quad lo \\le x \\le hi, \\quad x \\in Z

Coefficients of rows are ints and costs are exact fractions: what a solver rounds is its affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

FREE = 1 << 40
"""Stands for no limit."""

NOTHING = Fraction(0)

Terms = Iterable[tuple[int, int]]
"""Pairs (coefficient, variable)."""


@dataclass(frozen=True, slots=True)
class Row:
    """``lower <= sum of coefficient x variable <= upper``, and the rule that asked for it."""

    rule: str
    variables: tuple[int, ...]
    coefficients: tuple[int, ...]
    lower: int
    upper: int

    def holds(self, values: Sequence[float], slack: float = 1e-6) -> bool:
        """Whether a point keeps the row."""
        total = sum(c * values[v] for c, v in zip(self.coefficients, self.variables, strict=True))
        return self.lower - slack <= total <= self.upper + slack


@dataclass
class Programme:
    """Variables by number, rows by rule."""

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    cost: list[Fraction] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    constant: Fraction = Fraction(0)
    implied: set[int] = field(default_factory=set)
    """Places of rows that other rows imply even in fractions; a relaxation may leave them out."""

    def variable(self, lower: int = 0, upper: int = 1, cost: Fraction | int = 0) -> int:
        """A new whole-number variable; its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(Fraction(cost) if cost else NOTHING)
        return len(self.lower) - 1

    def row(self, rule: str, terms: Terms, lower: int = -FREE, upper: int = FREE) -> Row:
        """Post ``lower <= terms <= upper``; terms of one variable are added up."""
        row = made_row(rule, terms, lower, upper)
        self.rows.append(row)
        return row

    def fix(self, variable: int, value: int) -> None:
        """Hold a variable at a value."""
        self.lower[variable] = self.upper[variable] = value

    def objective(self, values: Sequence[int]) -> Fraction:
        """The exact cost of a point."""
        chosen = (c * v for c, v in zip(self.cost, values, strict=True) if c and v)
        return self.constant + sum(chosen, Fraction(0))


def made_row(rule: str, terms: Terms, lower: int = -FREE, upper: int = FREE) -> Row:
    """A row that stands in no programme yet (a cut)."""
    pairs = list(terms)
    kept: Mapping[int, int] = {variable: coefficient for coefficient, variable in pairs}
    if len(kept) < len(pairs):
        kept = _summed(pairs)
    if 0 in kept.values():
        kept = {v: c for v, c in kept.items() if c}
    return Row(rule, tuple(kept), tuple(kept.values()), lower, upper)


def _summed(terms: list[tuple[int, int]]) -> dict[int, int]:
    """Terms by variable, those of one variable added up."""
    summed: dict[int, int] = {}
    for coefficient, variable in terms:
        summed[variable] = summed.get(variable, 0) + coefficient
    return summed
