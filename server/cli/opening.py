"""What every command needs: settings that were checked, parts that were opened, answers in one form."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from server import app as composition
from server.settings import Settings, UnknownSetting, read_settings
from server.storage.engine import TransientFault
from server.storage.migrate import SchemaMismatch

T = TypeVar("T")
WRONG, NOT_ASKED_RIGHT, NO_DATABASE = 1, 2, 3
RESTORING = "restoring"
"""Name of the file that says that a restore has begun and not ended."""


class Stopped(click.ClickException):
    """The command ends here, with a sentence that says what to do."""

    exit_code = WRONG


class SettingsFault(click.ClickException):
    """A setting is wrong or unknown."""

    exit_code = NOT_ASKED_RIGHT


class NoDatabase(click.ClickException):
    """The database did not answer, or would not be changed now."""

    exit_code = NO_DATABASE


class Commands(click.Group):
    """The group: faults of the surroundings become one sentence and an exit code, never a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnknownSetting as fault:
            raise SettingsFault(str(fault)) from fault
        except ValidationError as fault:
            raise SettingsFault("; ".join(_sentences(fault))) from fault
        except TransientFault as fault:
            raise NoDatabase(f"The database does not answer or is busy ({fault}). Try again.") from fault
        except SchemaMismatch as fault:
            raise Stopped(str(fault)) from fault


def _sentences(fault: ValidationError) -> list[str]:
    return [
        " ".join((*(f"SAMLED_{part}".upper() for part in error["loc"][:1]), error["msg"].removeprefix("Value error, ")))
        for error in fault.errors(include_url=False, include_context=False, include_input=False)
    ]


def settings() -> Settings:
    """The settings of this process. A fault in them ends the command with 2."""
    return read_settings()


def go(work: Coroutine[Any, Any, T]) -> T:
    """Runs a command's work to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(chosen: Settings) -> AsyncIterator[composition.Parts]:
    """The parts with their database open as it is: nothing is migrated or prepared."""
    parts = composition.build_parts(chosen)
    await parts.engine.start()
    try:
        yield parts
    finally:
        await parts.channel.close()
        await parts.engine.close()


def marker(chosen: Settings) -> Path:
    """The file that stands while a restore is under way."""
    return chosen.data / RESTORING


def refuse_while_restoring(chosen: Settings) -> None:
    """Ends the command when a restore was begun and not ended: what was withdrawn could come back."""
    if marker(chosen).exists():
        raise Stopped("A restore has begun and not ended. Run `samled restore` again before anything else.")


def say(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """The answer: one line for each value, or JSON."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for name, value in answer.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{key} {one}" for key, one in value.items()) or "-"
        elif isinstance(value, list | tuple):
            value = "\n  ".join(("", *map(str, value))) if value else "-"
        click.echo(f"{name}: {value}")


json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
yes_option = click.option("--yes", is_flag=True, help="Do it. Without this it only says what it would do.")


def settle_memory() -> None:
    """What exists now lives as long as the process: it is left out of collections, and these come less often.

    One over everything took half a second with 10,000 sockets.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
