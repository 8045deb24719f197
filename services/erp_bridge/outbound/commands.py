"""What is confirmed to an ERP, to whom it is sent, and how that went."""

import base64
import dataclasses
import json
import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.erp_bridge.adapters.domain import Outcome
from services.erp_bridge.inbound.queries import ordered_quantities, quantities_of_orders
from services.erp_bridge.outbound.domain import (
    ENDED,
    Confirmed,
    DeliveryState,
    is_given_up,
    rest_after_refusal,
    wait_after,
)
from services.erp_bridge.outbound.queries import describe_delivery
from services.erp_bridge.outbound.schemas import DeliveryOut, NewWebhookOut, WebhookIn, WebhookOut
from services.erp_bridge.outbound.tables import Confirmation, Delivery, Webhook
from shared.contracts.erp.outbound import DeliveryChanged
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem

LOCK_LEDGER = text(
    "INSERT INTO ledger (id, last) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET last = ledger.last RETURNING last"
)
KNOWN = text(
    "SELECT id, job, final FROM confirmation WHERE id = ANY(CAST(:ids AS uuid[])) OR (final AND job = ANY(CAST(:jobs AS uuid[])))"
)
WEBHOOKS = text("SELECT id FROM webhook WHERE removed_at IS NULL")
APPEND = text(
    "WITH moved AS (UPDATE ledger SET last = :last)"
    " INSERT INTO confirmation (position, id, external_id, work_order, number, op, item, job, good, scrap, rework, started_at, finished_at,"
    " final, total_good, total_scrap, total_rework, recorded_at, order_quantity)"
    " SELECT * FROM unnest(CAST(:position AS bigint[]), CAST(:id AS uuid[]), CAST(:external_id AS text[]), CAST(:work_order AS uuid[]),"
    " CAST(:number AS text[]), CAST(:op AS int[]), CAST(:item AS text[]), CAST(:job AS uuid[]), CAST(:good AS numeric[]), CAST(:scrap AS jsonb[]),"
    " CAST(:rework AS numeric[]), CAST(:started_at AS timestamptz[]), CAST(:finished_at AS timestamptz[]), CAST(:final AS boolean[]),"
    " CAST(:total_good AS numeric[]), CAST(:total_scrap AS numeric[]), CAST(:total_rework AS numeric[]), CAST(:recorded_at AS timestamptz[]), CAST(:order_quantity AS numeric[]))"
)
SEE_JOBS = text(
    "INSERT INTO operation_job (job, external_id, op, state)"
    " SELECT * FROM unnest(CAST(:jobs AS uuid[]), CAST(:ids AS text[]), CAST(:ops AS int[]), CAST(:states AS text[]))"
    " ON CONFLICT (job) DO UPDATE SET state = excluded.state"
)
JOBS_OF = text("SELECT external_id, op, state FROM operation_job WHERE external_id = ANY(CAST(:ids AS text[]))")
TOTALS_OF = text(
    "SELECT external_id, op, sum(good) AS good, sum(rework) AS rework,"
    " sum((SELECT coalesce(sum((entry->>'quantity')::numeric), 0) FROM jsonb_array_elements(scrap) AS entry)) AS scrap"
    " FROM confirmation WHERE external_id = ANY(CAST(:ids AS text[])) GROUP BY external_id, op"
)
QUANTITIES_TOLD = text(
    "SELECT DISTINCT ON (external_id) external_id, order_quantity FROM confirmation"
    " WHERE external_id = ANY(CAST(:ids AS text[])) AND order_quantity IS NOT NULL ORDER BY external_id, position DESC"
)
COLUMNS = tuple(field.name for field in dataclasses.fields(Confirmed))
DELIVER = text(
    "INSERT INTO delivery (id, webhook, position, state, attempts, version)"
    " SELECT id, webhook, position, 'pending', 0, 0"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:webhooks AS uuid[]), CAST(:positions AS bigint[])) AS d (id, webhook, position)"
)
DELIVERED = text(
    "UPDATE delivery SET state = 'delivered', attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, :now), delivered_at = :now,"
    " next_attempt_at = NULL, last_error = NULL, version = version + 1"
    " WHERE id = ANY(CAST(:ids AS uuid[])) AND state <> 'delivered' RETURNING id, position, attempts, version"
)
ANSWERED = text(
    "UPDATE webhook SET delivered = delivered + :count, failures = 0, rests_until = NULL WHERE id = :webhook"
)


