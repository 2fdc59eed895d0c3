"""Settings: unknown variables and unsafe combinations stop the start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from server.settings import OidcDoor, Settings, UnknownSetting, read_settings

DOOR: dict[str, Any] = {
    "key": "eid",
    "name": "e-ID",
    "issuer": "https://idp.example",
    "client_id": "c",
    "acr_values": ["loa3"],
}
SAFE = {"origin": "https://samled.example", "host": "0.0.0.0"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from outside the test."""
    for name in [name for name in os.environ if name.upper().startswith("SAMLED_")]:
        monkeypatch.delenv(name)


def test_defaults_are_a_local_site() -> None:
    settings = read_settings()
    assert (settings.port, settings.host, settings.origin) == (8000, "127.0.0.1", "http://localhost:8000")
    assert (settings.demo, settings.secure, settings.local) == (False, False, True)
    assert settings.journal_path == Path("data/revocations.log") and settings.vapid_path == Path("data/vapid.pem")


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "PORT": "9001", "DATA": "/srv/samled", "DEMO": "1", "PUSH_HOSTS": "fcm.googleapis.com, *.push.apple.com",
        "DATABASE_URL": "postgresql://samled@db/samled",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"SAMLED_{name}", value)
    settings = read_settings()
    assert settings.origin == "http://localhost:9001" and settings.demo
    assert settings.push_hosts == ("fcm.googleapis.com", "*.push.apple.com")
    assert "postgresql" not in repr(settings)


def test_doors_are_read_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMLED_OIDC", json.dumps([{**DOOR, "client_secret": "hush"}]))
    settings = read_settings()
    assert settings.oidc[0].acr_values == ("loa3",)
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("name", ["SAMLED_PROT", "samled_data_dir", "SAMLED_"])
def test_unknown_variable_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(UnknownSetting, match=r"unknown: (?i:samled_)"):
        read_settings()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"origin": "http://samled.example"}, "https"),
        ({"origin": "https://samled.example/"}, "SAMLED_ORIGIN"),
        ({"origin": "https://samled.example/app"}, "SAMLED_ORIGIN"),
        ({"origin": "https://Samled.example"}, "SAMLED_ORIGIN"),
        ({"origin": "https://me@samled.example"}, "SAMLED_ORIGIN"),
        ({"origin": "samled.example"}, "SAMLED_ORIGIN"),
        ({"origin": "ftp://samled.example"}, "SAMLED_ORIGIN"),
        ({"host": "0.0.0.0"}, "no TLS"),
        ({"demo": True, **SAFE}, "SAMLED_DEMO"),
        ({"demo": True, "host": "0.0.0.0"}, "SAMLED_DEMO"),
        ({"demo": True, "origin": "https://samled.example"}, "SAMLED_DEMO"),
        ({"demo": True, "proxies": "127.0.0.1"}, "SAMLED_PROXIES"),
        ({"demo": True, "oidc": (DOOR,)}, "exclude"),
        ({"database_url": "mysql://x"}, "SAMLED_DATABASE_URL"),
        ({"proxies": "0.0.0.0/0"}, "everybody"),
        ({"proxies": "*"}, "everybody"),
        ({"oidc": ({**DOOR, "issuer": "http://idp.example"},)}, "https"),
        ({"oidc": ({**DOOR, "issuer": "http://localhost:1"},), **SAFE}, "https"),
        ({"oidc": ({**DOOR, "issuer": "https://idp.example?a=b"},)}, "query"),
        ({"oidc": (DOOR, DOOR)}, "same key"),
        ({"oidc": ({**DOOR, "acr_values": []},)}, "acr_values"),
        ({"oidc": ({**DOOR, "colour": "red"},)}, "colour"),
        ({"smtp_host": "mail.example"}, "SMTP_FROM"),
        ({"smtp_host": "mail.example", "smtp_from": "a@b.example", "smtp_security": "none"}, "clear"),
        ({}, "together"),
        ({"push_hosts": "*"}, "PUSH_HOSTS"),
        ({"push_hosts": "https://fcm.googleapis.com"}, "PUSH_HOSTS"),
        ({"push_hosts": "localhost:9", **SAFE}, "this machine"),
        ({"vapid_subject": "me@example.org"}, "VAPID"),
        ({"security_contact": "drift@samled.example"}, "SECURITY_CONTACT"),
        ({"operator_report_url": "http://samled.example/tyck"}, "REPORT_URL"),
        ({"metrics_token": "short"}, "metrics_token"),
        ({"port": 70_000}, "port"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_unsafe_or_wrong_setting_stops_the_start(values: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word) as stopped:
        Settings(**values, smtp_password=SecretStr("hush"))
    assert "hush" not in str(stopped.value)


@pytest.mark.parametrize(
    "values",
    [
        SAFE,
        {**SAFE, "proxies": "10.0.0.0/8 192.0.2.1", "oidc": (OidcDoor(**DOOR),), "metrics_token": "m" * 32},
        {"demo": True},
        {"origin": "http://127.0.0.1:8000", "host": "localhost", "push_hosts": "127.0.0.1:9"},
        {"oidc": ({**DOOR, "issuer": "http://localhost:1"},)},
        {**SAFE, "smtp_host": "mail.example", "smtp_from": "a@b.example", "smtp_user": "u", "smtp_password": "p"},
        {"smtp_host": "localhost", "smtp_from": "a@b.example", "smtp_security": "none"},
        {"vapid_subject": "mailto:drift@samled.example", "security_contact": "mailto:drift@samled.example"},
    ],
)
def test_safe_settings_start(values: dict[str, Any]) -> None:
    assert Settings(**values)
