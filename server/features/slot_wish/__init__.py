"""Slot wish: somebody waits with a question for a consultation time.

A time that becomes free is offered to one at a time, in the order they asked, each with a deadline. Nothing identifies
the child. Source: product.md 4, number 8.
"""

from server.features.shape import Feature
from server.features.slot_wish.house import OfferEnd, OfferNext, WishEnd
from server.features.slot_wish.rows import SlotWish, SlotWishRow, project, reminders
from server.features.slot_wish.wishing import Decline, Take, Unwish, Wish
from server.features.slot_wish.withdrawing import Withdraw

feature = Feature(
    entity="slot_wish",
    row=SlotWishRow,
    project=project,
    documents=(SlotWish,),
    reminders=reminders,
    commands=(Wish, Take, Decline, Unwish, Withdraw, WishEnd, OfferNext, OfferEnd),
    overrides=frozenset({"slot_offered", "slot_offer_gone"}),
    said_in={"slot_offered": ("offered",), "slot_offer_gone": ("waiting",)},
)
