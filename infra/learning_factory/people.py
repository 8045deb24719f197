"""What people do around the operations of a history: they come and go, hand over, look, ask, and mend."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from infra.learning_factory.facts import (
    AcceptReport,
    Attend,
    Call,
    DraftInstruction,
    Fact,
    Give,
    HandOver,
    HoldLot,
    HoldOrder,
    JobFact,
    LookAtFlags,
    MadeWithoutOrder,
    OrdersArrive,
    PrintLabel,
    ReadHandover,
    ReadInstruction,
    Report,
    SendOut,
    Start,
    UnknownLot,
)
from infra.learning_factory.hours import WorkingDay
from infra.learning_factory.running import Run
from infra.learning_factory.shop import Shop

MINUTE = dt.timedelta(minutes=1)
NOTES = (
    "금형 우측 가이드핀 급유했습니다. 시작할 때 한 번 더 봐 주세요.",
    "코일 남은 양은 라벨에 적어 두었습니다. 다음 로트부터 걸면 됩니다.",
    "버가 조금 커지고 있습니다. 2시간마다 게이지로 확인 부탁합니다.",
    "Điện cực đã thay lúc 17 giờ. Nhớ lau sau mỗi 500 mối hàn.",
    "센서 케이블이 헐거워서 테이프로 고정했습니다. 보전에 말해 두었습니다.",
    "박스가 모자랍니다. 아침에 자재에서 받아 오세요.",
)
ATTENDED = 4
"""On the last days of the history people have noted when they come and go."""
QUIET = dt.timedelta(minutes=100)
"""An order on which nothing happened for so long before the end can be the one that is held."""


def around(shop: Shop, days: Sequence[WorkingDay], facts: list[Fact], runs: Sequence[Run]) -> Iterator[Fact]:
    """What goes on beside ``facts``, which are changed where a leader's decision comes in between."""
    _read_once(facts)
    yield from _attendance(shop, days, facts)
    yield from _handovers(shop, days, runs)
    yield from _habits(shop, days)
    yield from _decision(shop, facts, days)
    yield from _trouble(shop, facts, days[-1].ends)
    yield from _open_ends(shop, days, runs)


def _read_once(facts: list[Fact]) -> None:
    """Everybody reads an instruction when they first work by it."""
    read: set[tuple[str, str | None, int]] = set()
    for fact in sorted((one for one in facts if isinstance(one, ReadInstruction)), key=lambda one: one.at):
        which = (fact.person, fact.machine, fact.op)
        if which in read:
            facts.remove(fact)
        read.add(which)


def _attendance(shop: Shop, days: Sequence[WorkingDay], facts: Sequence[Fact]) -> Iterator[Fact]:
    office = set(shop.people.office)
    for number, day in enumerate(days[-ATTENDED:]):
        machines = {fact.person: fact.machine for fact in facts if day.begins <= fact.at <= day.ends and fact.machine}
        chance = shop.chance("attendance", number)
        for person in sorted(machines.keys() - office | {shop.people.leader}):
            early = 32 if person in office else chance.randint(4, 14)
            machine = None if person in office else machines[person]
            yield Attend(at=day.begins - early * MINUTE, person=person, machine=machine, comes=True)
            if day is not days[-1]:
                yield Attend(at=day.ends + chance.randint(3, 12) * MINUTE, person=person, machine=machine, comes=False)


