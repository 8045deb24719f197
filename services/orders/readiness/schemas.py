"""Readiness over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.orders.readiness.domain import Severity

Rule = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s].*$")]


class CodeRuleIn(BaseModel):
    """The forms that codes may have, between commas.

    ``@`` is a letter, ``#`` a digit, ``?`` any character, ``*`` any number of them.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    rule: Rule


class CodeRuleOut(BaseModel):
    """A rule and how many of the codes in use do not follow it."""

    kind: str
    rule: str
    codes: int
    off_rule: int


class PageLink(BaseModel):
    """An entry and the page on which it is mended."""

    key: str
    page: str


class FindingOut(BaseModel):
    """One thing to mend, in the reader's language.

    ``page`` is the place to do so, ``also`` are others where the cause may be.
    """

    code: str
    severity: Severity
    kind: str
    key: str
    field: str
    message: str
    params: dict[str, Any]
    page: str
    also: list[PageLink]


class ReadinessOut(BaseModel):
    """The whole report; of an empty shop there is nothing to find."""

    checked_at: datetime
    items: int
    """Items in use that were looked at."""
    errors: int
    warnings: int
    by_code: dict[str, int]
    findings: list[FindingOut]


class Share(BaseModel):
    """The share of something that is as it should be."""

    key: str
    ready: int
    total: int


class EvidenceOut(BaseModel):
    """The evidence that JS1 asks for, with its figures."""

    as_of: date
    site: str
    shares: list[Share]
    errors: int
    warnings: int
    days: list[date]
    """The business dates of the last four weeks that have records."""
    weeks_with_records: int
    results: int
    orders_released: int
