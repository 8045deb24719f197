"""Changes of the shop's code rules."""

from sqlmodel import select

from services.orders.readiness.schemas import CodeRuleIn
from services.orders.readiness.tables import CodeRule
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

KINDS = ("items", "work_centers", "machines", "tools", "reasons", "instructions")
"""The kinds whose codes can have a rule."""


async def put_code_rule(tx: Transaction, kind: str, body: CodeRuleIn) -> None:
    """Create or replace the rule of a kind; 422 for a kind that has no codes of its own."""
    if kind not in KINDS:
        raise unprocessable("kind", "choice_invalid", expected=", ".join(KINDS))
    row = await tx.session.get(CodeRule, kind, with_for_update=True)
    before = row.rule if row else None
    if before == body.rule:
        return
    if row is None:
        tx.session.add(CodeRule(kind=kind, rule=body.rule))
    else:
        row.sqlmodel_update({"rule": body.rule, "version": row.version + 1})
    tx.audit("update" if before else "create", CodeRule.subject_of(kind), [("rule", before, body.rule)])


async def delete_code_rule(tx: Transaction, kind: str) -> None:
    """Any code will do again; 404 when there was no rule."""
    row = await tx.session.scalar(select(CodeRule).where(CodeRule.kind == kind).with_for_update())
    if row is None:
        raise Problem(404, "not_found")
    tx.audit("delete", CodeRule.subject_of(kind), [("rule", row.rule, None)])
    await tx.session.delete(row)
