"""Templates and printers are put; labels are made, printed and reprinted.

A print is stored before anything is sent, and sent once: a crash in between leaves it ``sending``, and a person
decides.
"""

from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Literal
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from services.production.definitions.queries import items_by_code
from services.production.labels.adapters.font import Font
from services.production.labels.adapters.printer import Networks, PrinterError, send
from services.production.labels.domain.layout import LEAST_MODULE, USUAL_CODE, is_readable
from services.production.labels.domain.zpl import MissingFont, PrinterModel, write_zpl
from services.production.labels.queries.content import Author, find_subject, write_content
from services.production.labels.queries.labels import elements_of, get_label
from services.production.labels.queries.templates import printer_at, template_for, usual_template
from services.production.labels.schemas import LabelIn, PrinterIn, PrintRef, ReprintIn, TemplateIn
from services.production.labels.tables import Label, LabelPrint, LabelTemplate, Printer
from services.production.machines.queries import known_machines
from shared.kit.audit import differences
from shared.kit.database import Database, Transaction
from shared.kit.ids import new_id
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import Messages, unprocessable

PutOutcome = Literal["created", "updated", "unchanged"]
ACTIONS: dict[PutOutcome, str] = {"created": "create", "updated": "update"}
"""The audit trail's name of what was put."""


def check_code(code: str | None, template: TemplateIn) -> None:
    """A 422 problem when a label of this size has no room for squares of its QR code that a camera can read."""
    if code is not None and not is_readable(code, float(template.width_mm), float(template.height_mm)):
        raise unprocessable("width_mm", "label_code_too_fine", least=LEAST_MODULE)


async def put_template(tx: Transaction, code: str, body: TemplateIn, if_match: Precondition | None) -> PutOutcome:
    """Create or replace a template.

    412 when ``if_match`` is stale, 422 for an unknown item or a size at which no QR code can be read.
    """
    known = await items_by_code(tx.session, body.items)
    for index, item in enumerate(body.items):
        if item not in known:
            raise unprocessable(f"items.{index}", "unknown_reference", value=item)
    check_code(USUAL_CODE if body.with_code else None, body)
    return await _put(tx, LabelTemplate, "label_template", code, body, if_match)


async def put_printer(
    tx: Transaction, code: str, body: PrinterIn, if_match: Precondition | None, networks: Networks
) -> PutOutcome:
    """Create or replace a printer.

    412 when ``if_match`` is stale, 422 for an unknown machine or an address outside of the shop's
    network.
    """
    known = await known_machines(tx.session, body.machines)
    for index, machine in enumerate(body.machines):
        if machine not in known:
            raise unprocessable(f"machines.{index}", "unknown_reference", value=machine)
    try:
        is_elsewhere = not any(ip_address(body.host) in network for network in networks)
    except ValueError:  # a name: it is looked up when something is sent
        is_elsewhere = False
    if is_elsewhere:
        raise unprocessable("host", "printer_elsewhere")
    return await _put(tx, Printer, "printer", code, body, if_match)


async def _put(
    tx: Transaction,
    table: type[LabelTemplate | Printer],
    kind: str,
    code: str,
    body: TemplateIn | PrinterIn,
    if_match: Precondition | None,
) -> PutOutcome:
    row: LabelTemplate | Printer | None = await tx.session.get(table, code, with_for_update=True)
    check_etag(if_match, row.version if row else 0)
    values = body.model_dump()
    changes = differences(row.model_dump(include=set(values)) if row else {}, values)
    outcome: PutOutcome = "updated"
    if row is None:
        tx.session.add(table(code=code, **values))
        outcome = "created"
    elif not changes:
        return "unchanged"
    else:
        row.sqlmodel_update(values | {"version": row.version + 1})
    tx.audit(ACTIONS[outcome], f"{kind}/{code}", changes)
    return outcome


