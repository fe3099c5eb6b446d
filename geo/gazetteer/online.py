"""Look a place up online, when asked to: Nominatim or Photon through geopy, one request a second, every answer kept.

Nothing else in the package calls this. It needs the network, so whatever goes wrong is a ``PlaceError`` that says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from geo import resources
from geo.errors import PlaceAmbiguous, PlaceNotFound
from geo.gazetteer.lookup import fault
from geo.gazetteer.near import near
from geo.gazetteer.wording import shown
from geo.model import Place, Text

if TYPE_CHECKING:
    from collections.abc import Callable

Provider = Literal["nominatim", "photon"]

_DOMAINS: Final = {"nominatim": "nominatim.openstreetmap.org", "photon": "photon.komoot.io"}
# Nominatim's rule of use; Photon asks for restraint without a number.
_SECONDS_BETWEEN: Final = 1.0
_ASKED_FOR: Final = 5
# Answers this close together are one place: a city, its administration, its railway station.
_ONE_PLACE_KM: Final = 30.0
_REQUESTING: Final = threading.Lock()


class _Answer(NamedTuple):
    """One answer of a provider: what it says the place is, WGS 84 degrees."""

    address: str
    lat: float
    lon: float


def look_up_online(
    name: str,
    *,
    provider: Provider = "nominatim",
    user_agent: str,
    domain: str | None = None,
    scheme: Literal["https", "http"] = "https",
    timeout_s: float = 5.0,
) -> Place:
    """The place that a geocoder on the network finds for ``name``.

    ``user_agent`` names the application and how to reach its operator, as the providers' rules of use demand.
    ``domain`` and ``scheme`` lead to a server of one's own. A place once found is kept in the cache folder and not
    asked for again; requests go out one a second at most. The place has no ``asked``: a case file keeps its position,
    since the gazetteer would not find it again.

    Raises:
        PlaceNotFound: the provider knows no such place, cannot be reached, or answers with something else.
        PlaceAmbiguous: it knows several, too far apart to be one; they are listed with their positions.
    """
    if complaint := fault(name):
        raise PlaceNotFound(name, complaint)
    if provider not in _DOMAINS:
        raise PlaceNotFound(name, f'"{provider}" is no geocoder that is known here; write nominatim or photon')
    if not user_agent.strip():
        raise PlaceNotFound(
            name, f"{provider} wants to know who asks; give user_agent, the application and a way to reach its operator"
        )
    server = f"{scheme}://{domain or _DOMAINS[provider]}"
    kept = (
        resources.cache_folder()
        / "online"
        / f"{hashlib.sha256(json.dumps([provider, server, name]).encode()).hexdigest()}.json"
    )
    answers = _read(kept)
    if answers is None:
        answers = _request(name, provider, server, user_agent, timeout_s)
        if answers:
            _keep(kept, name, server, answers)
    return _one(name, provider, answers)


def _request(name: str, provider: Provider, server: str, user_agent: str, timeout_s: float) -> list[_Answer]:
    try:
        with _REQUESTING:
            located = _geocoder(provider, server, user_agent)(
                name, exactly_one=False, limit=_ASKED_FOR, timeout=timeout_s
            )
        return [_answer(one.address, one.latitude, one.longitude) for one in located or ()]
    except Exception as failed:  # a foreign parser meets a foreign answer, and nothing of either may break a case
        why = str(failed).partition("\n")[0][:200] or type(failed).__name__
        raise PlaceNotFound(
            name, f'{provider} did not answer for "{shown(name)}" ({why}); try again later, or give lat and lon'
        ) from failed


def _answer(address: object, lat: object, lon: object) -> _Answer:
    """An answer whose position exists.

    Raises:
        ValueError: where it does not.
    """
    answer = _Answer(str(address), float(str(lat)), float(str(lon)))
    if not (abs(answer.lat) <= 90 and abs(answer.lon) <= 180):  # noqa: PLR2004  the poles and the antimeridian; NaN is neither
        raise ValueError(f"{answer.lat}, {answer.lon} is no position")
    return answer


@cache
def _geocoder(provider: Provider, server: str, user_agent: str) -> Callable[..., Any]:
    """The geocoder's function behind its rate limiter; one for the whole process, or the limit would not hold."""
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim, Photon

    scheme, _, domain = server.partition("://")
    kind = {"nominatim": Nominatim, "photon": Photon}[provider]
    geocoder = kind(user_agent=user_agent, domain=domain, scheme=scheme)
    limited: Callable[..., Any] = RateLimiter(
        geocoder.geocode, min_delay_seconds=_SECONDS_BETWEEN, max_retries=0, swallow_exceptions=False
    )
    return limited


def _one(name: str, provider: Provider, answers: list[_Answer]) -> Place:
    if not answers:
        raise PlaceNotFound(
            name, f'{provider} knows no place called "{shown(name)}"; try another spelling, or give lat and lon'
        )
    first = answers[0]
    if all(near(first.lat, first.lon, other.lat, other.lon, _ONE_PLACE_KM) for other in answers[1:]):
        return Place(name=Text(first.address.partition(",")[0].strip()), lat=first.lat, lon=first.lon)
    choices = [f"{answer.address}: write {{ lat = {answer.lat:.4f}, lon = {answer.lon:.4f} }}" for answer in answers]
    raise PlaceAmbiguous(name, f'{provider} knows several places called "{shown(name)}"; say which:', choices)


def _read(kept: Path) -> list[_Answer] | None:
    """The answers of an earlier request; one that cannot be read is asked for again."""
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        return [_answer(one["address"], one["lat"], one["lon"]) for one in content["answers"]] or None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(kept: Path, name: str, server: str, answers: list[_Answer]) -> None:
    """Keep the answers where the folder can be written; without, the next request asks again."""
    content = {
        "name": name,
        "server": server,
        "retrieved": datetime.now(UTC).isoformat(timespec="seconds"),
        "answers": [answer._asdict() for answer in answers],
    }
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=kept.parent, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(content, stream, ensure_ascii=False)
        Path(draft).replace(kept)
