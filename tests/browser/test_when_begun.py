"""What is done when a meeting has begun. It is planned by the first test here, so that nobody need wait for it."""

from __future__ import annotations

from tests.browser.conftest import NewDevice, Planned
from tests.browser.words import text


def test_meeting_is_held_with_how_the_child_was_heard(new_device: NewDevice, soon: Planned) -> None:
    maria = new_device("maria").open(f"/meetings/{soon.wait()}")
    maria.page.get_by_role("link", name=text("Write what came out of the meeting")).click()
    maria.ready().press("Save and tell everybody")
    maria.sees("Write how the child was heard. It is always needed.")
    maria.write("How was the child heard?", "Berättade med egna bilder.")
    maria.press("Write a decision").write("What was decided?", "Dagen börjar hos Maria")
    maria.press("Save and tell everybody")
    maria.shows("Berättade med egna bilder.").shows("Dagen börjar hos Maria")
