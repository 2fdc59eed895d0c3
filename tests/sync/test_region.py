"""The public scope holds the help contacts and links, the same as the file that is served signed out."""

from __future__ import annotations

from typing import Any

from server.domain import scopes
from server.storage.engine import Engine
from server.sync.region import keep_region
from server.web.region import build_region
from tests.access.scene import house_on
from tests.site import Site


def texts_of(file: Any, kind: str, key: str) -> dict[str, Any]:
    return {lang: texts[kind][key] for lang, texts in file["texts"].items()}


async def test_public_scope_holds_what_the_file_holds(site: Site) -> None:
    file: Any = build_region()
    anna = await site.client("anna")
    held = [doc for _, doc in anna.copy.scopes[scopes.PUBLIC].rows.values()]
    for kind, known in (("contacts", ("number", "tel", "chat", "audience")), ("links", ("url",))):
        shared = ("key", "verified_on", *known, *(("hours_until",) if kind == "contacts" else ()))
        docs = sorted((doc for doc in held if "place" in doc and known[-1] in doc), key=lambda doc: doc["place"])
        assert [{key: doc[key] for key in shared} for doc in docs] == file[kind]
        assert [doc["texts"] for doc in docs] == [texts_of(file, kind, doc["key"]) for doc in docs]


async def test_region_is_kept_once_and_mended_when_it_differs(engine: Engine) -> None:
    async with house_on(engine) as house:
        assert await keep_region(house)
        assert not await keep_region(house)
        async with engine.write() as tx:
            await tx.execute(
                "UPDATE record SET body = replace(body, '116 111', '116 112') WHERE entity = 'help_contact'"
            )
        assert await keep_region(house)
        assert not await keep_region(house)
