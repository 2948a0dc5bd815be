"""A small identity provider on this machine, which can be told to lie in its tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "yinqi", "a secret of the client & more"


@dataclass
class LocalProvider:
    """What it says, and how it lies.

    Parameters
    ----------
    now
        Seconds since 1970 that its tokens are made at.
    claims
        Claims that replace those of an honest token; None leaves one out.
    userinfo
        What the endpoint for claims tells; None if it is not told of.
    sign
        Makes the token of claims; None signs honestly.
    """

    now: int
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    sign: Any = None
    issuer: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    is_down: bool = False
    num_tokens: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))

    def authorise(self, query: dict[str, str]) -> str:
        """Return where a browser is sent back to, everybody being let in."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def tokens(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Change a code for tokens, once, for whoever knows the verifier and the secret."""
        asked = self._codes.pop(form["code"], None)
        known = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or known != f"{CLIENT_ID}:{CLIENT_SECRET}"
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        self.num_tokens += 1
        claims = {
            "iss": self.issuer,
            "sub": "8a6f1c",
            "aud": CLIENT_ID,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = (self.sign or self.honestly)(claims)
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": token}

    def honestly(self, claims: dict[str, Any]) -> str:
        """Sign by the key that is published."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def by_another_key(self, claims: dict[str, Any]) -> str:
        """Sign by a key that is not published, under the name of the one that is."""
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, claims, RSAKey.generate_key(2048))

    def by_nothing(self, claims: dict[str, Any]) -> str:
        """Sign not at all (``alg: none``)."""
        return f"{_part({'alg': 'none'})}.{_part(claims)}."

    def by_the_public_key(self, claims: dict[str, Any]) -> str:
        """Sign by HMAC with what everybody can read, hoping that it is taken for the key."""
        signed = f"{_part({'alg': 'HS256', 'kid': self.key.kid})}.{_part(claims)}"
        digest = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    def altered(self, claims: dict[str, Any]) -> str:
        """Sign honestly, and change who it is afterwards."""
        header, _, signature = self.honestly(claims).split(".")
        return f"{header}.{_part({**claims, 'sub': 'somebody else'})}.{signature}"

    def app(self) -> FastAPI:
        """Return it as an app."""
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def metadata() -> Any:
            if self.is_down:
                return JSONResponse({}, 500)
            told = {"userinfo_endpoint": f"{self.issuer}/me"} if self.userinfo is not None else {}
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **told,
                **self.metadata,
            }

        @app.get("/keys")
        def keys() -> Any:
            return KeySet([self.key]).as_dict(private=False)

        @app.get("/authorise")
        def authorise(request: Request) -> RedirectResponse:
            return RedirectResponse(self.authorise(dict(request.query_params)), 303)

        @app.post("/token")
        async def token(request: Request) -> JSONResponse:
            form = {name: one for name, (one,) in parse_qs((await request.body()).decode()).items()}
            status, content = self.tokens(form, request.headers.get("authorization", ""))
            return JSONResponse(content, status)

        @app.get("/me")
        def me(request: Request) -> Any:
            assert request.headers["authorization"] == "Bearer an access token"
            return self.userinfo

        return app


@contextmanager
def provider_at(now: int) -> Iterator[LocalProvider]:
    """Serve a provider on the loopback address."""
    provider = LocalProvider(now)
    config = uvicorn.Config(
        provider.app(), host="127.0.0.1", port=0, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()


def query_of(url: str) -> dict[str, str]:
    """Return the query of a URL."""
    return {name: one for name, (one,) in parse_qs(urlsplit(url).query).items()}


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
