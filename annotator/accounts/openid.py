"""Signing in by an OpenID provider: to it and back (OpenID Connect Core 1.0, code flow with PKCE).

What a sign-in under way has to remember travels with the browser (Departure). The provider's
addresses and keys are asked for each time, so that keys which it has changed are known at once.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests.exceptions import RequestException

from annotator.core.errors import Forbidden, NotFound, Unavailable
from annotator.core.reasons import Code, Reason

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "ES256"]
# Clocks of two machines may differ by so much.
LEEWAY_SECONDS = 60
# A provider that is silent for longer counts as away.
TIMEOUT_SECONDS = 5.0
MAX_TEXT = 255


@dataclass(frozen=True, slots=True)
class Departure:
    """What has to be known when somebody comes back from the provider.

    `account`: who is signed in and wants to be connected; None: nobody, to sign in.
    """

    state: str
    nonce: str
    verifier: str
    then: str
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Who somebody is, as the provider says."""

    issuer: str
    subject: str
    username: str = ""
    display_name: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came back, and how they are signed out there again (empty: they are not)."""

    profile: Profile
    id_token: str
    end_session_endpoint: str


def depart(*, redirect_uri: str, then: str, account: int | None) -> tuple[str, Departure]:
    """The provider's address to go to, and what to remember. NotFound, Unavailable."""
    departure = Departure(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        then=then,
        account=account,
    )
    with _session(redirect_uri) as session:
        url, _ = session.create_authorization_url(
            _metadata(session)["authorization_endpoint"],
            state=departure.state,
            nonce=departure.nonce,
            code_verifier=departure.verifier,
        )
    return url, departure


def arrive(
    departure: Departure, answer: Mapping[str, str], *, redirect_uri: str, now: datetime
) -> Arrival:
    """Who came back with this answer of the provider; Forbidden for whom it can't be believed."""
    if not secrets.compare_digest(answer.get("state", "").encode(), departure.state.encode()):
        raise Forbidden(Reason(Code.SIGN_IN_EXPIRED))
    if "error" in answer or not answer.get("code"):
        log.info("The provider refused: %.200s", answer.get("error", "no code"))
        raise Forbidden(Reason(Code.PROVIDER_REFUSED))
    # RFC 9207: a provider that names itself in its answer is the one that was asked.
    if answer.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise Forbidden(Reason(Code.PROVIDER_UNTRUSTED))
    with _session(redirect_uri) as session:
        metadata = _metadata(session)
        try:
            return _arrival(session, metadata, departure, answer["code"], now)
        except (JoseError, AuthlibBaseError, LookupError, TypeError, ValueError) as error:
            log.warning("What the provider sent is not trusted: %r", error)
            raise Forbidden(Reason(Code.PROVIDER_UNTRUSTED)) from error
        except RequestException as error:
            log.warning("The provider is away: %s", error)
            raise Unavailable(Reason(Code.PROVIDER_AWAY)) from error


def sign_out_address(*, endpoint: str, id_token: str, back: str) -> str:
    """Where a browser ends the session at the provider too (RP-Initiated Logout 1.0)."""
    told = {
        "id_token_hint": id_token,
        "client_id": settings.OIDC_CLIENT_ID,
        "post_logout_redirect_uri": back,
    }
    return str(add_params_to_uri(endpoint, list(told.items())))


def _arrival(
    session: Any, metadata: Mapping[str, Any], departure: Departure, code: str, now: datetime
) -> Arrival:
    session.token_endpoint_auth_method = _client_authentication(metadata)
    token = session.fetch_token(
        metadata["token_endpoint"],
        grant_type="authorization_code",
        code=code,
        code_verifier=departure.verifier,
    )
    keys = _json(session, metadata["jwks_uri"])
    claims = _checked(token, keys, departure.nonce, now)
    if endpoint := metadata.get("userinfo_endpoint"):
        told = _json(session, endpoint, withhold_token=False)
        if told.get("sub") != claims["sub"]:
            raise ValueError("the user info is somebody else's")
        claims = {**told, **claims}
    return Arrival(
        _profile(claims), token["id_token"], str(metadata.get("end_session_endpoint", ""))
    )


def _client_authentication(metadata: Mapping[str, Any]) -> str:
    """How the provider is shown the secret: by HTTP basic, unless it only reads forms."""
    if not settings.OIDC_CLIENT_SECRET:
        return "none"
    # What is so where it says nothing (OpenID Connect Discovery 1.0, section 3).
    offered = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"


def _checked(token: Mapping[str, Any], keys: Any, nonce: str, now: datetime) -> Mapping[str, Any]:
    """The id token's claims: signed by the provider, for us, for this sign-in, now."""
    signing: Any = {"keys": [key for key in keys["keys"] if key.get("use", "sig") == "sig"]}
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set(signing), algorithms=ALGORITHMS)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": settings.OIDC_ISSUER},
            "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
        },
        params={
            "nonce": nonce,
            "client_id": settings.OIDC_CLIENT_ID,
            "access_token": token.get("access_token"),
        },
    )
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    return dict(claims)


def _profile(told: Mapping[str, Any]) -> Profile:
    subject = told["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_TEXT:
        raise ValueError("no subject")
    groups = told.get(settings.OIDC_GROUPS_CLAIM) or []
    return Profile(
        issuer=settings.OIDC_ISSUER,
        subject=subject,
        username=_text(told.get(settings.OIDC_USERNAME_CLAIM)),
        display_name=_text(told.get(settings.OIDC_DISPLAY_NAME_CLAIM)),
        groups=frozenset([groups] if isinstance(groups, str) else map(str, groups)),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _session(redirect_uri: str) -> Any:
    if not settings.OIDC_ISSUER:
        raise NotFound(Reason(Code.NO_PROVIDER))
    return OAuth2Session(
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET or None,
        scope=settings.OIDC_SCOPES,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
        # The access token is used once, at once.
        leeway=0,
    )


def _metadata(session: Any) -> Mapping[str, Any]:
    """What the provider says of itself; Unavailable, Forbidden when it is another."""
    address = settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration"
    try:
        metadata: Mapping[str, Any] = _json(session, address)
    except (RequestException, ValueError) as error:
        log.warning("The provider is away: %s", error)
        raise Unavailable(Reason(Code.PROVIDER_AWAY)) from error
    if metadata.get("issuer") != settings.OIDC_ISSUER:
        log.error("OIDC_ISSUER is %s, but it calls itself %.200s", address, metadata.get("issuer"))
        raise Forbidden(Reason(Code.PROVIDER_UNTRUSTED))
    return metadata


def _json(session: Any, address: str, *, withhold_token: bool = True) -> Any:
    answer = session.get(address, withhold_token=withhold_token)
    answer.raise_for_status()
    return answer.json()
