"""The identity provider as we talk to it: where to send people, and who came back.

The code flow with PKCE. What counts is the signed ID token, fetched by us from the provider:
its signature by a key that the provider publishes now, its issuer, audience, time and nonce.

References
----------
OpenID Connect Core 1.0, 3.1 (code flow) and 3.1.3.7 (validation of the ID token); OpenID
Connect Discovery 1.0, 4; RFC 7636 (PKCE).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from matcher.services.accounts.errors import ProviderLoginError, ProviderUnreachableError
from matcher.services.accounts.provider_http import ProviderHttp

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make; never ``none``, nor one by a shared secret."""

_LEEWAY_SECONDS = 60
_MAX_SUBJECT = 255
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """The identity provider, and who we are to it.

    Parameters
    ----------
    issuer
        Its URL, with https unless it is on this machine.
    client_secret
        Empty for a client without one.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "email")


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties an answer to the browser that asked: state, nonce and the verifier of PKCE."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came back.

    Parameters
    ----------
    subject
        ``issuer|subject``, which never changes.
    email
        None unless the provider says that it was verified.
    """

    subject: str
    email: str | None


class Provider:
    """Talks to the identity provider; remembers nothing between two logins.

    Parameters
    ----------
    redirect_url
        Where it sends people back to.
    """

    def __init__(self, settings: ProviderSettings, redirect_url: str) -> None:
        self._settings = settings
        self._redirect_url = redirect_url

    def login_url(self, ties: Ties) -> str:
        """Return where to send somebody who wants to log in.

        Raises
        ------
        ProviderUnreachableError
            If the provider does not say where that is.
        """
        with ProviderHttp() as http:
            endpoint = self._metadata(http)["authorization_endpoint"]
        url: str = prepare_grant_uri(
            endpoint,
            self._settings.client_id,
            "code",
            redirect_uri=self._redirect_url,
            scope=" ".join(self._settings.scopes),
            state=ties.state,
            nonce=ties.nonce,
            code_challenge=create_s256_code_challenge(ties.verifier),
            code_challenge_method="S256",
        )
        return url

    def identity(self, code: str, ties: Ties, now: datetime) -> Identity:
        """Return who somebody is who came back with a code.

        Raises
        ------
        ProviderLoginError
            If the code, or what it was changed for, does not hold.
        ProviderUnreachableError
            If the provider does not answer, or not as one.
        """
        with ProviderHttp() as http:
            metadata = self._metadata(http)
            tokens = self._tokens(http, metadata, code, ties)
            claims = self._claims(tokens, http.get(metadata["jwks_uri"]), ties, now)
            told = self._told_besides(http, metadata, tokens, claims)
        email = told.get("email") if told.get("email_verified") is True else None
        subject = f"{self._settings.issuer}|{claims['sub']}"
        return Identity(subject, email if isinstance(email, str) else None)

    def _metadata(self, http: ProviderHttp) -> dict[str, Any]:
        issuer = self._settings.issuer
        found = http.get(issuer.rstrip("/") + "/.well-known/openid-configuration")
        endpoints = [found.get(name) for name in _ENDPOINTS]
        if found.get("issuer") != issuer or not all(isinstance(one, str) for one in endpoints):
            raise ProviderUnreachableError
        return found

    def _tokens(
        self, http: ProviderHttp, metadata: Mapping[str, Any], code: str, ties: Ties
    ) -> dict[str, Any]:
        """Change a code for tokens; only whoever knows the verifier can."""
        body = prepare_token_request(
            "authorization_code",
            code=code,
            redirect_uri=self._redirect_url,
            code_verifier=ties.verifier,
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        own = self._settings
        auth = ClientAuth(own.client_id, own.client_secret, self._auth_method(metadata))
        url, headers, body = auth.prepare("POST", metadata["token_endpoint"], headers, body)
        return http.post(url, {**headers, "Accept": "application/json"}, body)

    def _auth_method(self, metadata: Mapping[str, Any]) -> str:
        if not self._settings.client_secret:
            return "none"
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"

    def _claims(
        self, tokens: Mapping[str, Any], keys: Any, ties: Ties, now: datetime
    ) -> Mapping[str, Any]:
        """Return the claims of the ID token; there are none of one that does not hold."""
        own = self._settings
        try:
            token = jwt.decode(
                str(tokens.get("id_token")), KeySet.import_key_set(keys), algorithms=ALGORITHMS
            )
            claims: Any = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": own.issuer},
                    "aud": {"essential": True, "value": own.client_id},
                    "sub": {"essential": True},
                },
                {
                    "nonce": ties.nonce,
                    "client_id": own.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(int(now.timestamp()), _LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError):
            raise ProviderLoginError from None
        found: Mapping[str, Any] = claims
        if not _is_subject(found["sub"]):
            raise ProviderLoginError
        return found

    def _told_besides(
        self,
        http: ProviderHttp,
        metadata: Mapping[str, Any],
        tokens: Mapping[str, Any],
        claims: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Return the claims, with those of the endpoint for them where the e-mail stands there."""
        endpoint, token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
        if "email" in claims or not isinstance(endpoint, str) or not isinstance(token, str):
            return claims
        told = http.get(endpoint, token)
        return told if told.get("sub") == claims["sub"] else claims


def _is_subject(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_SUBJECT and value.isprintable()
