"""The same service on either database."""

from __future__ import annotations

from tests.http_service import a_house_on
from tests.question_builders import a_request


def test_a_week_lives_the_same_life_on_either_database(database_url: str) -> None:
    with a_house_on(database_url) as house:
        key = {"Idempotency-Key": "week-49"}
        first = house.submitted(headers=key)
        assert house.submitted(headers=key) == first
        second = house.submitted()
        places = [house.ask("GET", f"/v1/rotas/{name}").json()["queue_position"] for name in (first, second)]
        assert places == [1, 2]
        assert house.ask("POST", f"/v1/rotas/{second}/cancel").json()["state"] == "cancelled"
        assert house.solved() == first

        publish = f"/v1/rotas/{first}/publish"
        assert house.ask("POST", publish, headers={"If-Match": '"x"'}).status_code == 412
        assert house.ask("POST", publish, headers={"If-Match": house.tag(first)}).status_code == 200
        diary = house.ask("GET", "/v1/clinicians/c01/diary?week=2026-11-30").json()
        assert (diary["rota"], diary["publication"]) == (first, "published")
        assert b"STATUS:CONFIRMED" in house.client.get(house.feed()["url"]).content

        child = house.ask("POST", f"/v1/rotas/{first}/replan", json=a_request()).json()["id"]
        assert house.solved() == child
        assert house.ask("GET", f"/v1/rotas/{child}/diff").json()["changes"] == []
        told = house.ask("GET", f"/v1/rotas/{child}/events").text
        assert [line for line in told.splitlines() if line.startswith("event")] == [
            "event: state",
            "event: state",
            "event: progress",
            "event: end",
        ]
        batch = house.ask("POST", "/v1/batches", json={"requests": [a_request()] * 2}).json()
        assert batch["states"] == {"queued": 2}
        assert b'rota_jobs{state="done"} 2.0' in house.client.get("/metrics").content
