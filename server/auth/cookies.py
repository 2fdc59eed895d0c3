"""Cookies: the session's, and the short one that ties an e-ID sign-in to the browser that began it.

Over TLS both carry the `__Host-` prefix: the browser then takes them only with Secure, for this very host and
the whole path, so that a neighbouring host can neither plant nor shadow them. Over http on loopback (demo,
development) a browser would refuse Secure cookies, so there the names are plain.
"""

from __future__ import annotations

from datetime import timedelta

from litestar.datastructures import Cookie


def session_cookie_name(*, secure: bool) -> str:
    """`__Host-sid`, or `sid` over http on loopback."""
    return "__Host-sid" if secure else "sid"


def door_cookie_name(*, secure: bool) -> str:
    """Name of the cookie that lives from the start of an e-ID sign-in to its return."""
    return "__Host-door" if secure else "door"


def session_cookie(token: str, lifetime: timedelta, *, secure: bool) -> Cookie:
    """The session's cookie. It outlives the browser: the app is opened daily and used offline."""
    return _cookie(session_cookie_name(secure=secure), token, int(lifetime.total_seconds()), secure)


def no_session_cookie(*, secure: bool) -> Cookie:
    """Takes the session's cookie away."""
    return _cookie(session_cookie_name(secure=secure), "", 0, secure)


def door_cookie(secret: str, lifetime: timedelta, *, secure: bool) -> Cookie:
    """The cookie without which an answer from an identity provider is refused."""
    return _cookie(door_cookie_name(secure=secure), secret, int(lifetime.total_seconds()), secure)


def no_door_cookie(*, secure: bool) -> Cookie:
    """Takes it away again."""
    return _cookie(door_cookie_name(secure=secure), "", 0, secure)


def _cookie(name: str, value: str, max_age: int, secure: bool) -> Cookie:
    # Lax, not Strict: a link in a reminder and the way back from an identity provider must arrive signed in.
    return Cookie(key=name, value=value, max_age=max_age, path="/", httponly=True, secure=secure, samesite="lax")
