"""The built client, held in memory and served by exact path.

Only files that were there at start have an address, so no path can lead anywhere else. Names that carry
their content's hash are cached for ever; everything else is asked for anew and answered 304 when unchanged.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from litestar import Response

HASHED = re.compile(r"[-.](?:[A-Z0-9]{8}|(?=[0-9a-f]*[0-9])[0-9a-f]{8,64})\.[a-z0-9]{2,5}$")
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
    ".map": "application/json",
}
_COMPRESSIBLE = frozenset({".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt", ".map"})
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_BUILD_ONLY = frozenset({"csp.json", "meta.json"})
_WEIGHT = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*")


@dataclass(frozen=True)
class Asset:
    """One file with its ready variants: content coding (`""` = as it is) → bytes."""

    media_type: str
    cache_control: str
    etag: str
    variants: dict[str, bytes]

    @classmethod
    def of(cls, name: str, body: bytes, ready: dict[str, bytes] | None = None) -> Asset:
        """An asset from its bytes; a missing compressed variant of text is made here, once."""
        suffix = Path(name).suffix
        variants = {"": body}
        if suffix in _COMPRESSIBLE and len(body) > 200:
            variants |= ready or {}
            if "br" not in variants:
                variants["br"] = brotli.compress(body, quality=9)
            if "gzip" not in variants:
                variants["gzip"] = gzip.compress(body, 9, mtime=0)
        return cls(
            media_type=_TYPES.get(suffix, "application/octet-stream"),
            cache_control=_FOR_EVER if HASHED.search(name) else _ASK_FIRST,
            etag=hashlib.sha256(body).hexdigest()[:24],
            variants=variants,
        )

    def answer(self, accept_encoding: str, if_none_match: str, *, head: bool = False) -> Response[bytes]:
        """200 in the best coding the browser takes, or 304."""
        coding = choose_coding(accept_encoding, self.variants)
        etag = f'"{self.etag}{"-" + coding if coding else ""}"'
        headers = {"etag": etag, "cache-control": self.cache_control}
        if len(self.variants) > 1:
            headers["vary"] = "Accept-Encoding"
        if matches(if_none_match, etag):
            return Response(b"", status_code=304, headers=headers, media_type=self.media_type)
        body = self.variants[coding]
        if coding:
            headers["content-encoding"] = coding
        if head:
            headers["content-length"] = str(len(body))
            body = b""
        return Response(body, headers=headers, media_type=self.media_type)


def choose_coding(accept_encoding: str, variants: dict[str, bytes]) -> str:
    """`br` before `gzip` before nothing, of those the browser accepts (`q=0` is a no)."""
    accepted: set[str] = set()
    for part in accept_encoding[:200].lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weight = _WEIGHT.fullmatch(parameter)
        if weight is None or float(weight.group(1)) > 0:
            accepted.add(name.strip())
    return next((coding for coding in ("br", "gzip") if coding in accepted and coding in variants), "")


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the browser already has this representation (weak comparison, RFC 9110 13.1.2)."""
    known = {part.strip().removeprefix("W/") for part in if_none_match[:2000].split(",")}
    return etag in known or "*" in known


@dataclass(frozen=True)
class Build:
    """The client's files by address; `shell` is the page every navigation gets, `None` before it is built."""

    files: dict[str, Asset]
    shell: Asset | None


def read_build(dist: Path) -> Build:
    """All in the folder, links out of it left aside; `.br` and `.gz` beside a file are its variants."""
    files: dict[str, Asset] = {}
    shell: Asset | None = None
    if not dist.is_dir():
        return Build({}, None)
    home = dist.resolve()
    for path in sorted(dist.rglob("*")):
        name = path.relative_to(dist).as_posix()
        if not path.is_file() or home not in path.resolve().parents or name in _BUILD_ONLY:
            continue
        if path.suffix in {".br", ".gz"} or any(
            part.startswith(".") and part != ".well-known" for part in Path(name).parts
        ):
            continue
        beside = {"br": Path(f"{path}.br"), "gzip": Path(f"{path}.gz")}
        ready = {coding: packed.read_bytes() for coding, packed in beside.items() if packed.is_file()}
        asset = Asset.of(name, path.read_bytes(), ready)
        if name == "index.html":
            shell = asset
        else:
            files[f"/{name}"] = asset
    return Build(files, shell)
