"""Fairness between services. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.push.hosts import FAULTS_BEFORE_REST, LONGEST_REST, REMEMBERED, REST, Services, origin_of

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"


def test_the_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://a.example/x?y") == A
    assert origin_of("http://127.0.0.1:9/x") == "http://127.0.0.1:9"


def test_a_service_gets_its_share_and_no_more() -> None:
    services = Services(share=2)
    services.began(A)
    assert services.places(A, NOW) == 1 and services.resting(NOW) == []
    services.began(A)
    assert services.places(A, NOW) == 0 and services.resting(NOW) == []
    assert services.places(B, NOW) == 2
    services.ended(A, NOW, answered=True)
    assert services.places(A, NOW) == 1


def test_one_that_fails_rests_longer_each_time_and_is_tried_by_one() -> None:
    services, now = Services(), NOW
    for _ in range(FAULTS_BEFORE_REST - 1):
        services.began(A)
        services.ended(A, now, answered=False)
        assert services.places(A, now) > 1
    rests = []
    for _ in range(7):
        services.began(A)
        services.ended(A, now, answered=False)
        rest = next(s for s in range(0, 10_000) if services.places(A, now + timedelta(seconds=s)) > 0)
        rests.append(timedelta(seconds=rest))
        now += timedelta(seconds=rest)
        assert services.places(A, now) == 1
    assert rests == [REST, REST * 2, REST * 4, REST * 8, LONGEST_REST, LONGEST_REST, LONGEST_REST]
    services.began(A)
    assert services.places(A, now) == 0
    services.ended(A, now, answered=True)
    assert services.places(A, now) > 1 and services.resting(now) == []


def test_so_many_failing_services_are_remembered_and_the_latest_of_them() -> None:
    services = Services()

    def fails(name: str, times: int) -> None:
        for _ in range(times):
            services.began(name)
            services.ended(name, NOW, answered=False)

    fails("first", FAULTS_BEFORE_REST)
    services.began("busy")
    for n in range(REMEMBERED - 2):
        fails(f"other {n}", 1)
    assert services.resting(NOW) == ["first"]
    fails("last", FAULTS_BEFORE_REST)
    assert services.resting(NOW) == ["last"]
    services.left("busy")
