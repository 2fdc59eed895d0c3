"""Routes of sign-in: who am I, which ways in, invitations, seats, devices, and the way out."""

from typing import Annotated

from litestar import Controller, Response, Router, get, post
from litestar.di import Provide
from litestar.exceptions import ValidationException
from litestar.params import FromQuery, JSONBody, Parameter

from server.auth import requests as http
from server.auth.demo_routes import DemoRoutes
from server.auth.door_routes import DoorRoutes
from server.auth.invitations import redeem, refuse_unredeemed
from server.auth.passkey_routes import PasskeyRoutes
from server.auth.people import live_seats
from server.auth.requests import AnyRequest, Auth
from server.auth.sessions import devices, end_session
from server.auth.setup import AuthSetup
from server.auth.signin import switch_seat
from server.auth.wire import DeviceOut, Devices, EidWay, Me, Redeem, SeatOut, SwitchSeat, Ways
from server.errors import Refused

SessionId = Annotated[str, Parameter(max_length=64)]


class SessionRoutes(Controller):
    """`/auth`: the person's own session and devices."""

    path = "/auth"
    tags = ("sign-in",)

    @get("/me", operation_id="auth_me")
    async def me(self, request: AnyRequest, auth: Auth, quiet: FromQuery[bool] = False) -> Response[Me | None]:
        """Who is signed in; 401 when nobody is, or 204 when asked quietly: browsers tell every 401 as an error."""
        if quiet and http.session_token(request, auth) is None:
            return Response(None, status_code=204, headers=http.NO_STORE)
        found = await http.required_session(request, auth)
        async with auth.engine.read() as tx:
            seats = await live_seats(tx, found.actor.account)
            labels = {seat.id: await auth.seat_label(tx, seat) for seat in seats}
        actor = found.actor
        body = Me(
            account=actor.account,
            seat=actor.seat,
            kind=str(actor.kind),
            name=actor.name,
            lang=actor.lang,
            assurance=actor.assurance.text,
            session=found.session_id,
            functions=sorted(actor.functions),
            seats=[SeatOut(id=seat.id, kind=str(seat.kind), unit=seat.unit, label=labels[seat.id]) for seat in seats],
        )
        return Response(body, headers=http.NO_STORE)

    @get("/ways", operation_id="auth_ways")
    async def ways(self, auth: Auth) -> Response[Ways]:
        """The ways to sign in here."""
        doors = [EidWay(key=door.key, name=door.name) for door in auth.doors.values()]
        return Response(Ways(eid=doors, passkey=True, demo=auth.demo), headers=http.NO_STORE)

    @post("/sign-out", operation_id="auth_sign_out", status_code=204)
    async def sign_out(self, request: AnyRequest, auth: Auth) -> Response[None]:
        """Ends this session; the same answer when there was none."""
        found = http.live(await http.current_session(request, auth))
        if found is not None:
            async with auth.engine.write() as tx:
                await end_session(tx, found.session_id, "signed_out", auth.clock.now())
            http.note("session_ended", "signed_out")
        return http.done(http.ended(auth))

    @post("/seat", operation_id="auth_seat", status_code=204)
    async def seat(self, request: AnyRequest, auth: Auth, data: JSONBody[SwitchSeat]) -> Response[None]:
        """Switches to another seat of the same person: a new session, the old one ended."""
        found = await http.required_session(request, auth)
        now = auth.clock.now()
        async with auth.engine.write() as tx:
            session = await switch_seat(
                tx, found, data.seat, is_verified=auth.is_verified, label=http.label(request), now=now
            )
        if session is None:
            raise Refused("not_found")
        return http.done(http.begun(session, auth, now, by="seat"))

    @post("/invitation/redeem", operation_id="auth_redeem", status_code=204)
    async def redeem(self, request: AnyRequest, auth: Auth, data: JSONBody[Redeem]) -> Response[None]:
        """Comes in by an invitation. 404 alike for unknown, used and expired; 429 when guessing must
        pause.
        """
        current = http.live(await http.current_session(request, auth))
        if data.join and current is None:
            raise Refused("not_signed_in")
        now = auth.clock.now()
        async with auth.engine.write() as tx:
            outcome = await redeem(
                tx,
                token=data.token,
                code=data.code,
                place=http.place(request),
                label=http.label(request),
                now=now,
                on_redeemed=auth.on_redeemed,
                joining=current if data.join else None,
                replaced=current,
            )
        if outcome.session is None:
            http.note("sign_in_refused", "invitation", "rate_limited" if outcome.retry_after_s else "not_found")
        return http.done(http.begun(refuse_unredeemed(outcome), auth, now, by="invitation"))

    @get("/sessions", operation_id="auth_sessions")
    async def sessions(self, request: AnyRequest, auth: Auth) -> Response[Devices]:
        """The devices this person is signed in on."""
        found = await http.required_session(request, auth)
        async with auth.engine.read() as tx:
            listed = await devices(tx, found.actor.account, auth.clock.now())
        body = [
            DeviceOut(
                id=device.id,
                label=device.label,
                seat=device.seat,
                assurance=device.assurance,
                created_at=device.created_at,
                seen_at=device.seen_at,
                current=device.id == found.session_id,
            )
            for device in listed
        ]
        return Response(Devices(sessions=body), headers=http.NO_STORE)

    @post("/sessions/{session_id:str}/end", operation_id="auth_end_session", status_code=204)
    async def end(self, request: AnyRequest, auth: Auth, session_id: SessionId) -> Response[None]:
        """Ends one of one's own sessions. Another device is forgotten (it erases everything); this one is
        signed out.
        """
        found = await http.required_session(request, auth)
        now = auth.clock.now()
        async with auth.engine.write() as tx:
            listed = [device.id for device in await devices(tx, found.actor.account, now)]
            if session_id not in listed:
                raise Refused("not_found")
            own = session_id == found.session_id
            await end_session(tx, session_id, "signed_out" if own else "wipe", now)
        http.note("session_ended", "signed_out" if own else "wipe")
        return http.done(http.ended(auth)) if own else http.done()


def auth_routes(setup: AuthSetup) -> Router:
    """Everything under `/auth`. Wrap the whole application in `guard.SiteGuard` as well: it is not done
    here.
    """
    handlers: list[type[Controller]] = [SessionRoutes, PasskeyRoutes, DoorRoutes]
    if setup.demo:
        handlers.append(DemoRoutes)
    return Router(
        path="/",
        route_handlers=handlers,
        dependencies={"auth": Provide(lambda: setup, sync_to_thread=False)},
        exception_handlers={ValidationException: http.on_invalid},
        request_max_body_size=http.LARGEST_BODY,
    )
