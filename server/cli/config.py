"""`samled config check`: the settings as they take effect, with secrets masked."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import click
from pydantic import BaseModel, SecretStr

from server.cli import opening
from server.settings import PREFIX, Settings

MASK = "********"


@click.group()
def config() -> None:
    """The settings."""


@config.command()
@opening.json_option
def check(as_json: bool) -> None:
    """Read the settings, refuse what is unknown or unsafe, and show what takes effect."""
    opening.say(masked(opening.settings()), as_json=as_json)


def masked(settings: Settings) -> dict[str, object]:
    """{variable: value} of every setting; a secret is only said to be there."""
    shown = {f"{PREFIX}{name}".upper(): _shown(getattr(settings, name)) for name in Settings.model_fields}
    if settings.database_url:
        shown[f"{PREFIX}DATABASE_URL"] = without_password(settings.database_url)
    return shown


def without_password(url: str) -> str:
    """The address with its password masked."""
    parts = urlsplit(url)
    user, colon, _ = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    account = f"{user}:{MASK}@" if colon else f"{user}@" if user else ""
    query = "&".join(f"password={MASK}" if one.startswith("password=") else one for one in parts.query.split("&"))
    return urlunsplit((parts.scheme, account + host, parts.path, query, ""))


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, BaseModel):
        return {name: _shown(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    return str(value)
