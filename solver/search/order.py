"""One order for clinicians, whatever order they were listed in, so that the answer does not depend on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from solver.question.clinic import Appointment, Clinic, Place
from solver.rota import Booking, Rota


@dataclass(frozen=True)
class Order:
    """``given[i]`` is the place in the request of the clinician who is number ``i`` to the search."""

    given: tuple[int, ...]

    @classmethod
    def of(cls, clinic: Clinic) -> Order:
        """Clinicians by id."""
        return cls(tuple(sorted(range(len(clinic.clinicians)), key=lambda i: clinic.clinicians[i].id)))

    def sorted(self, clinic: Clinic) -> Clinic:
        """The clinic with its clinicians in this order."""
        place = {given: at for at, given in enumerate(self.given)}
        clinicians = tuple(replace(clinic.clinicians[given], index=at) for at, given in enumerate(self.given))
        appointments = tuple(_moved(appointment, place) for appointment in clinic.appointments)
        rooms = dict(sorted(clinic.rooms.items()))
        return replace(clinic, clinicians=clinicians, appointments=appointments, rooms=rooms)

    def forth(self, rota: Rota) -> Rota:
        """A rota of the request in the terms of the sorted clinic."""
        place = {given: at for at, given in enumerate(self.given)}
        return Order(tuple(place[i] for i in range(len(self.given)))).back(rota)

    def back(self, rota: Rota) -> Rota:
        """A rota of the sorted clinic in the terms of the request's order."""
        place = {given: at for at, given in enumerate(self.given)}
        bookings = sorted(
            (Booking(b.appointment, self.given[b.clinician], b.start) for b in rota.bookings),
            key=lambda b: (b.clinician, b.start, b.appointment),
        )
        diaries = tuple(replace(rota.diaries[place[i]], clinician=i) for i in range(len(self.given)))
        return replace(rota, bookings=tuple(bookings), diaries=diaries)


def _moved(appointment: Appointment, place: dict[int, int]) -> Appointment:
    clinician = None if appointment.clinician is None else place[appointment.clinician]
    return replace(
        appointment,
        clinician=clinician,
        preferred=frozenset(place[c] for c in appointment.preferred),
        excluded=frozenset(place[c] for c in appointment.excluded),
        pin=_moved_place(appointment.pin, place),
        published=_moved_place(appointment.published, place),
    )


def _moved_place(where: Place | None, place: dict[int, int]) -> Place | None:
    return None if where is None else Place(place[where.clinician], where.start)