def _handovers(shop: Shop, days: Sequence[WorkingDay], runs: Sequence[Run]) -> Iterator[Fact]:
    """Who leaves an unfinished operation leaves a note for who goes on with it."""
    for number, (day, following) in enumerate(itertools.pairwise(days)):
        unfinished = [run for run in runs if run.facts[0].at < day.ends and (run.ends is None or run.ends > day.ends)]
        for run in unfinished[:1]:
            machine = run.step.machine or ""
            key = f"{machine}/{number}"
            note = shop.chance("note", key).choice(NOTES)
            leaves, comes = (shop.people.at(machine, turn // 2) for turn in (number, number + 1))
            yield HandOver(at=day.ends - 4 * MINUTE, person=leaves, machine=machine, key=key, note=note)
            yield ReadHandover(at=following.begins + 2 * MINUTE, person=comes, machine=machine, key=key)


def _habits(shop: Shop, days: Sequence[WorkingDay]) -> Iterator[Fact]:
    """The leader looks at what is out of the ordinary."""
    for day in days[:-2:2]:
        yield LookAtFlags(at=day.ends - 20 * MINUTE, person=shop.people.leader, reason="작업자에게 확인함")


def _decision(shop: Shop, facts: list[Fact], days: Sequence[WorkingDay]) -> Iterator[Fact]:
    """A report that a tablet could not get done is let stand by the leader, before its operation ends."""
    middle = days[len(days) * 2 // 3].begins
    first = {product.steps[0].machine for product in shop.products.values()}
    for index, fact in enumerate(facts):
        is_plain = isinstance(fact, Report) and not fact.delay and fact.typed == fact.good
        if isinstance(fact, Report) and is_plain and fact.machine in first and fact.at > middle:
            decided = fact.at + 35 * MINUTE
            later = [one for one in facts if isinstance(one, JobFact) and (one.order, one.op) == (fact.order, fact.op)]
            if any(isinstance(one, Report) and one.at > decided + 20 * MINUTE for one in later):
                facts[index] = replace(fact, refused=True)
                where: dict[str, Any] = {"order": fact.order, "op": fact.op, "key": fact.key}
                person = shop.people.leader
                yield AcceptReport(
                    at=decided, person=person, reason="현장 확인, 수량 맞음", machine=fact.machine, **where
                )
                return


def _trouble(shop: Shop, facts: Sequence[Fact], now: dt.datetime) -> Iterator[Fact]:
    """An order that was begun and waits is held, with the coil that it was made of: the one with most before it."""
    last: dict[str, dt.datetime] = {}
    for fact in facts:
        if isinstance(fact, JobFact):
            last[fact.order] = max(last.get(fact.order, fact.at), fact.sent_at)
    done = {fact.order for fact in facts if isinstance(fact, SendOut | PrintLabel)}
    items = {
        line.external_id: line.demand.item for fact in facts if isinstance(fact, OrdersArrive) for line in fact.lines
    }
    begun = {fact.order for fact in facts if isinstance(fact, Start)}
    quiet = [order for order, at in last.items() if at < now - QUIET and order in begun and order not in done]
    quiet.sort(key=lambda order: (len(shop.products[items[order]].steps), last[order], order))
    for order in quiet[-1:]:
        at = now - 85 * MINUTE
        yield HoldOrder(at=at, person=shop.people.planner, order=order, reason="품질 확인 대기")
        gifts = [fact for fact in facts if isinstance(fact, Give)]
        own = [fact for fact in gifts if fact.order == order]
        in_use = {fact.lot for fact in gifts if fact.at > now - dt.timedelta(days=1) and fact.order != order}
        for give in own[-1:]:
            if give.lot not in in_use:
                yield HoldLot(
                    at=at + 2 * MINUTE, person=shop.people.quality, lot=give.lot, reason="크랙 발생, 성적서 재확인"
                )


def _open_ends(shop: Shop, days: Sequence[WorkingDay], runs: Sequence[Run]) -> Iterator[Fact]:
    """What is still to be decided when the history ends."""
    now = days[-1].ends
    at_work = [run for run in runs if run.ends is None or run.ends > now - 30 * MINUTE]
    for run in at_work[:1]:
        machine, person = run.step.machine or "", run.operator
        key = f"{machine}/now"
        yield Call(
            at=now - 6 * MINUTE,
            person=person,
            machine=machine,
            key=key,
            kind="material",
            note="박스와 팔레트 부탁합니다",
        )
        yield MadeWithoutOrder(
            at=now - 52 * MINUTE, person=person, machine=machine, item=run.order.item, good=45, note="금형 시타 후 양품"
        )
    for run in [run for run in runs if run.step.materials][-1:]:
        where: dict[str, Any] = {"order": run.order.key, "op": run.step.op, "machine": run.step.machine}
        component = next(iter(run.step.materials))
        lot = f"{shop.supplies[component].prefix}{now:%y%m}-77"
        person = run.operator
        at = max(run.facts[0].at + 3 * MINUTE, now - 41 * MINUTE)
        yield UnknownLot(at=at, person=person, lot=lot, component=component, quantity=Decimal(400), **where)
    for one in shop.factory.instructions[:1]:
        remark = {
            "ko": "버 높이 0.10 mm부터 반장에게 알립니다.",
            "en": "Tell the leader from a burr of 0.10 mm on.",
            "vi": "Bavia từ 0.10 mm: báo tổ trưởng.",
        }
        yield DraftInstruction(
            at=days[-1].begins + 30 * MINUTE, person=shop.people.quality, code=one.code, remark=remark
        )
