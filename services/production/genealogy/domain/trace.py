"""Steps of a trace, and the mass balance of a recall: what can be accounted for in percent of what there was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


def depths(start: str, ends: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The number of steps that each lot is from ``start``, by the shortest path; ``ends`` lead away from it."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    for near, far in ends:
        after[near].append(far)
    depth, edge = {start: 0}, [start]
    while edge:
        edge = [
            far for near in edge for far in after[near] if depth.setdefault(far, depth[near] + 1) == depth[near] + 1
        ]
        edge = list(dict.fromkeys(edge))
    return depth


@dataclass(frozen=True)
class Balance:
    """The whereabouts of what there was: of what came in, and of what stock counts have found beyond it.

    ``used`` is in products by the records, ``at_jobs`` lies at jobs that are still open. ``counted`` is what counts
    have added and taken away together.
    """

    came_in: Decimal = Decimal(0)
    remaining: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    at_jobs: Decimal = Decimal(0)
    counted: Decimal = Decimal(0)

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.came_in + other.came_in,
            self.remaining + other.remaining,
            self.shipped + other.shipped,
            self.used + other.used,
            self.at_jobs + other.at_jobs,
            self.counted + other.counted,
        )

    @property
    def found(self) -> Decimal:
        """The quantity that counts have found beyond what came in."""
        return max(Decimal(0), self.counted)

    @property
    def accounted(self) -> Decimal:
        """The quantity of which it is known where it is."""
        return self.remaining + self.shipped + self.used + self.at_jobs

    @property
    def unexplained(self) -> Decimal:
        """The quantity that was there and is nowhere: stock-count losses, and what was issued and is in no product.

        Negative: more went out than there was.
        """
        return self.came_in + self.found - self.accounted

    @property
    def percent(self) -> Decimal | None:
        """Accounted for, in percent of what there was (mass balance of a recall drill), to one decimal place.

        None when there was nothing.
        """
        there = self.came_in + self.found
        return (self.accounted / there * 100).quantize(Decimal("0.1")) if there > 0 else None
