"""Composition: settings in, application out. Nothing but wiring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from server.auth.cookies import session_cookie_name
from server.auth.effects import AuthEffects
from server.auth.guard import install_guard
from server.auth.routes import auth_routes
from server.auth.setup import set_up_auth
from server.clock import Clock, SystemClock
from server.features import load
from server.push import state as push_state
from server.push.channels import Channel
from server.push.channels.email import Email, MailServer
from server.push.channels.logged import Logging
from server.push.channels.sms import HttpSms, Supplier
from server.push.channels.webpush import WebPush
from server.push.keys import PushKey, load_key
from server.push.routes import push_routes
from server.push.sender import Means, Sender, six_digits
from server.push.subscriptions import PushEffects
from server.push.worker import Worker
from server.settings import Settings
from server.storage.engine import Engine, TransientFault, open_engine
from server.storage.journal import Journal
from server.storage.migrate import at_head, migrate
from server.storage.start import prepare
from server.sync.calendars import own_time
from server.sync.feeds import CalendarEffects, subscribed
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.importing import import_routes
from server.sync.joining import Joining
from server.sync.rate import Rate
from server.sync.region import keep_region
from server.sync.routes import SyncEdge, install_sync, sync_routes
from server.web.calendar_mail import CalendarMail
from server.web.calendars import CalendarFile
from server.web.ics import CalendarEvent
from server.web.public_areas import area_lookup
from server.web.routes import WebDeps, web_edge
from server.web.statements import Operator


@dataclass(frozen=True)
class Parts:
    """The running parts, for the command line and the tests."""

    settings: Settings
    engine: Engine
    house: House
    hub: Hub
    key: PushKey
    channel: WebPush
    means: Means
    worker: Worker


def build_parts(settings: Settings, clock: Clock | None = None) -> Parts:
    """The house without its routes."""
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(data=settings.data, database_url=settings.database_url)
    told = clock or SystemClock()
    hub = Hub(engine, told)
    key = load_key(settings.vapid_path)
    channel = WebPush(
        key,
        hosts=settings.push_hosts,
        subject=settings.vapid_subject or settings.origin,
        local=settings.local,
        now=told.now,
    )
    effects = {
        **AuthEffects(settings.origin).named(),
        **PushEffects(channel.allows).named(),
        **CalendarEffects(settings.origin).named(),
    }
    house = House(
        engine=engine,
        clock=told,
        registry=load(),
        journal=Journal(settings.journal_path),
        effects=effects,
        wake=hub.wake,
    )
    means = means_of(settings, channel, told)
    worker = Worker(house, Sender(house, means, settings.origin))
    return Parts(settings, engine, house, hub, key, channel, means, worker)


def means_of(settings: Settings, channel: WebPush, clock: Clock) -> Means:
    """What reminders are sent with. In the demonstration messages are only logged, and every code is the same."""
    channels: dict[str, Channel] = {}
    if settings.smtp_host and settings.smtp_from:
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_from,
            settings.smtp_user,
            password,
        )
        channels["email"] = Email(server, clock)
    elif settings.demo:
        channels["email"] = Logging("email")
    if settings.sms_url and settings.sms_token:
        supplier = Supplier(settings.sms_url, settings.sms_token.get_secret_value(), settings.sms_from)
        channels["sms"] = HttpSms(supplier, clock.now)
    elif settings.demo:
        channels["sms"] = Logging("sms")
    return Means(
        channel,
        channels,
        settings.fallback_after_s,
        settings.fallback_urgent_after_s,
        make_code=(lambda: "123456") if settings.demo else six_digits,
    )


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Parts]:
    """Engine open, schema at head, epoch known; closed at the end."""
    await parts.engine.start()
    try:
        await migrate(parts.engine)
        await prepare(parts.engine, parts.house.clock.now())
        yield parts
    finally:
        await parts.channel.close()
        for channel in parts.means.channels.values():
            await channel.close()
        await parts.engine.close()


def build_app(parts: Parts) -> Litestar:
    """The application over these parts."""
    settings, house = parts.settings, parts.house
    joining = Joining(house)
    auth = set_up_auth(
        settings,
        parts.engine,
        house.clock,
        on_redeemed=joining.on_redeemed,
        is_verified=joining.is_verified,
        seat_label=joining.seat_label,
    )
    started = asyncio.Event()

    async def schema_at_head() -> bool:
        return await at_head(parts.engine)

    async def gauges() -> dict[str, float]:
        owed = await push_state.gauges(parts.engine, house.clock.now())
        return {"sockets": float(parts.hub.sockets), **owed}

    async def calendar_meeting(request: Request[Any, Any, Any], meeting: str) -> CalendarFile | None:
        token = request.cookies.get(session_cookie_name(secure=settings.secure))
        found = await own_time(house, token, meeting)
        if found is None:
            return None
        entry, actor = found
        return CalendarFile((CalendarEvent(**asdict(entry)),), actor.lang)

    async def calendar_feed(secret: str) -> CalendarFile | None:
        found = await subscribed(house, secret)
        if found is None:
            return None
        entries, actor = found
        return CalendarFile(tuple(CalendarEvent(**asdict(entry)) for entry in entries), actor.lang)

    edge = web_edge(
        WebDeps(
            origin=settings.origin,
            clock=house.clock,
            ready_checks={"schema": schema_at_head},
            started=started.is_set,
            gauges=gauges,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else "",
            area=area_lookup(parts.engine, house.clock),
            calendar_feed=calendar_feed,
            calendar_meeting=calendar_meeting,
            calendar_mail=CalendarMail(
                house, parts.means.channels.get("email"), session_cookie_name(secure=settings.secure)
            ),
            transient=(TransientFault,),
            operator=Operator(
                name=settings.operator_name,
                contact=settings.operator_contact,
                report_url=settings.operator_report_url,
                data_protection_url=settings.operator_data_protection_url,
                demo=settings.demo,
            ),
            security_contact=settings.security_contact,
        )
    )

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with running(parts):
            await parts.hub.start()
            with suppress(TransientFault):  # at the next start, then
                await keep_region(house)
            working = asyncio.create_task(parts.worker.run())
            started.set()
            try:
                yield
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                await parts.hub.stop()
                for door in auth.doors.values():
                    await door.close()

    push = push_routes(parts.engine, house.clock, parts.key, parts.means.channels)
    sync = SyncEdge(house, parts.hub, Rate(_monotonic), settings.secure)

    @get("/openapi.json", operation_id="openapi", sync_to_thread=False)
    def openapi_json() -> Response[dict[str, object]]:
        return Response(app.openapi_schema.to_schema())

    app = Litestar(
        route_handlers=[
            auth_routes(auth),
            *sync_routes(sync),
            *import_routes(sync),
            *push,
            *edge.handlers,
            openapi_json,
        ],
        exception_handlers=edge.exception_handlers,
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Samled", version="1", path="/openapi", render_plugins=[JsonRenderPlugin(path="/schema.json")]
        ),
        logging_config=None,
        debug=False,
    )
    return edge.install(install_guard(install_sync(app, sync), settings.origin))


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