async def make_label(tx: Transaction, body: LabelIn, messages: Messages) -> PrintRef:
    """Store a label and its first print; 404 for an unknown lot or job, 422 when neither is named."""
    if body.lot is None and body.job_id is None:
        raise unprocessable("lot", "missing")
    subject = await find_subject(tx.session, body.kind, body.lot, body.job_id, body.quantity, tx.today)
    if subject.quantity <= 0:
        raise unprocessable("quantity", "label_of_nothing")
    stored = await template_for(tx.session, subject.kind, subject.item)
    template = (
        TemplateIn.model_validate(stored.model_dump(exclude={"code", "version"}))
        if stored
        else usual_template(subject.kind)
    )
    author = Author(tx.actor.person, tx.now, tx.zone, messages)
    content = await write_content(tx.session, subject, template, author)
    check_code(content.code, template)
    label = Label(
        id=new_id(),
        kind=subject.kind.value,
        template=stored.code if stored else None,
        lot=subject.lot.lot if subject.lot else None,
        job=subject.job.id if subject.job else None,
        machine=subject.machine,
        item=subject.item,
        quantity=subject.quantity,
        unit=subject.unit,
        content=asdict(content),
        width_mm=template.width_mm,
        height_mm=template.height_mm,
        person=tx.actor.person,
        at=tx.now,
    )
    tx.session.add(label)
    await tx.session.flush()
    return await _add_print(tx, label, body)


async def reprint_label(tx: Transaction, id_: UUID, body: ReprintIn) -> PrintRef:
    """Store another print of a label, with the reason; 404 for an unknown one."""
    return await _add_print(tx, await get_label(tx.session, id_), body)


async def _add_print(tx: Transaction, label: Label, body: LabelIn | ReprintIn) -> PrintRef:
    printer = None if body.on_page else body.printer or await printer_at(tx.session, label.machine)
    if printer is not None:
        row = await tx.session.get(Printer, printer)
        if row is None or not row.active:
            raise unprocessable("printer", "unknown_reference", value=printer)
    made = LabelPrint(
        id=new_id(),
        label=label.id,
        printer=printer,
        copies=body.copies,
        reason=body.reason if isinstance(body, ReprintIn) else None,
        person=tx.actor.person,
        device=tx.actor.device,
        at=tx.now,
        state="waiting" if printer else "page",
    )
    tx.session.add(made)
    await tx.session.flush()
    return PrintRef(label=label.id, print=made.id)


@dataclass(frozen=True)
class PrintSettings:
    """The networks in which label printers may be, and the font in which Hangul is drawn for those that have none."""

    networks: Networks
    font: Font | None


async def send_print(db: Database, id_: UUID, settings: PrintSettings) -> None:
    """Send a waiting print to its printer and store the outcome; nothing happens when it was sent before."""

    async def claim(tx: Transaction) -> tuple[Label, Printer, int] | None:
        waiting = update(LabelPrint).where(col(LabelPrint.id) == id_, col(LabelPrint.state) == "waiting")
        claimed = (await tx.session.execute(waiting.values(state="sending").returning(LabelPrint))).scalar_one_or_none()
        if claimed is None or claimed.printer is None:
            return None
        printer = await tx.session.get_one(Printer, claimed.printer)
        return await get_label(tx.session, claimed.label), printer, claimed.copies

    claimed = await db.run(claim)
    if claimed is None:
        return
    label, printer, copies = claimed
    error = None
    try:
        commands = zpl_of(label, PrinterModel(printer.dpi, printer.font), settings.font, copies)
        await send(printer.host, printer.port, commands.encode(), settings.networks)
    except MissingFont:
        error = "printer_no_font"
    except PrinterError as problem:
        error = problem.code

    async def finish(tx: Transaction) -> None:
        done = update(LabelPrint).where(col(LabelPrint.id) == id_)
        await tx.session.execute(done.values(state="failed" if error else "sent", error=error))

    await db.run(finish)


def zpl_of(label: Label, model: PrinterModel, font: Font | None, copies: int) -> str:
    """The label's commands for a printer."""
    return write_zpl(elements_of(label), float(label.width_mm), float(label.height_mm), model, font, copies)
