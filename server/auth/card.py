"""The printable card of an invitation: its link and the same link as a QR code."""

from __future__ import annotations

import io

import segno


def invitation_link(origin: str, token: str) -> str:
    """The address on the card. The token is in the fragment, which a browser never sends: it is in no
    server's log.
    """
    return f"{origin}/invitation#{token}"


def qr_svg(text: str, title: str) -> str:
    """`text` as a QR code: one `<svg>` element without scripts, styles or outside references, to be set
    inline.

    `title` is what a screen reader says; it comes from the catalogs.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        xmldecl=False,
        svgns=True,
        nl=False,
        title=title,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        light="#fff",
    )
    return out.getvalue().decode()
