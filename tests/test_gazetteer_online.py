"""The online look-up against a geocoder on this machine: right, wrong, slow, broken and absent answers."""

from __future__ import annotations

import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from geo.errors import PlaceAmbiguous, PlaceError, PlaceNotFound
from geo.gazetteer import look_up_online, online

AGENT = "flightcase-tests (nobody@example.invalid)"
GROZNY = [{"lat": "43.3180", "lon": "45.6982", "display_name": "Grozny, Chechnya, Russia"}]
PARISES = [
    {"lat": "48.85", "lon": "2.35", "display_name": "Paris, France"},
    {"lat": "33.66", "lon": "-95.55", "display_name": "Paris, Texas"},
]


class Server(BaseHTTPRequestHandler):
    """Answers as it is told, and remembers who asked."""

    answer: ClassVar[tuple[int, bytes, float]] = (200, b"[]", 0.0)
    asked: ClassVar[list[tuple[str, str, float]]] = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["User-Agent"], time.monotonic()))
        status, body, delay = self.answer
        time.sleep(delay)
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the client has gone, as it should after its timeout

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("FLIGHTCASE_CACHE", str(tmp_path))
    monkeypatch.setattr(Server, "asked", [])
    monkeypatch.setattr(online, "_SECONDS_BETWEEN", 0.2)
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def ask(server, name="Grozny", answer=GROZNY, *, provider="nominatim", status=200, delay=0.0, timeout_s=5.0):
    Server.answer = (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode(), delay)
    return look_up_online(name, provider=provider, user_agent=AGENT, domain=server, scheme="http", timeout_s=timeout_s)


def test_a_place_is_found_once_and_then_kept(server):
    place = ask(server)
    assert (place.lat, place.lon, place.name.said("en"), place.kind) == (43.318, 45.6982, "Grozny", "point")
    assert place.asked is None  # the case file shall keep the position
    assert ask(server, status=500) == place
    assert [(path.startswith("/search?q=Grozny"), agent) for path, agent, _ in Server.asked] == [(True, AGENT)]


def test_photon_answers_too(server):
    answer = {
        "features": [
            {
                "geometry": {"type": "Point", "coordinates": [45.6982, 43.318]},
                "properties": {"name": "Grozny", "country": "Russia"},
            }
        ]
    }
    place = ask(server, answer=answer, provider="photon")
    assert (place.lat, place.lon) == (43.318, 45.6982)


def test_requests_keep_their_distance(server):
    for name in ("Grozny", "Baku", "Aktau"):
        ask(server, name)
    times = [at for _, _, at in Server.asked]
    assert len(times) == 3
    assert all(later - earlier >= 0.15 for earlier, later in itertools.pairwise(times))


def test_several_places_far_apart_are_a_question(server):
    with pytest.raises(PlaceAmbiguous, match=r"Paris, Texas: write \{ lat = 33.6600, lon = -95.5500 \}"):
        ask(server, "Paris", PARISES)
    with pytest.raises(PlaceAmbiguous):
        ask(server, "Paris", [])  # from what was kept


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"status": 429},
        {"status": 403},
        {"answer": b""},
        {"answer": b"<html>captive portal</html>"},
        {"answer": b'{"features"'},
        {"answer": {"unexpected": []}},
        {"answer": [{"lat": "north", "lon": "east", "display_name": "x"}]},
        {"answer": [{"lat": "95", "lon": "0", "display_name": "x"}]},
        {"answer": [{"lat": "NaN", "lon": "0", "display_name": "x"}]},
        {"answer": [{}]},
        {"answer": [None]},
        {"answer": b"\xff\xfe\x00"},
        {"answer": []},
    ],
)
@pytest.mark.parametrize("provider", ["nominatim", "photon"])
def test_whatever_goes_wrong_is_a_place_not_found_and_is_not_kept(server, tmp_path, broken, provider):
    with pytest.raises(PlaceNotFound, match=provider) as caught:
        ask(server, provider=provider, **broken)
    assert caught.value.query == "Grozny"
    assert not list(tmp_path.rglob("*.json"))


def test_a_server_that_does_not_answer_in_time(server):
    with pytest.raises(PlaceNotFound, match="did not answer"):
        ask(server, delay=2.0, timeout_s=0.2)


def test_no_server_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("FLIGHTCASE_CACHE", str(tmp_path))
    with pytest.raises(PlaceError, match="did not answer"):
        look_up_online("Grozny", user_agent=AGENT, domain="127.0.0.1:9", scheme="http", timeout_s=0.5)
    assert not list(tmp_path.rglob("*.json"))


def test_a_kept_answer_that_is_broken_is_asked_for_again(server, tmp_path):
    place = ask(server)
    (kept,) = tmp_path.rglob("*.json")
    for content in ("", "{", '{"answers": [{"address": "x", "lat": 99, "lon": 0}]}', '{"answers": []}', "[]", "null"):
        kept.write_text(content, encoding="utf-8")
        assert ask(server) == place


def test_a_cache_that_cannot_be_written_does_not_matter(server, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLIGHTCASE_CACHE", str(tmp_path / "file" / "cache"))
    assert ask(server).lat == 43.318


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"name": ""}, "empty"),
        ({"name": "x" * 500}, "characters"),
        ({"provider": "google"}, "nominatim or photon"),
        ({"user_agent": "  "}, "user_agent"),
    ],
)
def test_what_is_not_asked_properly_is_not_asked(server, arguments, says):
    with pytest.raises(PlaceNotFound, match=says):
        look_up_online(**{"name": "Grozny", "user_agent": AGENT, "domain": server, "scheme": "http", **arguments})
    assert Server.asked == []
