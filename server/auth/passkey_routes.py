"""Routes of passkeys: make one, sign in with one, list and remove them."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, Parameter

from server.auth import requests as http
from server.auth.limits import may_start
from server.auth.passkeys import (
    Asked,
    begin_registration,
    begin_sign_in,
    finish_registration,
    finish_sign_in,
    list_passkeys,
    remove_passkey,
)
from server.auth.requests import AnyRequest, Auth
from server.auth.signin import may_add_proof, sign_in
from server.auth.wire import (
    BeginPasskey,
    FinishRegistration,
    FinishSignIn,
    Kept,
    PasskeyOptions,
    PasskeyOut,
    Passkeys,
    PrfInputs,
)
from server.domain.actors import Assurance
from server.errors import Refused

PasskeyId = Annotated[str, Parameter(max_length=64)]


class PasskeyRoutes(Controller):
    """`/auth/passkeys` (one's own) and `/auth/passkey` (signing in)."""

    path = "/auth"
    tags = ("sign-in",)

    @get("/passkeys", operation_id="passkeys")
    async def passkeys(self, request: AnyRequest, auth: Auth) -> Response[Passkeys]:
        """One's own passkeys, oldest first."""
        found = await http.required_session(request, auth)
        async with auth.engine.read() as tx:
            kept = await list_passkeys(tx, found.actor.account)
        body = [PasskeyOut(id=one.id, label=one.label, created_at=one.created_at, used_at=one.used_at) for one in kept]
        return Response(Passkeys(passkeys=body), headers=http.NO_STORE)

    @post("/passkeys/begin", operation_id="passkey_begin_registration", status_code=200)
    async def begin_made(
        self, request: AnyRequest, auth: Auth, data: JSONBody[BeginPasskey]
    ) -> Response[PasskeyOptions]:
        """Options to make a passkey for the person signed in."""
        found = await http.required_session(request, auth)
        async with auth.engine.write() as tx:
            asked = await begin_registration(tx, auth.party, found, auth.clock.now(), prf=_prf(data.prf))
        return _options(asked)

    @post("/passkeys/finish", operation_id="passkey_finish_registration", status_code=201)
    async def finish_made(self, request: AnyRequest, auth: Auth, data: JSONBody[FinishRegistration]) -> Response[Kept]:
        """Keeps the passkey just made."""
        found = await http.required_session(request, auth)
        async with auth.engine.write() as tx:
            kept = await finish_registration(
                tx,
                auth.party,
                found,
                data.challenge,
                _plain(data.credential.model_dump(exclude_none=True)),
                data.label or http.label(request),
                auth.clock.now(),
            )
        if kept is None:
            http.note("passkey_refused", "passkey", "not_allowed")
            raise Refused("not_allowed")
        http.note("passkey_added", "passkey")
        return Response(Kept(id=kept), status_code=201, headers=http.NO_STORE)

    @post("/passkeys/{passkey_id:str}/remove", operation_id="passkey_remove", status_code=204)
    async def remove(self, request: AnyRequest, auth: Auth, passkey_id: PasskeyId) -> Response[None]:
        """Forgets a passkey, as when a phone is lost."""
        found = await http.required_session(request, auth)
        async with auth.engine.write() as tx:
            await may_add_proof(tx, found)
            if not await remove_passkey(tx, found.actor.account, passkey_id):
                raise Refused("not_found")
        http.note("passkey_removed", "passkey")
        return http.done()

    @post("/passkey/begin", operation_id="passkey_begin_sign_in", status_code=200)
    async def begin_shown(
        self, request: AnyRequest, auth: Auth, data: JSONBody[BeginPasskey]
    ) -> Response[PasskeyOptions]:
        """Options to sign in with a passkey. 429 when one address asks for very many."""
        now = auth.clock.now()
        asked = None
        async with auth.engine.write() as tx:
            seconds = await may_start(tx, http.place(request), now)
            if not seconds:
                asked = await begin_sign_in(tx, auth.party, now, prf=_prf(data.prf))
        http.wait(seconds)
        assert asked is not None
        return _options(asked)

    @post("/passkey/finish", operation_id="passkey_finish_sign_in", status_code=204)
    async def finish_shown(self, request: AnyRequest, auth: Auth, data: JSONBody[FinishSignIn]) -> Response[None]:
        """Signs in, or steps the session up. 403 alike for every answer that proves nothing."""
        current = await http.current_session(request, auth)
        now = auth.clock.now()
        session = None
        async with auth.engine.write() as tx:
            account = await finish_sign_in(
                tx, auth.party, data.challenge, _plain(data.credential.model_dump(exclude_none=True)), now
            )
            if account is not None:
                session = await sign_in(
                    tx,
                    account_id=account,
                    seat_id=data.seat,
                    proved=Assurance.VERIFIED,
                    is_verified=auth.is_verified,
                    current=current,
                    label=http.label(request),
                    now=now,
                )
        if session is None:
            http.note("sign_in_refused", "passkey", "not_allowed")
            raise Refused("not_allowed")
        return http.done(http.begun(session, auth, now, by="passkey"))


def _prf(inputs: PrfInputs | None) -> dict[str, Any] | None:
    return inputs.model_dump(exclude_none=True) if inputs is not None else None


def _plain(credential: dict[str, Any]) -> dict[str, Any]:
    """The credential as the library reads it: what extensions said is not needed."""
    return {name: value for name, value in credential.items() if name != "clientExtensionResults"}


def _options(asked: Asked) -> Response[PasskeyOptions]:
    return Response(PasskeyOptions(challenge=asked.id, options=asked.options), headers=http.NO_STORE)
