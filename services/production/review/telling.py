"""Why something could not be done, in the reader's language: a problem that comes now, and one that a tablet was told long ago."""

from collections.abc import Mapping
from typing import Any

from services.production.jobs.domain import JobState
from services.production.review.schemas import FieldOut, ProblemOut
from shared.kit.problem import FieldError, Messages, Problem

OWN = {"status", "code", "title", "detail", "errors", "type", "headers"}
"""What every problem has; the rest are its params."""


class Teller:
    """Tells problems in one language."""

    def __init__(self, messages: Messages, language: str) -> None:
        self._messages = messages
        self._language = language

    def tell(self, problem: Problem) -> ProblemOut:
        """A problem that comes now."""
        params = dict(problem.params)
        if params.get("state") in set(JobState):
            params["state"] = self._messages.text(self._language, f"state.{params['state']}", {})
        worded = Problem(problem.status, problem.code, errors=problem.errors, **params)
        return ProblemOut.model_validate({"errors": []} | self._messages.body(worded, self._language))

    def tell_again(self, told: Mapping[str, Any]) -> ProblemOut:
        """A problem as a tablet was told it; in its own words when they are not the server's."""
        errors = [error for error in told["errors"] if isinstance(error.get("code"), str)]
        codes = [told["code"], *(error["code"] for error in errors)]
        if not all(map(self._messages.has, codes)):
            title = told["title"] or told["code"]
            fields = [
                FieldOut(field=str(e.get("field")), code=e["code"], message=str(e.get("message"))) for e in errors
            ]
            return ProblemOut(
                status=told["status"],
                code=told["code"],
                title=title,
                detail=told["detail"] or title,
                errors=fields,
            )
        again = [FieldError(str(e.get("field")), e["code"], e.get("params") or {}) for e in errors]
        params = {name: value for name, value in told.items() if name not in OWN}
        return self.tell(Problem(told["status"], told["code"], errors=again, **params))
