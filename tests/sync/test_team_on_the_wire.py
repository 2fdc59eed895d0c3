"""Something raised to a team through the whole house: who receives what, what an ended yes takes away, what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from server.sync.client import Client, Refused
from tests.site import Site

QUESTION = "Hur hjälper vi Elsa på morgonen?"
TOLD = "Ring Lova Ek på 070-174 06 05"


def every(client: Client, entity: str) -> list[dict[str, Any]]:
    return [dict(doc) for doc in client.copy.all(entity)]


def case_of(client: Client, id: str) -> dict[str, Any]:
    return next((doc for doc in every(client, "team_case") if doc["id"] == id), {})


async def refused(client: Client, name: str, **args: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as caught:
        await client.send(name, **args)
    return dict(caught.value.nack)


async def formed(site: Site, lena: Client) -> str:
    """A team that Jonas leads; Sara and Maria sit in it."""
    seats = {name: site.world[name].seat for name in ("jonas", "sara", "maria")}
    made = await lena.send(
        "team.form", called="Teamet", leaders=[seats["jonas"]], members=[seats["sara"], seats["maria"]],
        first_on="2026-01-13", at="13:00",
    )  # fmt: skip
    return str(made["result"]["team"])


async def test_a_child_is_raised_under_a_yes_and_leaves_with_it(site: Site) -> None:
    world = site.world
    lena, maria, jonas, sara, anna = [await site.client(name) for name in ("lena", "maria", "jonas", "sara", "anna")]
    team = await formed(site, lena)
    await maria.until(lambda: every(maria, "team") != [])
    raising = {"team": team, "basis": "consent", "child": world.elsa, "question": QUESTION}
    assert (await refused(maria, "team.raise", **raising))["code"] == "consent_required"
    yes = await maria.send(
        "consent.record", child=world.elsa, purpose="team", information_kinds=["child", "team"], form="oral",
        to_units=[world.units["clinic"]], people=[world["jonas"].seat],
        answers={world.relations[name]: "yes" for name in ("anna", "omar")},
    )  # fmt: skip
    case = str((await maria.send("team.raise", **raising))["result"]["team_case"])
    await jonas.until(lambda: case_of(jonas, case).get("child") == world.elsa)
    assert case_of(jonas, case)["question"] == case_of(maria, case)["question"] == QUESTION
    await sara.until(lambda: bool(case_of(sara, case)))
    assert not {"child", "consent", "question", "age_band", "wanted"} & case_of(sara, case).keys()
    assert world.elsa not in str(every(sara, "team_case")) and not every(anna, "team_case")

    await anna.send("consent.withdraw", consent=yes["result"]["consent"])
    await jonas.until(lambda: not case_of(jonas, case))
    await sara.until(lambda: not case_of(sara, case))
    await maria.until(lambda: case_of(maria, case).get("consent_over") is True)
    assert (await refused(jonas, "team.schedule", team=team, team_case=case))["code"] == "not_found"
    again = {**raising, "question": "Hur gör vi nu?"}
    assert (await refused(maria, "team.raise", **again))["code"] == "consent_required"
    await maria.send("team.withdraw", team_case=case)
    await maria.until(lambda: not case_of(maria, case))


async def test_without_a_name_no_row_leads_to_a_child_and_refused_words_are_kept_nowhere(site: Site) -> None:
    lena, elin, jonas, sara = [await site.client(name) for name in ("lena", "elin", "jonas", "sara")]
    team = await formed(site, lena)
    await elin.until(lambda: every(elin, "team") != [])
    asking = {"team": team, "basis": "without_name", "age_band": "10-12"}
    no = await refused(elin, "team.raise", question=TOLD, **asking)
    assert no["code"] == "identifying_text" and no["fields"] == {"question": "identifying"}
    assert [one["kind"] for one in no["data"]["suspects"]] == ["name", "phone"] and "Lova" not in str(no)
    case = str((await elin.send("team.raise", question="Vem kan hjälpa hemma?", **asking))["result"]["team_case"])
    for member in (jonas, sara):
        await member.until(lambda who=member: case_of(who, case).get("question") == "Vem kan hjälpa hemma?")  # type: ignore[misc]
    await elin.until(lambda: case_of(elin, case).get("withdrawable") is True)
    async with site.parts.engine.read() as tx:
        [(aggregate, body)] = await tx.fetch("SELECT aggregate_id, body FROM record WHERE id = $1", case)
        assert aggregate == team and not any(child in body for child in (site.world.elsa, site.world.noor))
        for table in ("record", "feed", "receipt", "audit"):
            assert not [row for row in await tx.fetch(f"SELECT * FROM {table}") if "Lova" in str(row)], table
    await jonas.send("team.schedule", team=team, team_case=case)
    await elin.until(lambda: case_of(elin, case).get("state") == "scheduled")
    assert case_of(elin, case)["session"] in every(elin, "team")[0]["sessions"]
    assert (await refused(elin, "team.withdraw", team_case=case))["code"] == "too_late"
    assert {one["kind"] for one in every(elin, "notice")} >= {"team_scheduled"}
