"""Reading requests and writing answers of sign-in: the cookie, the place they come from, and faults in
bodies.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import SkipValidation

from server import metrics
from server.auth.cookies import no_session_cookie, session_cookie, session_cookie_name
from server.auth.labels import device_label
from server.auth.limits import Place, place_of
from server.auth.sessions import NewSession, SignedIn, signed_in
from server.auth.setup import AuthSetup
from server.errors import Refused, field_code
from server.logs import get_logger

Auth = NamedDependency[SkipValidation[AuthSetup]]
AnyRequest = Request[Any, Any, Any]

NO_STORE: Mapping[str, str] = {"cache-control": "no-store"}
LARGEST_BODY = 131_072


def session_token(request: AnyRequest, auth: AuthSetup) -> str | None:
    """The token in the session's cookie."""
    return request.cookies.get(session_cookie_name(secure=auth.secure))


async def current_session(request: AnyRequest, auth: AuthSetup) -> SignedIn | None:
    """The session of this request, ended or not; None without one."""
    return await signed_in(auth.engine, session_token(request, auth), auth.clock.now())


async def required_session(request: AnyRequest, auth: AuthSetup) -> SignedIn:
    """The live session of this request. Raises: Refused `not_signed_in`, with what the device shall do if it
    was ended.
    """
    found = await current_session(request, auth)
    if found is None:
        raise Refused("not_signed_in")
    if found.ended is not None:
        raise Refused("not_signed_in", data={"reason": found.ended})
    return found


def live(found: SignedIn | None) -> SignedIn | None:
    """The session if it lives."""
    return found if found is not None and found.ended is None else None


def place(request: AnyRequest) -> Place:
    """Where the request comes from, for counting."""
    return place_of(request.client.host if request.client else None)


def label(request: AnyRequest) -> str:
    """What the device is called in its person's list."""
    return device_label(request.headers.get("user-agent"))


def wait(seconds: int) -> None:
    """Raises: Refused `rate_limited` when there are seconds to wait."""
    if seconds:
        raise Refused("rate_limited", data={"retry_after_ms": seconds * 1000})


def done(*cookies: Cookie) -> Response[None]:
    """204, with cookies."""
    return Response(None, status_code=204, headers=NO_STORE, cookies=list(cookies))


def begun(session: NewSession, auth: AuthSetup, now: datetime, *, by: str) -> Cookie:
    """The cookie of a session just made or stepped up; noted in the log with the way it came about."""
    note("signed_in", by)
    return session_cookie(session.token, session.absolute_until - now, secure=auth.secure)


def note(event: str, kind: str, reason: str | None = None) -> None:
    """One line in the security log: what happened and by which way, never who or what was typed.

    With a `reason` it is a refusal, and counted.
    """
    if reason is not None:
        metrics.auth_failure(kind)
    write = get_logger().info if reason is None else get_logger().warning
    write(event, kind=kind, reason=reason)


def ended(auth: AuthSetup) -> Cookie:
    """The cookie that takes the session's away."""
    return no_session_cookie(secure=auth.secure)


def on_invalid(_request: AnyRequest, error: ValidationException) -> Response[dict[str, Any]]:
    """A body of the wrong shape: 400 `invalid`, which fields and how, never what was in them."""
    faults = getattr(error.__cause__, "errors", None)
    fields: dict[str, str] = {}
    for fault in faults if isinstance(faults, list) else []:
        kind, path = str(fault.get("type", "")), [str(part) for part in fault.get("loc", ())]
        path = path[1:] if path[:1] == ["data"] else path
        # A key nobody knows is the sender's own text: it is not repeated.
        name = "?" if kind == "extra_forbidden" or not path else path[0]
        fields[name] = field_code(kind)
    return Response(
        {"code": "invalid", "fields": fields or None},
        status_code=400,
        headers=NO_STORE,
        media_type="application/json",
    )
