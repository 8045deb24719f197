"""The master data that reports name."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.definitions.queries import known_defects
from services.production.machines.queries import known_machines
from services.production.results.schemas import ResultIn
from shared.kit.problem import FieldError


async def unknown_references(session: AsyncSession, statement: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (kind, code) pairs that there never were.

    A report may be older than the end of a defect's or a machine's use.
    """
    codes = [code for _, code in statement]
    defects = await known_defects(session, codes)
    machines = await known_machines(session, codes)
    return statement - {("defect", code) for code in defects} - {("machine", code) for code in machines}


def reference_errors(body: ResultIn, unknown: set[tuple[str, str]]) -> list[FieldError]:
    """The errors of a report that names what there never was."""
    errors = [
        FieldError(f"scrap.{index}.defect", "unknown_reference", {"value": entry.defect})
        for index, entry in enumerate(body.scrap)
        if ("defect", entry.defect) in unknown
    ]
    if ("machine", body.machine) in unknown:
        errors.append(FieldError("machine", "unknown_reference", {"value": body.machine}))
    return errors
