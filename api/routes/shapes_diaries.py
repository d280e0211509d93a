"""A clinician's diary and their page: the answers' JSON."""

from __future__ import annotations

from pydantic import Field

from api.routes.shapes import Answer, Publication
from solver.answer.figures import DiaryFigures
from solver.answer.shape import Entry


class AllAttend(Answer):
    """What a diary is if every patient comes, with every protected minute where it stands."""

    delivered_minutes: int
    breaks_kept: bool
    longest_contact_run_minutes: int = Field(description="Contact without a break or lunch between.")


class DiaryDocument(Answer):
    """One clinician's week."""

    clinician: str
    week: str
    rota: str = Field(description="Id of the rota that it is from.")
    version: int
    publication: Publication
    target_minutes: int
    ceiling_minutes: int
    entries: list[Entry]
    risk: DiaryFigures
    if_everyone_attends: AllAttend


class PageSection(Answer):
    """A heading, and what is said under it."""

    heading: str
    paragraphs: list[str]


class PageRow(Answer):
    """A line of a day: local clock times, the kind of the entry, and the same in words."""

    start: str
    end: str
    kind: str
    what: str


class PageDay(Answer):
    """One day of the diary."""

    name: str
    date: str
    summary: str
    rows: list[PageRow]


class PageDocument(Answer):
    """One clinician's week in plain words; it names appointments, and no patient."""

    clinician: str
    week: str
    rota: str
    version: int
    publication: Publication
    sections: list[PageSection]
    days: list[PageDay]
