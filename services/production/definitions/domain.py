"""The time of a fact: what its device says, as far as that is possible.

A device's time is believed as far back as the shop's setting says (90 days), and so before the order's release too:
paper is entered later (flag ``before_release``). It is never in the future, and never before what the fact follows
(``late``). What lies farther back, or before the device was enrolled, comes from a clock that is wrong: the fact is
brought to the earliest moment that is possible (``clock``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_TOLERANCE = timedelta(minutes=2)
"""So much a device's clock may differ from the server's without a flag."""


@dataclass(frozen=True)
class EffectiveTime:
    """The time at which a fact counts, and what is unusual about the one that its device gave."""

    at: datetime
    flags: tuple[str, ...] = ()
    has_happened: bool = False
    """It arrived long after it was done: what would only have been forbidden cannot be any more."""

    @property
    def arrival_flags(self) -> list[str]:
        """The flags of a fact that follows nothing: any that came long after it happened is ``late``."""
        is_late = self.has_happened and not {"late", "clock"} & set(self.flags)
        return ["late"] * is_late + list(self.flags)


@dataclass(frozen=True)
class Recording:
    """The circumstances in which a fact is recorded: ``now``, and how far back (``reach``) its device is believed.

    ``received_at`` is when the server first heard of it, where that was before; ``enrolled_at`` when its device was
    enrolled, where one has sent it.
    """

    now: datetime
    reach: timedelta
    enrolled_at: datetime | None = None
    received_at: datetime | None = None

    def effective(
        self,
        at: datetime | None,
        *not_before: datetime | None,
        released_at: datetime | None = None,
        known_at: datetime | None = None,
    ) -> EffectiveTime:
        """The device's time ``at`` as it counts.

        ``released_at`` is when its order was released, ``known_at`` the latest moment of what certainly came before it:
        a time that is not believed is brought behind them.
        """
        received = min(self.received_at or self.now, self.now)
        given = received if at is None else at
        floor = min(received, _latest([received - self.reach, self.enrolled_at]))
        is_believed = floor - given <= CLOCK_TOLERANCE
        made_at = min(received, max(given, floor) if is_believed else _latest([floor, released_at, known_at]))
        effective = _latest([made_at, *not_before])
        flags = []
        if is_believed and effective - made_at > CLOCK_TOLERANCE:
            flags.append("late")
        if not is_believed or given - received > CLOCK_TOLERANCE:
            flags.append("clock")
        if released_at is not None and released_at - effective > CLOCK_TOLERANCE:
            flags.append("before_release")
        return EffectiveTime(effective, tuple(flags), self.now - given > CLOCK_TOLERANCE)


def _latest(moments: Iterable[datetime | None]) -> datetime:
    return max(moment for moment in moments if moment is not None)
