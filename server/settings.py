"""Settings: the only reader of the environment.

Every setting is a variable `SAMLED_…`. A misspelt one, or a combination that would be unsafe in the hands of
real families (demo sign-in on an open port, a site without TLS), stops the start with a sentence that says
what to change.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "SAMLED_"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
Words = Annotated[tuple[str, ...], NoDecode]


class UnknownSetting(ValueError):
    """A `SAMLED_…` variable that means nothing here: most often a slip of the pen."""


class OidcDoor(BaseModel):
    """One identity provider: a broker for citizens' e-ID, or the provider of an organisation's staff."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    name: str = Field(min_length=1, max_length=60)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    scope: str = "openid"
    acr_values: tuple[str, ...] = Field(
        min_length=1, description="levels that count as e-ID; a token without one of them is refused"
    )
    max_age_s: int = Field(default=300, ge=0, le=86_400)


def host_of(url: str) -> str:
    """Host name of `url` in lower case; empty when there is none."""
    return (urlsplit(url).hostname or "").lower()


def is_loopback(host: str) -> bool:
    """True for the names under which a machine reaches only itself."""
    return host.strip("[]").lower() in LOOPBACK_NAMES


class Settings(BaseSettings):
    """All settings, checked together. Build it with keywords in tests, with `read_settings()` at start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    port: int = Field(default=8000, ge=0, le=65_535)
    host: str = "127.0.0.1"
    data: Path = Path("data")
    database_url: str | None = Field(default=None, repr=False)
    origin: str = ""
    demo: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: SecretStr | None = Field(default=None, min_length=32)
    proxies: Words = Field(default=(), description="addresses or networks whose X-Forwarded-For is believed")
    journal: Path | None = Field(
        default=None, description="revocations outside the database; default <data>/revocations.log"
    )

    oidc: tuple[OidcDoor, ...] = ()

    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None

    sms_url: str | None = Field(default=None, description="https address of a supplier that takes JSON")
    sms_token: SecretStr | None = None
    sms_from: str = Field(default="Samled", pattern=r"^[A-Za-z0-9+]{3,15}$")

    fallback_after_s: int = Field(default=7200, ge=0, le=7 * 86_400)
    """Seconds until a person whom no device has shown it is told by the next way; 0 means never."""
    fallback_urgent_after_s: int = Field(default=900, ge=60, le=86_400)

    operator_name: str = Field(default="", max_length=80, description="who runs this site")
    operator_contact: str = Field(default="", max_length=200, description="their post address or number")
    operator_report_url: str = Field(default="", description="https address where what does not work is told")
    operator_data_protection_url: str = Field(default="", description="https address of the data protection officer")
    security_contact: str = Field(default="", description="mailto: or https: address for security.txt")

    push_hosts: Words = PUSH_SERVICES
    vapid_key: Path | None = Field(default=None, description="PEM file; default <data>/vapid.pem, made at first start")
    vapid_subject: str | None = Field(default=None, description="mailto: or https: address a push service may turn to")

    @model_validator(mode="before")
    @classmethod
    def _split_words(cls, values: object) -> object:
        if isinstance(values, dict):
            for name in ("proxies", "push_hosts"):
                if isinstance(values.get(name), str):
                    values[name] = tuple(word for word in values[name].replace(",", " ").split())
        return values

    @model_validator(mode="after")
    def _check_together(self) -> Settings:
        if not self.origin:
            object.__setattr__(self, "origin", f"http://localhost:{self.port}")
        faults = [*self._site_faults(), *self._door_faults(), *self._channel_faults()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def secure(self) -> bool:
        """True when the site is served over TLS: the cookie is then `__Host-sid` with Secure."""
        return self.origin.startswith("https://")

    @property
    def local(self) -> bool:
        """True when the site is reached only from this machine."""
        return is_loopback(host_of(self.origin)) and is_loopback(self.host)

    @property
    def journal_path(self) -> Path:
        """Where revocations are appended outside the database."""
        return self.journal or self.data / "revocations.log"

    @property
    def vapid_path(self) -> Path:
        """Where the key that signs pushes lies."""
        return self.vapid_key or self.data / "vapid.pem"

    def _site_faults(self) -> list[str]:
        faults = []
        parts = urlsplit(self.origin)
        canonical = f"{parts.scheme}://{parts.netloc}"
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or self.origin != canonical.lower()
            or "@" in parts.netloc
        ):
            faults.append("SAMLED_ORIGIN is scheme://host[:port] in lower case, without path or user")
        elif parts.scheme == "http" and not is_loopback(parts.hostname):
            faults.append("SAMLED_ORIGIN must be https:// unless the host is localhost")
        elif parts.scheme == "http" and not is_loopback(self.host):
            faults.append("SAMLED_HOST opens the port to others while SAMLED_ORIGIN has no TLS")
        if self.demo and not self.local:
            faults.append("SAMLED_DEMO signs anybody in: only with SAMLED_HOST and SAMLED_ORIGIN on this machine")
        if self.demo and self.oidc:
            faults.append("SAMLED_DEMO and SAMLED_OIDC exclude each other")
        if self.demo and self.proxies:
            faults.append("SAMLED_DEMO and SAMLED_PROXIES exclude each other: a proxy opens the demo to others")
        if self.database_url is not None and urlsplit(self.database_url).scheme not in (
            "postgresql",
            "postgres",
        ):
            faults.append(
                "SAMLED_DATABASE_URL is postgresql://…; leave it out for the embedded database in SAMLED_DATA"
            )
        for network in self.proxies:
            try:
                wide = ip_network(network).prefixlen == 0
            except ValueError:
                wide = True
            if wide:
                faults.append("SAMLED_PROXIES lists addresses or networks, never everybody")
        return faults

    def _door_faults(self) -> list[str]:
        faults = []
        for door in self.oidc:
            parts = urlsplit(door.issuer)
            if parts.scheme != "https" and not (
                parts.scheme == "http" and self.local and is_loopback(host_of(door.issuer))
            ):
                faults.append(f"SAMLED_OIDC: the issuer of {door.key} must be https://")
            if parts.query or parts.fragment:
                faults.append(f"SAMLED_OIDC: the issuer of {door.key} has a query or fragment")
        keys, issuers = {door.key for door in self.oidc}, {door.issuer for door in self.oidc}
        if min(len(keys), len(issuers)) != len(self.oidc):
            faults.append("SAMLED_OIDC: two doors have the same key or issuer")
        return faults

    def _channel_faults(self) -> list[str]:
        faults = []
        if self.smtp_host and not self.smtp_from:
            faults.append("SAMLED_SMTP_FROM is missing")
        if self.smtp_host and self.smtp_security == "none" and not is_loopback(self.smtp_host):
            faults.append("SAMLED_SMTP_SECURITY=none sends addresses in the clear: only to a relay on this machine")
        if bool(self.smtp_user) != bool(self.smtp_password):
            faults.append("SAMLED_SMTP_USER and SAMLED_SMTP_PASSWORD belong together")
        if bool(self.sms_url) != bool(self.sms_token):
            faults.append("SAMLED_SMS_URL and SAMLED_SMS_TOKEN belong together")
        if self.sms_url and not self.sms_url.startswith("https://") and not is_loopback(host_of(self.sms_url)):
            faults.append("SAMLED_SMS_URL is https://…: it carries people's numbers")
        for host in self.push_hosts:
            bare = host.removeprefix("*.").partition(":")[0]
            if "*" in bare or "/" in bare or not bare or ("." not in bare and not is_loopback(bare)):
                faults.append("SAMLED_PUSH_HOSTS lists host names such as fcm.googleapis.com or *.push.apple.com")
            elif is_loopback(bare) and not self.local:
                faults.append("SAMLED_PUSH_HOSTS: a push service on this machine only when the site is local too")
        faults += [
            f"{PREFIX}{name.upper()} is an https address"
            for name in ("operator_report_url", "operator_data_protection_url")
            if getattr(self, name) and not getattr(self, name).startswith("https://")
        ]
        if self.security_contact and not self.security_contact.startswith(("mailto:", "https://")):
            faults.append("SAMLED_SECURITY_CONTACT is a mailto: or https: address")
        if self.vapid_subject and not self.vapid_subject.startswith(("mailto:", "https://")):
            faults.append("SAMLED_VAPID_SUBJECT is a mailto: or https: address")
        return faults


def read_settings() -> Settings:
    """Settings from the environment.

    Raises:
        UnknownSetting: a variable `SAMLED_…` that no setting answers to.
        pydantic.ValidationError: a value of the wrong form, or an unsafe combination.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise UnknownSetting(f"unknown: {', '.join(unknown)} (known: {', '.join(sorted(known))})")
    return Settings()
