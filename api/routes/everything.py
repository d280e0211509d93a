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
    rotas,
    steering,
)

DESKS = (
    rotas.desk,
    steering.desk,
    events.desk,
    publishing.desk,
    judging.desk,
    diaries.desk,
    feeds.desk,
    keys.desk,
    batches.desk,
    public.desk,
)
