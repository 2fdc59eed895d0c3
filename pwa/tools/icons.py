"""Draws the app's icons as PNG and SVG into static/icons. Run by hand when the mark changes.

Needs Chromium (playwright): `python pwa/tools/icons.py`. The pictures are kept in the repository, so that a build
needs no browser.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parents[1] / "static" / "icons"
STONES = (
    '<path d="M10.5 36.5c0-3 3.5-5 13.5-5s13.5 2 13.5 5-3 4-13.5 4-13.5-1-13.5-4z" fill="#fff"/>'
    '<path d="M14.5 27c.2-3 3.5-4.3 10.3-4.3 6.5 0 9.7 1.5 9.7 4.3s-3.3 3.7-10 3.7-10.2-.9-10-3.7z" fill="#cfe4dc"/>'
    '<path d="M18 18.2c0-2.5 2.3-3.9 6.3-3.9s6.2 1.4 6.2 3.8-2.3 3.4-6.3 3.4-6.2-.9-6.2-3.3z" fill="#fff"/>'
    '<path d="M20.8 10.5c0-1.9 1.4-3 3.4-3s3.4 1.1 3.4 2.9-1.4 2.7-3.5 2.7-3.3-.8-3.3-2.6z" fill="#ff8a4c"/>'
)
GROUND = "#133f36"


def mark(*, corner: float, inset: float = 0.0) -> str:
    """The cairn on its ground as SVG. `corner` rounds the ground; `inset` is the part of the side left around it."""
    scale = 1 - 2 * inset
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="{corner}" '
        f'fill="{GROUND}"/><g transform="translate({48 * inset} {48 * inset}) scale({scale})">{STONES}</g></svg>'
    )


def silhouette() -> str:
    """The cairn in one colour on nothing, as the status bar wants it."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="6 4 36 40">{STONES}</svg>'.replace("#cfe4dc", "#fff").replace(
        "#ff8a4c", "#fff"
    )


def main() -> None:
    """Writes every icon."""
    ICONS.mkdir(parents=True, exist_ok=True)
    (ICONS / "samled.svg").write_text(mark(corner=13) + "\n", encoding="utf-8")
    pictures = {
        "samled-192.png": (mark(corner=13), 192),
        "samled-512.png": (mark(corner=13), 512),
        "maskable-512.png": (mark(corner=0, inset=0.12), 512),
        "apple-180.png": (mark(corner=0, inset=0.06), 180),
        "badge-96.png": (silhouette(), 96),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (svg, side) in pictures.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            sized = svg.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
            page.set_content(f"<body style='margin:0'>{sized}</body>")
            page.screenshot(path=ICONS / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
