"""Routes of e-ID: to an identity provider, back from it, and its word that somebody signed out there."""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl

from litestar import Controller, Response, get, post
from litestar.exceptions import ServiceUnavailableException
from litestar.params import JSONBody, Parameter

from server.auth import door as doors
from server.auth import requests as http
from server.auth.cookies import door_cookie, door_cookie_name, no_door_cookie
from server.auth.door import AWAY, Answer, Door, DoorUnavailable, come_back, enter, sign_out_everywhere
from server.auth.id_token import Untrusted
from server.auth.limits import may_start
from server.auth.requests import AnyRequest, Auth
from server.auth.setup import AuthSetup
from server.auth.wire import GoTo, StartDoor
from server.errors import Refused

Key = Annotated[str, Parameter(max_length=32)]
SCREEN = "/sign-in"


class DoorRoutes(Controller):
    """`/auth/oidc/{key}`: one address for each provider, so that answers cannot be mixed up."""

    path = "/auth/oidc/{key:str}"
    tags = ("sign-in",)

    @post("/start", operation_id="oidc_start", status_code=200)
    async def start(self, request: AnyRequest, auth: Auth, key: Key, data: JSONBody[StartDoor]) -> Response[GoTo]:
        """The provider's address to open. 503 when it does not answer."""
        door = _door(auth, key)
        joining = await http.required_session(request, auth) if data.join else None
        now = auth.clock.now()
        started = None
        async with auth.engine.write() as tx:
            seconds = await may_start(tx, http.place(request), now)
            if not seconds:
                started = await doors.start(tx, key, next=data.next, lang=data.lang, joining=joining, now=now)
        http.wait(seconds)
        assert started is not None
        try:
            location = await door.begin(started.asking, now)
        except (DoorUnavailable, Untrusted) as fault:
            http.note("door_start_failed", key, str(fault))
            raise ServiceUnavailableException from fault
        return Response(
            GoTo(location=location),
            headers=http.NO_STORE,
            cookies=[door_cookie(started.secret, AWAY, secure=auth.secure)],
        )

    @get("/callback", operation_id="oidc_callback", status_code=303)
    async def callback(self, request: AnyRequest, auth: Auth, key: Key) -> Response[None]:
        """The way back. Ends on the page asked for, or on the sign-in screen with `?refused=<code>`."""
        _door(auth, key)
        now = auth.clock.now()
        try:
            return await _returned(request, auth, key, now)
        except Untrusted as fault:
            http.note("door_refused", key, str(fault))
            return _back(auth, "not_allowed")
        except DoorUnavailable as fault:
            http.note("door_unavailable", key, str(fault))
            return _back(auth, "unavailable")
        except Refused as refusal:
            http.note("door_refused", key, refusal.code)
            return _back(auth, refusal.code)

    @post("/back-channel", operation_id="oidc_back_channel", status_code=200)
    async def back_channel(self, request: AnyRequest, auth: Auth, key: Key) -> Response[None]:
        """The provider says that somebody signed out there: their e-ID sessions here end too. 400 for a bad
        token.
        """
        door = _door(auth, key)
        now = auth.clock.now()
        body = await request.body()
        try:
            subject = await door.signed_out(_logout_token(body), now)
        except DoorUnavailable as fault:
            http.note("door_unavailable", key, str(fault))
            raise ServiceUnavailableException from fault
        except Untrusted as fault:
            http.note("logout_token_refused", key, str(fault))
            raise Refused("invalid") from fault
        async with auth.engine.write() as tx:
            await sign_out_everywhere(tx, door.issuer, subject, now)
        http.note("signed_out_at_provider", key)
        return Response(None, status_code=200, headers=http.NO_STORE)


async def _returned(request: AnyRequest, auth: AuthSetup, key: str, now: datetime) -> Response[None]:
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in query and name in ("state", "code", "iss", "error"):
            raise Untrusted("a parameter came twice")
        query[name] = value
    # 1. The state is spent first, and for good, whatever else the answer says.
    async with auth.engine.write() as tx:
        returned = await come_back(
            tx, key, query.get("state", ""), request.cookies.get(door_cookie_name(secure=auth.secure)), now
        )
    if "error" in query or "code" not in query:
        return _back(auth, "cancelled")
    # 2. The provider is asked outside any transaction.
    person = await auth.doors[key].finish(Answer(query["code"], query.get("iss")), returned.asking, now)
    # 3. Only then is anything decided about this browser's session.
    current = await http.current_session(request, auth)
    async with auth.engine.write() as tx:
        session = await enter(
            tx,
            person,
            returned,
            current=current,
            is_verified=auth.is_verified,
            label=http.label(request),
            now=now,
        )
    return Response(
        None,
        status_code=303,
        headers={**http.NO_STORE, "location": auth.origin + returned.next},
        cookies=[http.begun(session, auth, now, by=key), no_door_cookie(secure=auth.secure)],
    )


def _logout_token(form: bytes) -> str:
    """The one field that counts, empty when it is not there. Raises: Untrusted for a form of very many fields."""
    try:
        return dict(parse_qsl(form.decode("latin-1"), max_num_fields=10)).get("logout_token", "")
    except ValueError as fault:
        raise Untrusted("form") from fault


def _door(auth: AuthSetup, key: str) -> Door:
    door = auth.doors.get(key)
    if door is None:
        raise Refused("not_found")
    return door


def _back(auth: AuthSetup, code: str) -> Response[None]:
    return Response(
        None,
        status_code=303,
        headers={**http.NO_STORE, "location": f"{auth.origin}{SCREEN}?refused={code}"},
        cookies=[no_door_cookie(secure=auth.secure)],
    )
