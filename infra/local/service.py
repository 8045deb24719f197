"""One of Dure's apps as a process of its own: `dure up --processes`."""

from collections.abc import Mapping, Sequence

from infra.local.child import Child, answers
from infra.local.data_folder import DataFolder


class ServiceProcess(Child):
    """``command`` with ``environment`` beside this process's own; ready when ``health_url`` is answered with 200."""

    def __init__(
        self, data: DataFolder, name: str, command: Sequence[str], environment: Mapping[str, str], health_url: str
    ) -> None:
        self.name = name
        super().__init__(data)
        self._command = list(command)
        self._environment = dict(environment)
        self._health_url = health_url

    def command(self) -> list[str]:
        """As given."""
        return self._command

    @property
    def environment(self) -> dict[str, str]:
        """As given."""
        return self._environment

    def is_ready(self) -> bool:
        """Its own word."""
        return answers(self._health_url)
