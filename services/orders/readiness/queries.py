"""Reads of readiness: the facts, the report in the reader's language, and the evidence."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.queries import list_all, load_units
from services.orders.definitions.tables import Definition, Item, Machine, Reason, Tool, WorkCenter
from services.orders.exchange.queries.rejected import rejected_rows
from services.orders.instructions.queries import instruction_codes, load_approved
from services.orders.products.domain import run_of
from services.orders.products.queries.revisions import load_present
from services.orders.products.tables import BomLine, BomRevision, RoutingOperation, RoutingRevision
from services.orders.readiness.domain import (
    Facts,
    Finding,
    ItemFacts,
    Measured,
    PortionFacts,
    RejectedFact,
    Severity,
    StepFacts,
    bom_page,
    find,
    fits_rule,
    others_on_the_cycle,
    page_of,
)
from services.orders.readiness.schemas import CodeRuleOut, EvidenceOut, FindingOut, PageLink, ReadinessOut, Share
from services.orders.readiness.tables import CodeRule, RecordedDay
from services.orders.work_orders.queries.orders import count_released
from shared.kit.problem import Messages
from shared.kit.quantities import exact
from shared.kit.units import Units

RUNS = 20
"""An operation's measured time is that of its newest finished jobs, as many as these."""
CODED: Mapping[str, type[Definition]] = {
    "items": Item,
    "work_centers": WorkCenter,
    "machines": Machine,
    "tools": Tool,
    "reasons": Reason,
}


async def gather(session: AsyncSession, today: date) -> Facts:
    """Everything that the checks look at."""
    entries = {kind: [row for row in await list_all(session, table) if row.active] for kind, table in CODED.items()}
    items = [row for row in entries["items"] if isinstance(row, Item)]
    machines = Counter(row.work_center for row in entries["machines"] if isinstance(row, Machine))
    made = {item.code for item in items}
    units = await load_units(session)
    boms = await load_present(session, BomRevision, BomLine, None, today)
    routings = {item: steps for item, steps in (await _routings(session, today, machines)).items() if item in made}
    return Facts(
        items=[_item(item, units) for item in items],
        routings=routings,
        boms={item: [line.component for line in lines] for item, (_, lines) in boms.items() if item in made},
        portions=_portions({item: lines for item, (_, lines) in boms.items() if item in made}, items, units),
        codes={kind: [row.code for row in rows] for kind, rows in entries.items()}
        | {"instructions": await instruction_codes(session)},
        rules={row.kind: row.rule for row in await session.scalars(select(CodeRule))},
        measured=await _measured(session, [(item, step.op) for item, steps in routings.items() for step in steps]),
        rejected=[
            RejectedFact(row["kind"], row["key"], row["file"], row["row"], row["errors"])
            for row in await rejected_rows(session)
        ],
    )


def _item(item: Item, units: Units) -> ItemFacts:
    name = item.name.get("ko") or next(iter(item.name.values()), "")
    return ItemFacts(
        item.code, name, item.kind, item.unit, item.supply == "make", is_unit_known=units.find(item.unit) is not None
    )


def _portions(
    boms: Mapping[str, Sequence[BomLine]], items: Sequence[Item], units: Units
) -> dict[str, list[PortionFacts]]:
    components = {item.code: item for item in items}
    portions = {
        item: [
            PortionFacts(
                part.component,
                part.quantity,
                part.unit,
                exact(part.factor),
                units.factor(part.unit, components[part.component].stock_unit),
            )
            for line in lines
            for part in line.portions
            if part.unit and part.factor and part.component in components
        ]
        for item, lines in boms.items()
    }
    return {item: found for item, found in portions.items() if found}


async def _routings(session: AsyncSession, today: date, machines: Mapping[str, int]) -> dict[str, list[StepFacts]]:
    present = await load_present(session, RoutingRevision, RoutingOperation, None, today)
    named = {step.instruction for _, steps in present.values() for step in steps if step.instruction}
    approved = await load_approved(session, named)
    routings: dict[str, list[StepFacts]] = {}
    for item, (_, steps) in present.items():
        routings[item] = []
        for step in steps:
            seconds, pieces = run_of(step)
            routings[item].append(
                StepFacts(
                    op=step.op,
                    subcontract=step.subcontract,
                    machine=step.machine,
                    machines_at_work_center=machines.get(step.work_center or "", 0),
                    piece_s=seconds / pieces,
                    lead_time_d=step.lead_time_d,
                    instruction=step.instruction,
                    instruction_approved=step.instruction in approved,
                )
            )
    return routings


