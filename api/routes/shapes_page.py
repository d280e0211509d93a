"""A clinician's page: the answer's JSON."""

from __future__ import annotations

from api.routes.shapes import Answer, Publication


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
