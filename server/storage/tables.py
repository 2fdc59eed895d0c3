"""Tables: the shape of what is stored, for Piccolo's typed queries.

The truth about columns is `schema/`; a test holds the two against each other. Ids and instants are text on both
engines (see `server.domain.instants`), counters are big integers, and there are no booleans.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Meta(Table, tablename="meta"):
    key = Text(primary_key=True)
    value = Text()


class Account(Table, tablename="account"):
    id = Text(primary_key=True)
    name = Text()
    language = Text()
    created_at = Text()
    ended_at = Text(null=True, default=None)


class Seat(Table, tablename="seat"):
    id = Text(primary_key=True)
    account_id = Text()
    kind = Text()
    unit_id = Text(null=True, default=None)
    area_id = Text(null=True, default=None)
    organisation_id = Text(null=True, default=None)
    created_at = Text()
    ended_at = Text(null=True, default=None)


class Session(Table, tablename="session"):
    id = Text(primary_key=True)
    token_hash = Text()
    account_id = Text()
    seat_id = Text()
    assurance = Text()
    label = Text()
    created_at = Text()
    seen_at = Text()
    idle_until = Text()
    absolute_until = Text()
    ended_at = Text(null=True, default=None)
    end_reason = Text(null=True, default=None)
    previous_hash = Text(null=True, default=None)


class Invitation(Table, tablename="invitation"):
    id = Text(primary_key=True)
    token_hash = Text()
    code_hash = Text()
    kind = Text()
    aggregate_id = Text()
    subject = Text()
    created_by = Text()
    created_at = Text()
    expires_at = Text()
    used_at = Text(null=True, default=None)
    used_by = Text(null=True, default=None)
    tries = BigInt()


class Passkey(Table, tablename="passkey"):
    id = Text(primary_key=True)
    account_id = Text()
    credential_id = Text()
    public_key = Text()
    sign_count = BigInt()
    label = Text()
    transports = Text()
    created_at = Text()
    used_at = Text(null=True, default=None)
    backed_up = BigInt()


class Challenge(Table, tablename="challenge"):
    id = Text(primary_key=True)
    kind = Text()
    value = Text()
    account_id = Text(null=True, default=None)
    session_id = Text(null=True, default=None)
    created_at = Text()
    expires_at = Text()
    used_at = Text(null=True, default=None)
    data = Text()


class Guess(Table, tablename="guess"):
    bucket = Text(primary_key=True)
    window_start = Text()
    count = BigInt()  # type: ignore[assignment]


class Identity(Table, tablename="identity"):
    issuer = Text(primary_key=True)
    subject = Text()
    account_id = Text()


class Aggregate(Table, tablename="aggregate"):
    id = Text(primary_key=True)
    kind = Text()
    owner_unit = Text()
    changed_at = Text()


class Record(Table, tablename="record"):
    id = Text(primary_key=True)
    entity = Text()
    aggregate_id = Text()
    owner_unit = Text()
    body = Text()
    updated_at = Text()


class Scope(Table, tablename="scope"):
    id = BigInt(primary_key=True)
    name = Text()
    version = BigInt()
    holders_version = BigInt()
    live = BigInt()
    digest = BigInt()
    horizon = BigInt()
    store = Text()


class Feed(Table, tablename="feed"):
    scope_id = BigInt(primary_key=True)
    entity = Text()
    doc_id = Text()
    version = BigInt()
    doc = Text(null=True, default=None)
    hash = Text()
    aggregate_id = Text()
    changed_at = Text()


class Grant(Table, tablename="grant_"):
    seat_id = Text(primary_key=True)
    scope_id = BigInt()
    aggregate_id = Text()
    valid_until = Text()


class Touched(Table, tablename="touched"):
    seq = BigInt(primary_key=True)
    xid = BigInt()
    scope_id = BigInt(null=True, default=None)
    session_id = Text(null=True, default=None)
    at = Text()


class Replica(Table, tablename="replica"):
    id = Text(primary_key=True)
    account_id = Text()
    seat_id = Text()
    session_id = Text()
    last_n = BigInt()
    assurance = Text()
    created_at = Text()
    seen_at = Text()


class Receipt(Table, tablename="receipt"):
    account_id = Text(primary_key=True)
    seat_id = Text()
    replica_id = Text()
    n = BigInt()
    command_id = Text()
    first = BigInt()
    answer = Text()
    decided_at = Text()


class AccessRead(Table, tablename="access_read"):
    id = Text(primary_key=True)
    seat_id = Text()
    entity = Text()
    doc_id = Text()
    aggregate_id = Text(null=True, default=None)
    held = BigInt()
    acted_at = Text()
    noted_at = Text()


class Purge(Table, tablename="purge"):
    scope_id = BigInt(primary_key=True)
    replica_id = Text()
    aggregate_id = Text()
    ended_at = Text()
    dropped_at = Text(null=True, default=None)


class Audit(Table, tablename="audit"):
    organisation_id = Text(primary_key=True)
    seq = BigInt()
    at = Text()
    seat_id = Text()
    action = Text()
    subject = Text()
    outcome = Text()
    detail = Text()
    previous = Text()
    hash = Text()


class AuditHead(Table, tablename="audit_head"):
    organisation_id = Text(primary_key=True)
    seq = BigInt()
    hash = Text()


class PushSubscription(Table, tablename="push_subscription"):
    id = Text(primary_key=True)
    account_id = Text()
    seat_id = Text()
    session_id = Text()
    endpoint = Text()
    p256dh = Text()
    auth = Text()
    lang = Text()
    created_at = Text()
    confirm_token = Text()
    confirmed_at = Text(null=True, default=None)
    dead_at = Text(null=True, default=None)
    last_ok_at = Text(null=True, default=None)


class Reminder(Table, tablename="reminder"):
    id = Text(primary_key=True)
    aggregate_id = Text()
    record_id = Text()
    kind = Text()
    account_id = Text()
    due_at = Text()
    state = Text()
    claimed_until = Text(null=True, default=None)
    attempts = BigInt()
    sent_at = Text(null=True, default=None)
    data = Text()


class Delivery(Table, tablename="delivery"):
    id = Text(primary_key=True)
    reminder_id = Text()
    subscription_id = Text()
    state = Text()
    attempts = BigInt()
    next_at = Text()
    status = BigInt(null=True, default=None)
    at = Text()


class CalendarLink(Table, tablename="calendar_link"):
    seat_id = Text(primary_key=True)
    secret_hash = Text()
    made_at = Text()
