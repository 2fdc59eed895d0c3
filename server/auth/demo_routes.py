"""Routes of demo sign-in. Registered only in demo mode, and even then only for this machine."""

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from server.auth import requests as http
from server.auth.demo import read_personas, sign_in_persona
from server.auth.guard import is_local_request
from server.auth.requests import AnyRequest, Auth
from server.auth.wire import DemoSeatOut, DemoSignIn, PersonaOut, Personas
from server.domain.actors import Assurance
from server.errors import Refused


class DemoRoutes(Controller):
    """`/auth/demo`: the invented people, and being one of them."""

    path = "/auth/demo"
    tags = ("sign-in",)

    @get("/", operation_id="demo_personas")
    async def personas(self, request: AnyRequest, auth: Auth) -> Response[Personas]:
        """Whom one can be."""
        _only_here(request)
        async with auth.engine.read() as tx:
            known = await read_personas(tx)
        body = [
            PersonaOut(
                key=one.key,
                name=one.name,
                seats=[DemoSeatOut(id=seat.id, kind=seat.kind, label=seat.label) for seat in one.seats],
            )
            for one in known
        ]
        return Response(Personas(personas=body), headers=http.NO_STORE)

    @post("/", operation_id="demo_sign_in", status_code=204)
    async def sign_in(self, request: AnyRequest, auth: Auth, data: JSONBody[DemoSignIn]) -> Response[None]:
        """Is that person from now on, in this browser."""
        _only_here(request)
        current = await http.current_session(request, auth)
        now = auth.clock.now()
        async with auth.engine.write() as tx:
            session = await sign_in_persona(
                tx,
                data.persona,
                data.seat,
                Assurance.from_text(data.assurance),
                current=current,
                label=http.label(request),
                now=now,
            )
        if session is None:
            raise Refused("not_found")
        return http.done(http.begun(session, auth, now, by="demo"))


def _only_here(request: AnyRequest) -> None:
    client = request.client.host if request.client else None
    if not is_local_request(client, request.headers):
        raise Refused("not_found")
