"""What a browser gives to encrypt to: a point of the curve and 16 bytes, each written one way."""

from __future__ import annotations

import pytest

from server.domain import push_keys
from tests.push_keys import AUTH, P256DH


def test_what_a_browser_gives_is_taken_as_it_is() -> None:
    assert push_keys.public_key(P256DH) == P256DH
    assert push_keys.secret(AUTH) == AUTH


@pytest.mark.parametrize("text", ["", "AA", AUTH, P256DH[:-4], "B" + "A" * 86, "C" + P256DH[1:]])
def test_what_is_no_point_of_the_curve_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        push_keys.public_key(text)


@pytest.mark.parametrize("text", ["", "AA", P256DH, AUTH + "AAAA"])
def test_what_is_not_sixteen_bytes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="sixteen"):
        push_keys.secret(text)
