"""From demand to orders: what is needed is met, nothing is counted twice, and every lot keeps to its size."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.orders.definitions.domain.working_time import WorkingTime
from services.orders.demand.domain import (
    Lack,
    LotSizes,
    Plan,
    PlanFault,
    Planner,
    Product,
    PromisedPart,
    Recipe,
    Standing,
    Supply,
    free_quantity,
    lot_quantities,
    parts_taken,
    shortages,
)
from services.orders.products.domain import Bill, BillLine
from shared.kit.shop_calendar import ShopCalendar

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


DUE = NOW + timedelta(days=30)


EVER = date(2026, 1, 1)


def step(op: int = 10, **more: Any) -> Any:
    """An operation of two seconds a piece."""
    usual = {
        "work_center": "W",
        "machine": None,
        "subcontract": False,
        "predecessors": None,
        "ratio": Decimal(1),
        "cycle_s": Decimal(2),
        "per_cycle": Decimal(1),
        "run_s_per_batch": None,
        "batch_size": None,
        "setup_s": Decimal(0),
        "lead_time_d": None,
    }
    return SimpleNamespace(op=op, **usual | more)


def product(
    item: str, *, made: bool = True, decimals: int = 0, lot: LotSizes | None = None, steps: Any = (), **parts: Any
) -> Product:
    """An item made of ``parts`` by quantity."""
    lines = tuple(
        part if isinstance(part, BillLine) else BillLine(code, Decimal(str(part))) for code, part in parts.items()
    )
    bills = (Bill(1, EVER, None, lines),) if lines else ()
    return Product(item, decimals, made, True, lot or LotSizes(), bills, (Recipe(EVER, None, steps),) if steps else ())


def plan(products: list[Product], quantity: Decimal | int, *supplies: Supply, item: str | None = None) -> Plan:
    """The plan for the first of the products."""
    always = WorkingTime(ShopCalendar([], [], {}, ZoneInfo("UTC")))
    planner = Planner({p.item: p for p in products}, supplies, NOW, lambda at: at.date(), always)
    return planner.plan(item or products[0].item, Decimal(quantity), DUE)


BOUGHT = [product("BAR", made=False, decimals=6), product("OIL", made=False, decimals=6)]
CAPS = [
    product(
        "CAP24A",
        CAP24=1,
        INN24=1,
        steps=[step(10, cycle_s=Decimal(0), subcontract=True, lead_time_d=Decimal(3)), step(20)],
    ),
    product("CAP24", PP="3.2", MB="0.08", steps=[step()]),
    product("INN24", PP="1.4"),
    product("PP", made=False, decimals=6),
    product("MB", made=False, decimals=6),
]


def test_a_cap_assembly_is_a_cap_and_an_inner() -> None:
    found = plan(CAPS, 1000)
    assert [(o.key, o.parent, o.item, o.quantity) for o in found.orders] == [
        ("1", None, "CAP24A", 1000),
        ("2", "1", "CAP24", 1000),
        ("3", "1", "INN24", 1000),
    ]
    assert found.materials == {"PP": 4600, "MB": 80}


def test_a_part_is_due_when_what_it_goes_into_begins() -> None:
    top, cap, _ = plan(CAPS, 1000).orders
    assert top.starts_at == DUE - timedelta(days=3, seconds=2000)
    assert cap.due_at == top.starts_at
    assert cap.starts_at == cap.due_at - timedelta(seconds=2000)


def test_a_drum_for_thirty_thousand_pieces_comes_to_ten_for_three_hundred_thousand() -> None:
    products = [product("TOP", GREASE=BillLine("GREASE", Fraction(1, 30_000))), product("GREASE", made=False)]
    assert plan(products, 300_000).materials == {"GREASE": 10}


@given(
    st.integers(1, 10**6),
    st.lists(st.fractions(Fraction(1, 10**6), 1000, max_denominator=10**6), min_size=1, max_size=5),
    st.decimals(0, 20, places=2),
)
def test_what_is_bought_is_exactly_what_the_pieces_take(
    quantity: int, portions: list[Fraction], scrap_pct: Decimal
) -> None:
    """Beside a model that multiplies fractions."""
    lines = {f"P{n}": BillLine(f"P{n}", portion, scrap_pct) for n, portion in enumerate(portions)}
    found = plan([product("TOP", **lines), *(product(code, made=False) for code in lines)], quantity)
    loss = 1 + Fraction(scrap_pct) / 100
    assert found.materials == {f"P{n}": quantity * portion * loss for n, portion in enumerate(portions)}


def test_what_is_on_order_is_not_made_again() -> None:
    found = plan(
        CAPS, 1000, Supply("a", "CAP24", Fraction(300), DUE), Supply("b", "INN24", Fraction(5000), NOW), item="CAP24A"
    )
    _, cap, inner = found.orders
    assert (cap.gross, cap.quantity, [(n.supply, n.quantity) for n in cap.netted]) == (1000, 700, [("a", 300)])
    assert (inner.quantity, [(n.supply, n.quantity) for n in inner.netted]) == (0, [("b", 1000)])
    assert found.materials == {"PP": Fraction("2240"), "MB": 56}


def test_what_a_lot_makes_too_much_is_there_for_the_next_need() -> None:
    products = [
        product("TOP", LEFT=1, RIGHT=1),
        product("LEFT", NUT=1),
        product("RIGHT", NUT=1),
        product("NUT", lot=LotSizes(minimum=Decimal(500))),
    ]
    nuts = [order for order in plan(products, 200).orders if order.item == "NUT"]
    assert [(order.quantity, order.gross) for order in nuts] == [(500, 200), (0, 200)]
    assert [(n.supply, n.exists) for n in nuts[1].netted] == [(nuts[0].key, False)]


def test_scrap_is_taken_along_and_pieces_stay_whole() -> None:
    products = [product("TOP", PART=BillLine("PART", Decimal(1), Decimal("1.5"))), product("PART")]
    assert [order.quantity for order in plan(products, 101).orders] == [101, 103]


def test_a_bought_part_is_never_an_order() -> None:
    products = [product("TOP", NUT=2), product("NUT", made=False)]
    found = plan(products, 7)
    assert ([order.item for order in found.orders], found.materials) == (["TOP"], {"NUT": 14})


@pytest.mark.parametrize(
    ("need", "lot", "lots"),
    [
        (4100, LotSizes(maximum=Decimal(4000)), [4000, 100]),
        (4100, LotSizes(minimum=Decimal(1000), maximum=Decimal(4000)), [3100, 1000]),
        (1100, LotSizes(minimum=Decimal(1000), maximum=Decimal(1000)), [1000, 1000]),
        (10, LotSizes(minimum=Decimal(500), multiple=Decimal(300)), [600]),
        (1000, LotSizes(multiple=Decimal(300), maximum=Decimal(1000)), [900, 300]),
    ],
)
def test_orders_keep_to_the_lot_size(need: int, lot: LotSizes, lots: list[int]) -> None:
    assert lot_quantities(Fraction(need), 0, lot) == lots


def test_a_thousand_orders_are_refused() -> None:
    with pytest.raises(PlanFault, match="too_many_orders"):
        lot_quantities(Fraction(1000), 0, LotSizes(maximum=Decimal(1)))


QUANTITY = st.decimals(min_value="0.01", max_value=100_000, places=2)


LOTS = st.builds(
    lambda a, b, m: LotSizes(min(a, b) if a else None, m, max(a, b, m or Decimal(1)) * 2 if b else None),
    st.one_of(st.just(Decimal(0)), QUANTITY),
    st.one_of(st.just(Decimal(0)), QUANTITY),
    st.one_of(st.none(), st.decimals(min_value=1, max_value=1000, places=0)),
)


@given(need=QUANTITY, decimals=st.sampled_from([0, 6]), lot=LOTS)
def test_lots_are_never_below_the_need(need: Decimal, decimals: int, lot: LotSizes) -> None:
    try:
        lots = lot_quantities(Fraction(need), decimals, lot)
    except PlanFault as fault:
        assume(fault.code != "too_many_orders")
        raise
    assert sum(lots) >= need
    assert all(lot.minimum is None or quantity >= lot.minimum for quantity in lots)
    assert all(lot.maximum is None or quantity <= lot.maximum for quantity in lots)
    assert all(lot.multiple is None or quantity % lot.multiple == 0 for quantity in lots)
    assert sum(lots[:-1]) < need


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[Product], list[Supply]]:
    """Up to six items, each made of later ones, and what is on order of them."""
    count = draw(st.integers(2, 6))
    codes = [f"I{n}" for n in range(count)]
    products = []
    for place, code in enumerate(codes):
        parts = draw(st.lists(st.sampled_from(codes[place + 1 :]), unique=True)) if place < count - 1 else []
        lines = {
            part: BillLine(part, draw(st.decimals("0.001", 10, places=3)), draw(st.decimals(0, 20, places=1)))
            for part in parts
        }
        made = place == 0 or draw(st.booleans())
        lot = draw(st.sampled_from([LotSizes(), LotSizes(minimum=Decimal(50)), LotSizes(multiple=Decimal(12))]))
        products.append(product(code, made=made, decimals=draw(st.sampled_from([0, 6])), lot=lot, **lines))
    supplies = [
        Supply(f"s{n}", code, Fraction(draw(st.integers(1, 500))), DUE - timedelta(days=draw(st.integers(-5, 20))))
        for n, code in enumerate(draw(st.lists(st.sampled_from(codes[1:]), max_size=4)))
    ]
    return products, supplies


@given(shop=shops(), quantity=st.integers(1, 2000))
def test_every_need_is_met_and_nothing_is_promised_twice(
    shop: tuple[list[Product], list[Supply]], quantity: int
) -> None:
    products, supplies = shop
    by_code = {p.item: p for p in products}
    on_order = {supply.key: supply.free for supply in supplies}
    try:
        found = plan(products, quantity, *supplies)
    except PlanFault as fault:
        assume(fault.code != "too_many_orders")
        raise
    needed: defaultdict[tuple[str | None, str], Fraction] = defaultdict(Fraction)
    needed[None, "I0"] = Fraction(quantity)
    bought: defaultdict[str, Fraction] = defaultdict(Fraction)
    for order in found.orders:
        for bill in by_code[order.item].bills:
            for line in bill.lines:
                gross = Fraction(order.quantity) * line.gross
                if by_code[line.component].made:
                    needed[order.key, line.component] += gross
                else:
                    bought[line.component] += gross
    met: defaultdict[tuple[str | None, str], Fraction] = defaultdict(Fraction)
    taken: defaultdict[str, Fraction] = defaultdict(Fraction)
    made = {order.key: Fraction(order.quantity) for order in found.orders}
    for order in found.orders:
        met[order.parent, order.item] += order.gross
        taken[order.key] += order.own
        for netting in order.netted:
            taken[netting.supply] += netting.quantity
        assert 0 <= order.own <= order.quantity
    for (parent, item), need in needed.items():
        if need:
            assert need <= met[parent, item] < need + 1
    assert all(amount <= (made | on_order)[key] for key, amount in taken.items())
    assert found.materials == {code: gross for code, gross in bought.items() if gross}


@pytest.mark.parametrize(
    ("made", "good", "promised", "free"),
    [(100, 0, 0, 100), (100, 60, 0, 40), (100, 30, 60, 40), (60, 60, 0, 0), (60, 10, 100, 0), (110, 110, 60, 0)],
)
def test_only_what_is_still_to_come_and_promised_to_nobody_is_netted(
    made: int, good: int, promised: int, free: int
) -> None:
    assert free_quantity(Decimal(made), Decimal(good), Decimal(promised)) == free


@given(st.lists(st.integers(1, 50), max_size=6), st.integers(0, 200))
def test_who_is_due_first_gets_the_pieces_and_none_is_given_twice(promised: list[int], made: int) -> None:
    """The second model hands the pieces out one by one, down the queue of parents."""
    given_to = [0] * len(promised)
    for _ in range(made):
        waiting = [place for place, quantity in enumerate(promised) if given_to[place] < quantity]
        if waiting:
            given_to[waiting[0]] += 1
    lacks = [quantity - got for quantity, got in zip(promised, given_to, strict=True)]
    assert shortages(Decimal(made), [Decimal(quantity) for quantity in promised]) == lacks


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 80)), min_size=1, max_size=5),
    st.integers(0, 120),
    st.integers(1, 100),
)
def test_an_order_that_is_over_has_taken_its_share_of_what_was_made_first(
    promised: list[tuple[int, int]], begun: int, ordered: int
) -> None:
    parts = [PromisedPart(UUID(int=n), Decimal(q), Decimal(made)) for n, (q, made) in enumerate(promised)]
    taken = parts_taken(parts, Fraction(begun, ordered), 0)
    whole = sum(quantity for quantity, _ in promised)
    assert sum(taken.values()) == min(whole, -(-whole * begun // ordered))
    assert all(0 <= taken[part.supply] <= part.quantity for part in parts)
    if any(taken[part.supply] > part.made for part in parts):
        assert all(taken[part.supply] >= min(part.made, part.quantity) for part in parts)


def test_what_is_missing_is_taken_from_what_is_on_order_and_then_made_with_all_its_parts() -> None:
    products = {p.item: p for p in [product("ARM", PIN=2), product("PIN", BAR="0.5"), product("BAR", made=False)]}
    always = WorkingTime(ShopCalendar([], [], {}, UTC))
    supplies = [Supply("S", "ARM", Fraction(15), DUE)]
    planned = Planner(products, supplies, NOW, lambda at: at.date(), always).plan_missing(
        "P", [Lack("ARM", Decimal(40), DUE)]
    )
    assert [(o.item, o.parent, o.quantity, [n.supply for n in o.netted]) for o in planned.orders] == [
        ("ARM", "P", 25, ["S"]),
        ("PIN", "1", 50, []),
    ]
    assert planned.materials == {"BAR": 25}


def test_an_order_that_came_from_outside_is_given_the_parts_that_nobody_makes_for_it_yet() -> None:
    products = {p.item: p for p in [product("ARM", PIN=2, OIL="0.1"), product("PIN", BAR="0.5"), *BOUGHT]}
    always = WorkingTime(ShopCalendar([], [], {}, UTC))

    def parts(*orders: Standing) -> Plan:
        return Planner(products, [], NOW, lambda at: at.date(), always).plan_parts(orders)

    first = Standing("A", "ARM", Decimal(40), DUE, {"PIN": Fraction(30)})
    later = Standing("B", "ARM", Decimal(10), DUE + timedelta(days=1), {})
    both = parts(later, first)
    assert [(o.item, o.parent, o.quantity) for o in both.orders] == [("PIN", "A", 50), ("PIN", "B", 20)]
    assert both.materials == {"OIL": 5, "BAR": 35}
    begun = parts(replace(later, begun=True))
    assert (begun.orders, begun.materials) == ([], {"OIL": 1})
    frozen = parts(replace(later, lines=[BillLine("PIN", Decimal(3))]))
    assert [(o.item, o.quantity) for o in frozen.orders] == [("PIN", 30)]
    assert parts(replace(later, promised={"PIN": Fraction(20)})).orders == []
