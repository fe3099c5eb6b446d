"""What a value in the file of settings has to be; each check gives it as it is used, or says what to write."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geo.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Checks = Mapping[str, Callable[[Any], Any]]

_HOST: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])"


def is_loopback(address: str) -> bool:
    """Whether an address is one of this machine that others cannot reach."""
    if address.lower() == "localhost":
        return True
    try:
        number = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    # A server on :: sees who comes by IPv4 as ::ffff:127.0.0.1.
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback


def table(found: object, name: str, checks: Checks, problems: list[Problem]) -> dict[str, Any]:
    """The values of one table that are right; what is wrong is added to the problems."""
    if not isinstance(found, dict):
        problems.append(Problem(name, f"this is a table; write [{name}] on a line of its own"))
        return {}
    given: dict[str, Any] = {}
    for key, value in found.items():
        where = f"{name}.{key}"
        check = checks.get(key)
        if check is None:
            problems.append(Problem(where, f"there is no such setting; [{name}] has {', '.join(checks)}"))
            continue
        try:
            given[key] = check(value)
        except ValueError as wrong:
            problems.append(Problem(where, str(wrong)))
    return given


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{_shown(value)} is neither true nor false; write one of them, without quotes")  # noqa: TRY004  a check has one error
    return value


def number(value: object, allowed: range, example: int) -> int:
    """A whole number of a range."""
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise ValueError(f"{_shown(value)} is no number from {allowed[0]} to {allowed[-1]}; write {example}")
    return value


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{_shown(value)} is no text; write it in quotes")
    return value.strip()


def address(value: object) -> str:
    """A name or number to listen on."""
    written = text(value)
    if not re.fullmatch(_HOST, written) and not is_loopback(written):
        try:
            ipaddress.ip_address(written)
        except ValueError:
            told = f"{_shown(value)} is no address to listen on; write 127.0.0.1 for this machine, 0.0.0.0 for all"
            raise ValueError(told) from None
    return written


def base_path(value: object) -> str:
    """A path without slashes around it, or nothing."""
    if value == "":
        return ""
    written = text(value).strip("/")
    if not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", written):
        raise ValueError(f"{_shown(value)} is no path; write letters, digits and - between slashes: newsroom/flights")
    return written


def url(value: object) -> str:
    """An address that readers can go to, without a slash at its end."""
    written = text(value).rstrip("/")
    if not re.fullmatch(rf"https?://{_HOST}(:\d{{1,5}})?(/[A-Za-z0-9_/-]*)?", written):
        raise ValueError(f"{_shown(value)} is no public address; write it as readers do: https://cases.example.org")
    return written


def ancestors(value: object) -> tuple[str, ...]:
    """Sites, as a Content-Security-Policy names them."""
    rule = rf"\*|https?://(\*\.)?{_HOST}(:(\d{{1,5}}|\*))?"
    if not isinstance(value, list):
        raise ValueError(f'{_shown(value)} is no list of sites; write ["https://www.example.org"]')  # noqa: TRY004  a check has one error
    wrong = [each for each in value if not isinstance(each, str) or not re.fullmatch(rule, each)]
    if wrong:
        raise ValueError(
            f"{', '.join(map(_shown, wrong))} is no site; write scheme and host alone, as https://www.example.org or "
            'https://*.example.org, or "*" for all'
        )
    return tuple(value)


def allowed(value: object) -> tuple[str, ...]:
    """E-mail addresses and domains, in small letters."""
    rule = r"\*|[^@\s]*@[^@\s]+\.[^@\s]+"
    if not isinstance(value, list) or not value:
        raise ValueError('write who may sign in: ["@example.org", "anna@example.com"], or ["*"] for all it knows')
    wrong = [each for each in value if not isinstance(each, str) or not re.fullmatch(rule, each)]
    if wrong:
        told = ", ".join(map(_shown, wrong))
        raise ValueError(
            f"{told} is neither an e-mail address nor @ with a domain; write anna@example.com, @example.org"
        )
    return tuple(each.casefold() for each in value)


def metadata(value: object) -> str:
    """The address at which a provider of OpenID Connect describes itself."""
    written = text(value)
    parts = urlsplit(written)
    if not re.fullmatch(rf"https?://{_HOST}(:\d{{1,5}})?/[^\s]*", written):
        raise ValueError(
            f"{_shown(value)} is no address; write the provider's, which ends in /.well-known/openid-configuration"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(f"{_shown(value)} can be read and changed on its way; write https://")
    return written


def _shown(value: object) -> str:
    return repr(value)[:80]
