"""All desks, in the order in which the document tells them."""

from api.routes import (
    auditing,
    batches,
    clashing,
    diaries,
    events,
    explaining,
    feeds,
    judging,
    keys,
    pages,
    public,
    publishing,
    recommending,
    reporting,
    rotas,
    steering,
)

DESKS = (
    rotas.desk,
    steering.desk,
    events.desk,
    publishing.desk,
    recommending.desk,
    explaining.desk,
    reporting.desk,
    judging.desk,
    clashing.desk,
    diaries.desk,
    pages.desk,
    feeds.desk,
    keys.desk,
    auditing.desk,
    batches.desk,
    public.desk,
)
