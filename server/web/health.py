"""Whether this process lives, has started and can do its work: true, quick, and no more than that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

READY_TIMEOUT_S = 1.5

Check = Callable[[], Awaitable[bool]]


async def run_checks(checks: Mapping[str, Check], timeout_s: float = READY_TIMEOUT_S) -> dict[str, str]:
    """`ok`, `failed` or `slow` per check, never later than the limit.

    A check that hangs is left behind rather than waited for: a thread inside it may not listen.
    """

    async def run(check: Check) -> bool:
        return await check()

    tasks = {name: asyncio.create_task(run(check)) for name, check in checks.items()}
    if tasks:
        await asyncio.wait(tasks.values(), timeout=timeout_s)
    answers: dict[str, str] = {}
    for name, task in tasks.items():
        if not task.done():
            task.cancel()
            answers[name] = "slow"
        elif task.cancelled() or task.exception() is not None:
            answers[name] = "failed"
        else:
            answers[name] = "ok" if task.result() else "failed"
    return answers


def health_handlers(checks: Mapping[str, Check], started: Callable[[], bool]) -> list[HTTPRouteHandler]:
    """`/health/live` (no database), `/health/ready` (every check), `/health/startup`."""

    @get("/health/live", operation_id="health_live", sync_to_thread=False)
    def live() -> Response[dict[str, str]]:
        return Response({"status": "ok"})

    @get("/health/ready", operation_id="health_ready")
    async def ready() -> Response[dict[str, object]]:
        answers = await run_checks(checks)
        well = all(answer == "ok" for answer in answers.values())
        return Response(
            {"status": "ok" if well else "unavailable", "checks": answers}, status_code=200 if well else 503
        )

    @get("/health/startup", include_in_schema=False, sync_to_thread=False)
    def startup() -> Response[dict[str, str]]:
        up = started()
        return Response({"status": "ok" if up else "starting"}, status_code=200 if up else 503)

    return [live, ready, startup]
