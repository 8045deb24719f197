"""Definitions over HTTP."""

from pydantic import BaseModel


class ReasonOut(BaseModel):
    """A reason for a stop or a set-up."""

    code: str
    name: dict[str, str]
    kind: str