async def confirm(tx: Transaction, confirmed: Sequence[Confirmed]) -> None:
    """Append to the ledger, in the order given, what is not there yet, and make its deliveries."""
    last = (await tx.session.execute(LOCK_LEDGER)).scalar_one()
    finals = [entry.job for entry in confirmed if entry.final]
    known = (await tx.session.execute(KNOWN, {"ids": [entry.id for entry in confirmed], "jobs": finals})).all()
    ids, finished = {row.id for row in known}, {row.job for row in known if row.final}
    new: list[Confirmed] = []
    for entry in confirmed:
        if entry.id in ids or (entry.final and entry.job in finished):
            continue
        ids.add(entry.id)
        if entry.final:
            finished.add(entry.job)
        new.append(entry)
    if not new:
        return
    new = await _over_all_parts(tx, new)
    columns: dict[str, Any] = {name: [getattr(entry, name) for entry in new] for name in COLUMNS}
    columns["scrap"] = [json.dumps(scrap) for scrap in columns["scrap"]]
    positions = range(last + 1, last + 1 + len(new))
    await tx.session.execute(APPEND, columns | {"position": list(positions), "last": positions[-1]})
    pairs = [(webhook, position) for webhook in await tx.session.scalars(WEBHOOKS) for position in positions]
    if pairs:
        made = {
            "ids": [new_id() for _ in pairs],
            "webhooks": [webhook for webhook, _ in pairs],
            "positions": [position for _, position in pairs],
        }
        await tx.session.execute(DELIVER, made)


async def _over_all_parts(tx: Transaction, new: Sequence[Confirmed]) -> list[Confirmed]:
    """The entries with their order's quantity and, of split orders, the totals of all parts together."""
    ids = sorted({entry.external_id for entry in new})
    quantities = await quantities_of_orders(tx.session, ids)
    jobs = Counter((row.external_id, row.op) for row in await tx.session.execute(JOBS_OF, {"ids": ids}))
    split = sorted({external_id for (external_id, _), count in jobs.items() if count > 1})
    sums = {}
    if split:
        rows = await tx.session.execute(TOTALS_OF, {"ids": split})
        sums = {(row.external_id, row.op): (row.good, row.scrap, row.rework) for row in rows}
    completed = []
    for entry in new:
        operation = (entry.external_id, entry.op)
        more: dict[str, Any] = {"order_quantity": quantities.get(entry.external_id)}
        if entry.op is not None and entry.external_id in split:
            scrap = sum((Decimal(scrapped["quantity"]) for scrapped in entry.scrap), Decimal(0))
            good, scrapped_before, rework = sums.get(operation, (Decimal(0),) * 3)
            sums[operation] = (good + entry.good, scrapped_before + scrap, rework + entry.rework)
            more |= dict(zip(("total_good", "total_scrap", "total_rework"), sums[operation], strict=True))
        completed.append(dataclasses.replace(entry, **more))
    return completed


async def follow_jobs(tx: Transaction, seen: Sequence[tuple[str, Confirmed]]) -> None:
    """Keep the jobs' states; confirm the end of an operation when all its jobs have ended and one was done. ``seen``: state, end."""
    await tx.session.execute(LOCK_LEDGER)
    last = {end.job: (state, end) for state, end in seen}
    columns = {
        "jobs": list(last),
        "ids": [end.external_id for _, end in last.values()],
        "ops": [end.op for _, end in last.values()],
        "states": [state for state, _ in last.values()],
    }
    await tx.session.execute(SEE_JOBS, columns)
    ended = {(end.external_id, end.op): end for state, end in last.values() if state in ENDED}
    if not ended:
        return
    states: defaultdict[tuple[str, int | None], set[str]] = defaultdict(set)
    for row in await tx.session.execute(JOBS_OF, {"ids": sorted({external_id for external_id, _ in ended})}):
        states[row.external_id, row.op].add(row.state)
    finals = [end for operation, end in ended.items() if "done" in states[operation] <= set(ENDED)]
    if finals:
        await confirm(tx, finals)


async def confirm_quantities(tx: Transaction, changed: Sequence[Confirmed]) -> None:
    """Confirm what is to be made of orders now, where the ledger, or before its first entry the ERP itself, says otherwise."""
    await tx.session.execute(LOCK_LEDGER)
    last = {entry.external_id: entry for entry in changed}
    told = await ordered_quantities(tx.session, list(last))
    told |= {
        row.external_id: row.order_quantity for row in await tx.session.execute(QUANTITIES_TOLD, {"ids": list(last)})
    }
    now = await quantities_of_orders(tx.session, list(last))
    different = [entry for external_id, entry in last.items() if told.get(external_id) != now[external_id]]
    if different:
        await confirm(tx, different)


