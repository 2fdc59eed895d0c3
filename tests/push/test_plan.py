"""What follows from an answer, when to try again, and which addresses are push services. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from server.domain.instants import local_wall
from server.push import plan
from server.push.channels.fault import ChannelFault
from server.settings import PUSH_SERVICES

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
GOOD = (
    "https://fcm.googleapis.com/fcm/send/abc:def-_",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QGuQy",
    "https://wns2-db5p.notify.windows.com/w/?token=a%3D",
    "https://FCM.googleapis.com:443/x",
)
HOSTILE = (
    "http://fcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//fcm.googleapis.com/x",
    "fcm.googleapis.com/x",
    "",
    "https://",
    "https:///x",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0177.0.0.1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[fe80::1%25eth0]/x",
    "https://[fd00::1]/x",
    "https://0.0.0.0/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://metadata.google.internal/x",
    "https://localhost/x",
    "https://localhost.localdomain/x",
    "http://127.0.0.1:8000/metrics",
    "http://localhost:8000/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://evil.example/?fcm.googleapis.com",
    "https://evil.example#fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.example/x",
    "https://user:pass@fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:0/x",
    "https://fcm.googleapis.com:x/x",
    "https://fcm.googleapis.com:99999/x",
    "https://fcm.googleapis.com./x",
    "https://.fcm.googleapis.com/x",
    "https://-fcm.googleapis.com/x",
    "https://xfcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://.push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://a.push.apple.com.evil.example/x",
    "https://evil.example\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\.evil.example/x",
    "https://fcm.googleapis.com/x#fragment",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "https://fcm.googleapis.com\t/x",
    "\x00https://fcm.googleapis.com/x",
    "https://fcm.googleapis.com\x7f/x",
    "https://ｆcm.googleapis.com/x",
    "https://fcm.googleapis。com/x",
    "https://fсm.googleapis.com/x",
    "https://xn--fm-vmc.googleapis.com/x",
    "https://fcm.googleapis.com%2eevil.example/x",
    "https://fcm.googleapis.com%00.evil.example/x",
    "https://[fcm.googleapis.com]/x",
    "https://fcm_googleapis.com/x",
    "https://fcm.googleapis.com/" + "x" * 2048,
)


@pytest.mark.parametrize("endpoint", GOOD)
def test_a_known_push_service_is_allowed(endpoint: str) -> None:
    assert plan.allowed_endpoint(endpoint, PUSH_SERVICES, local=False)
    assert plan.allowed_endpoint(endpoint, PUSH_SERVICES, local=True)


def test_sixty_hostile_addresses_are_not() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60
    for local in (True, False):
        assert [one for one in HOSTILE if plan.allowed_endpoint(one, PUSH_SERVICES, local=local)] == []


def test_a_receiver_on_this_machine_is_allowed_only_there_and_by_name_and_port() -> None:
    hosts = ("127.0.0.1:4711",)
    assert plan.allowed_endpoint("http://127.0.0.1:4711/x", hosts, local=True)
    assert not plan.allowed_endpoint("http://127.0.0.1:4711/x", hosts, local=False)
    assert not plan.allowed_endpoint("http://127.0.0.1:4712/x", hosts, local=True)
    assert not plan.allowed_endpoint("http://user@127.0.0.1:4711/x", hosts, local=True)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken(status: int) -> None:
    assert plan.fault_of(status, None, NOW) is None


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 413])
def test_for_good(status: int) -> None:
    fault = plan.fault_of(status, "10", NOW)
    assert fault is not None and fault.permanent and fault.status == status
    assert plan.next_try(NOW, 1, fault) is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 599])
def test_tried_again(status: int) -> None:
    fault = plan.fault_of(status, "700", NOW)
    assert fault is not None and not fault.permanent
    assert plan.next_try(NOW, 1, fault) == NOW + timedelta(seconds=700)


def test_waits_grow_and_end() -> None:
    fault = ChannelFault(permanent=False)
    waits = [plan.next_try(NOW, tries, fault) for tries in range(1, plan.ATTEMPTS + 1)]
    assert [(at - NOW).total_seconds() if at else None for at in waits] == [30, 120, 600, 1800, 3600, None]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("99999999999999999999", plan.LONGEST_WAIT_S),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Tue, 01 Sep 2026 08:02:00 GMT", 120),
        ("Tue, 01 Sep 2026 08:02:00 -0000", 120),
        ("Tue, 01 Sep 2020 08:02:00 GMT", 0),
        ("Tue, 01 Sep 2099 08:02:00 GMT", plan.LONGEST_WAIT_S),
        ("Tue, 99 Sep 2026 08:02:00 GMT", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert plan.seconds_of(header, NOW) == seconds


def test_not_before_the_quiet_hours_have_ended() -> None:
    def wall(hour: int, minute: int = 0) -> datetime:
        return local_wall(NOW.date(), datetime(2026, 1, 1, hour, minute).time())

    nothing = (None, None)
    assert plan.not_before(wall(19, 59), nothing) == wall(19, 59)
    assert plan.not_before(wall(20), nothing) == wall(7) + timedelta(days=1)
    assert plan.not_before(wall(20), nothing, urgent=True) == wall(20)
    assert plan.not_before(wall(20), ("22:00", "06:00")) == wall(20)
    assert plan.not_before(wall(21), ("22:00", "06:00")) == wall(7) + timedelta(days=1)
    assert plan.not_before(wall(8), ("18:00", "09:30")) == wall(9, 30)


def test_the_next_way_is_tried_later_and_sooner_when_it_is_urgent_or_soon_over() -> None:
    def minutes(ends: datetime | None = None, *, urgent: bool = False) -> float:
        at = plan.next_way_at(NOW, ends, urgent=urgent, usual_s=7200, urgent_s=900)
        return (at - NOW).total_seconds() / 60

    assert minutes() == minutes(NOW + timedelta(hours=4)) == 120
    assert minutes(urgent=True) == minutes(NOW + timedelta(hours=1)) == 15


def test_days_off_are_quiet_for_who_wants_them_so() -> None:
    saturday = local_wall(date(2026, 12, 26), time(10, 0))
    assert plan.not_before(saturday, (None, None)) == saturday
    monday = local_wall(date(2026, 12, 28), time(7, 0))
    assert plan.not_before(saturday, (None, None), days_off=True) == monday
    assert plan.not_before(saturday, ("19:00", "08:30"), days_off=True) == monday + timedelta(minutes=90)
    assert plan.not_before(saturday, (None, None), days_off=True, urgent=True) == saturday
