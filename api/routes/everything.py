"""All desks, in the order in which the document tells them."""

from api.routes import (
    batches,
    diaries,
    events,
    feeds,
    judging,
    keys,
    public,
    publishing,
    recommending,
    rotas,
    steering,
)

DESKS = (
    rotas.desk,
    steering.desk,
    events.desk,
    publishing.desk,
    recommending.desk,
    judging.desk,
    diaries.desk,
    feeds.desk,
    keys.desk,
    batches.desk,
    public.desk,
)
