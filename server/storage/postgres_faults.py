"""What asyncpg and the network raise, in the house's own words."""

from __future__ import annotations

from types import TracebackType

import asyncpg

from server.storage.engine import BrokenTransaction, ConstraintFault, TransientFault

_TRANSIENT_STATES = ("08", "25006", "40", "53", "55P03", "57P", "57014", "58", "25P03", "25P04")
_CONSTRAINT_STATES = "23"


def fault_of(error: BaseException) -> Exception | None:
    """The house's name for `error` (of asyncpg or the network), or None when it is a mistake in the
    program.
    """
    if isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError)):
        state = str(getattr(error, "sqlstate", None) or "")
        if state.startswith(_TRANSIENT_STATES) or isinstance(error, asyncpg.InvalidCachedStatementError):
            return TransientFault(f"{state} {type(error).__name__}")
        if state.startswith(_CONSTRAINT_STATES):
            return ConstraintFault(f"{state} {getattr(error, 'constraint_name', None) or error}")
        if isinstance(error, asyncpg.InFailedSQLTransactionError):
            return BrokenTransaction("an earlier statement failed")
        # A connection that dies is taken back by the pool while we still hold it ("released").
        gone = isinstance(error, asyncpg.InterfaceError) and any(
            word in str(error) for word in ("closed", "closing", "released")
        )
        return TransientFault(str(error)) if gone else None
    if isinstance(error, (OSError, TimeoutError, asyncpg.TargetServerAttributeNotMatched)):
        return TransientFault(f"{type(error).__name__}: {error}")
    return None


class Guard:
    """Turns the driver's errors into the house's; one object for all, it holds nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            fault = fault_of(error)
            if fault is not None:
                raise fault from error


guard = Guard()