MEASURED = text(
    "SELECT step.item, step.op, sum(newest.seconds), sum(newest.pieces)"
    " FROM unnest(CAST(:items AS text[]), CAST(:ops AS int[])) AS step (item, op), LATERAL ("
    "SELECT seconds, pieces FROM measured_run r WHERE r.item = step.item AND r.op = step.op"
    " AND finished_at IS NOT NULL AND pieces > 0 ORDER BY finished_at DESC LIMIT :runs) AS newest"
    " GROUP BY step.item, step.op"
)
"""The newest runs of each step by the index, whatever came before them."""


async def _measured(session: AsyncSession, steps: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Measured]:
    """Running time and pieces of the newest finished jobs of each operation."""
    keys = {"items": [item for item, _ in steps], "ops": [op for _, op in steps], "runs": RUNS}
    return {
        (item, op): Measured(seconds, pieces)
        for item, op, seconds, pieces in await session.execute(MEASURED, keys)
        if pieces is not None
    }


async def report(session: AsyncSession, now: datetime, today: date, messages: Messages, language: str) -> ReadinessOut:
    """Everything to be mended, in the reader's language."""
    facts = await gather(session, today)
    found = find(facts)
    severities = Counter(finding.severity for finding in found)
    return ReadinessOut(
        checked_at=now,
        items=len(facts.items),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        by_code=dict(Counter(finding.code for finding in found)),
        findings=[_shown(finding, messages, language) for finding in found],
    )


def _shown(finding: Finding, messages: Messages, language: str) -> FindingOut:
    params = dict(finding.params)
    if finding.code == "row_rejected":
        reasons = [messages.text(language, error["code"], error["params"]) for error in params["errors"]]
        params["reasons"] = " · ".join(dict.fromkeys(reasons))
    return FindingOut(
        code=finding.code,
        severity=finding.severity,
        kind=finding.kind,
        key=finding.key,
        field=finding.field,
        message=messages.text(language, finding.code, params),
        params=params,
        page=page_of(finding),
        also=[PageLink(key=item, page=bom_page(item)) for item in others_on_the_cycle(finding)],
    )


async def code_rules(session: AsyncSession) -> list[CodeRuleOut]:
    """The rules with the number of codes that follow them."""
    shown = []
    for row in await session.scalars(select(CodeRule).order_by(col(CodeRule.kind))):
        table = CODED.get(row.kind)
        if table is None:
            codes: Sequence[str] = await instruction_codes(session)
        else:
            codes = [entry.code for entry in await list_all(session, table) if entry.active]
        off = sum(not fits_rule(code, row.rule) for code in codes)
        shown.append(CodeRuleOut(kind=row.kind, rule=row.rule, codes=len(codes), off_rule=off))
    return shown


async def evidence(session: AsyncSession, site: str, since: date, today: date) -> EvidenceOut:
    """The evidence that JS1 asks for, as of ``today``; records and orders of the days after ``since``."""
    facts = await gather(session, today)
    found = find(facts)
    days = list(
        await session.scalars(
            select(RecordedDay)
            .where(RecordedDay.business_date > since, RecordedDay.business_date <= today)
            .order_by(col(RecordedDay.business_date))
        )
    )
    return EvidenceOut(
        as_of=today,
        site=site,
        shares=shares(facts, found),
        errors=sum(finding.severity is Severity.ERROR for finding in found),
        warnings=sum(finding.severity is Severity.WARNING for finding in found),
        days=[day.business_date for day in days],
        weeks_with_records=len({(today - day.business_date).days // 7 for day in days}),
        results=sum(day.results for day in days),
        orders_released=await count_released(session, since),
    )


def shares(facts: Facts, found: Sequence[Finding]) -> list[Share]:
    """The shares of items, structures, operations and codes that have nothing to mend."""
    wrong: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding in found:
        wrong[finding.code].add((finding.key, finding.field))
    made = [item for item in facts.items if item.is_made]
    own = [step for steps in facts.routings.values() for step in steps if not step.subcontract]
    codes = sum(len(of_kind) for of_kind in facts.codes.values())

    def share(key: str, total: int, *missing: str) -> Share:
        return Share(key=key, ready=max(0, total - sum(len(wrong[code]) for code in missing)), total=total)

    return [
        share("units", len(facts.items), "unit_missing"),
        share("routings", len(made), "routing_missing"),
        share("boms", len(made), "bom_missing", "bom_cycle"),
        share("times", len(own), "time_missing"),
        share("machines", len(own), "machine_missing"),
        share("instructions", len(own), "instruction_missing", "instruction_not_approved"),
        share("codes", codes, "code_alike", "code_off_rule"),
    ]
