"""Problems in the reader's language: one that arises now, and one that a tablet received long ago."""

from collections.abc import Mapping
from typing import Any

from services.production.jobs.domain import JobState
from services.production.review.schemas import FieldErrorOut, ProblemOut
from shared.kit.problem import FieldError, Messages, Problem

STANDARD = {"status", "code", "title", "detail", "errors", "type", "headers"}
"""The members of every problem; the rest are its params."""


class ProblemRenderer:
    """Renders problems in one language."""

    def __init__(self, messages: Messages, language: str) -> None:
        self._messages = messages
        self._language = language

    def render(self, problem: Problem) -> ProblemOut:
        """A problem that arises now."""
        params = dict(problem.params)
        if params.get("state") in set(JobState):
            params["state"] = self._messages.text(self._language, f"state.{params['state']}", {})
        rendered = Problem(problem.status, problem.code, errors=problem.errors, **params)
        return ProblemOut.model_validate({"errors": []} | self._messages.body(rendered, self._language))

    def render_stored(self, stored: Mapping[str, Any]) -> ProblemOut:
        """A problem that a tablet received; with its own texts when its codes are not the server's."""
        errors = [error for error in stored["errors"] if isinstance(error.get("code"), str)]
        codes = [stored["code"], *(error["code"] for error in errors)]
        if not all(map(self._messages.has, codes)):
            title = stored["title"] or stored["code"]
            fields = [
                FieldErrorOut(field=str(e.get("field")), code=e["code"], message=str(e.get("message"))) for e in errors
            ]
            return ProblemOut(
                status=stored["status"],
                code=stored["code"],
                title=title,
                detail=stored["detail"] or title,
                errors=fields,
            )
        errors_now = [FieldError(str(e.get("field")), e["code"], e.get("params") or {}) for e in errors]
        params = {name: value for name, value in stored.items() if name not in STANDARD}
        return self.render(Problem(stored["status"], stored["code"], errors=errors_now, **params))