async def create_webhook(tx: Transaction, body: WebhookIn) -> NewWebhookOut:
    """Begin to send what is confirmed from now on to an address that was checked; its secret is shown this once."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook(id=new_id(), url=body.url, secret=secret, events=list(body.events), created_at=tx.now)
    tx.session.add(webhook)
    await tx.session.flush()
    return NewWebhookOut.model_validate(webhook)


async def remove_webhook(tx: Transaction, webhook: UUID) -> WebhookOut:
    """Send no more to an address; what still waited for it is parked."""
    row = await _lock_webhook(tx, webhook)
    if row is None or row.removed_at is not None:
        raise Problem(404, "not_found")
    row.removed_at = tx.now
    waiting = select(Delivery).where(Delivery.webhook == webhook, Delivery.state == DeliveryState.PENDING.value)
    for delivery in await tx.session.scalars(waiting.with_for_update()):
        await _park(tx, delivery, "webhook removed")
    return WebhookOut.model_validate(row)


async def replay_delivery(tx: Transaction, delivery: UUID) -> DeliveryOut:
    """Send a parked delivery again, before what waits behind it; 409 when it is not parked or its webhook was removed."""
    found = await tx.session.get(Delivery, delivery)
    if found is None:
        raise Problem(404, "not_found")
    webhook = await _lock_webhook(tx, found.webhook)
    row = await tx.session.get_one(Delivery, delivery, with_for_update=True, populate_existing=True)
    if row.state != DeliveryState.PARKED.value:
        raise Problem(409, "wrong_state", state=row.state)
    if webhook is None or webhook.removed_at is not None:
        raise Problem(409, "webhook_removed")
    row.sqlmodel_update(
        {"state": DeliveryState.PENDING.value, "attempts": 0, "first_attempt_at": None, "last_error": None}
    )
    webhook.failures, webhook.rests_until = 0, None
    await tx.session.flush()
    return await describe_delivery(tx.session, delivery)


async def note_delivered(tx: Transaction, webhook: UUID, deliveries: Sequence[UUID]) -> None:
    """The receiver has these."""
    await _lock_webhook(tx, webhook)
    rows = (await tx.session.execute(DELIVERED, {"ids": list(deliveries), "now": tx.now})).all()
    await tx.session.execute(ANSWERED, {"webhook": webhook, "count": len(rows)})
    confirmed = await _confirmations(tx, [row.position for row in rows])
    for row in sorted(rows, key=lambda row: row.position):
        _tell(tx, row.id, confirmed[row.position], DeliveryState.DELIVERED, row.attempts, None, row.version)


async def note_failed(tx: Transaction, webhook: UUID, delivery: UUID, outcome: Outcome) -> None:
    """The receiver does not have it: try it again later, or park it. Its webhook rests meanwhile."""
    endpoint = await _lock_webhook(tx, webhook)
    row = await tx.session.get(Delivery, delivery, with_for_update=True)
    if endpoint is None or row is None or row.state != DeliveryState.PENDING.value:
        return
    endpoint.failures += 1
    row.attempts += 1
    row.first_attempt_at = row.first_attempt_at or tx.now
    reason = outcome.reason or "not delivered"
    chance = random.random()  # noqa: S311  jitter is no secret
    if outcome.is_final:
        rest = rest_after_refusal(endpoint.failures, chance)
        endpoint.rests_until = tx.now + rest if rest else None
        await _park(tx, row, reason)
        return
    following = tx.now + wait_after(row.attempts, chance, outcome.wait)
    endpoint.rests_until = following
    if is_given_up(row.first_attempt_at, following):
        await _park(tx, row, reason)
    else:
        row.next_attempt_at, row.last_error = following, reason


async def _lock_webhook(tx: Transaction, webhook: UUID) -> Webhook | None:
    """The webhook, locked before its deliveries by everyone; new deliveries may still refer to it."""
    return await tx.session.get(Webhook, webhook, with_for_update={"key_share": True})


async def _park(tx: Transaction, row: Delivery, reason: str) -> None:
    row.sqlmodel_update(
        {
            "state": DeliveryState.PARKED.value,
            "next_attempt_at": None,
            "last_error": reason,
            "version": row.version + 1,
        }
    )
    await tx.session.flush()
    confirmed = await _confirmations(tx, [row.position])
    _tell(tx, row.id, confirmed[row.position], DeliveryState.PARKED, row.attempts, reason, row.version)


async def _confirmations(tx: Transaction, positions: Sequence[int]) -> dict[int, Confirmation]:
    rows = await tx.session.scalars(select(Confirmation).where(col(Confirmation.position).in_(positions)))
    return {row.position: row for row in rows}


def _tell(
    tx: Transaction,
    delivery: UUID,
    confirmation: Confirmation,
    state: DeliveryState,
    attempts: int,
    error: str | None,
    version: int,
) -> None:
    event = DeliveryChanged(
        delivery=delivery,
        external_id=confirmation.external_id,
        op=confirmation.op,
        state=state.value,
        attempts=attempts,
        error=error,
    )
    tx.record(event, aggregate=f"delivery/{delivery}", version=version)
