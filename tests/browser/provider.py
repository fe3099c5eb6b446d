"""A small OpenID Connect provider on this machine: everybody who comes is who ``person`` says, and consents."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = "flightcase"
SECRET = "a secret of the tests"  # noqa: S105  and of nobody else


class Provider:
    """The provider; ``person`` holds the claims of whoever signs in next, ``seen`` the paths that were asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.person: dict[str, Any] = {}
        self.seen: list[str] = []
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, tuple[str, str, dict[str, Any]]] = {}

    @property
    def metadata(self) -> str:
        """Where the provider describes itself."""
        return f"{self.address}/.well-known/openid-configuration"

    def described(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        return {"keys": [self._key.as_dict(private=False)]}

    def consent(self, asked: dict[str, str]) -> str:
        """Where a browser is sent that came to sign in."""
        if asked["client_id"] != CLIENT or "openid" not in asked["scope"] or asked["code_challenge_method"] != "S256":
            raise ValueError(f"this is not how to ask: {asked}")
        code = secrets.token_urlsafe()
        self._codes[code] = (asked["redirect_uri"], asked["nonce"], dict(self.person))
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        """What the server gets for the code that the browser brought."""
        redirect, nonce, person = self._codes.pop(asked["code"])
        if asked["redirect_uri"] != redirect or not asked["code_verifier"]:
            raise ValueError("this code is for another address")
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": nonce, **person}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.provider.seen.append(parts.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.consent(_single(parts.query)))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        given = {"/jwks": self.provider.keys, "/.well-known/openid-configuration": self.provider.described}
        self._say(given[parts.path]() if parts.path in given else {}, 200 if parts.path in given else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.provider.seen.append(self.path)
        self._say(self.provider.token(_single(body)), 200)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _say(self, what: dict[str, Any], status: int) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def providing() -> Iterator[Provider]:
    """Run a provider until the block ends."""

    class Handler(_Handler):
        """Answers for this one provider."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
