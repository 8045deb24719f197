"""What a data folder knows of the demo in it: nothing, that its filling was begun, or that it is there."""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from infra.local.data_folder import DataFolder
from infra.local.errors import LocalError
from shared.registry import GATEWAY_NAME, SERVICE_NAMES

TEXTS = {
    "real": {
        "ko": "{folder}에는 이미 공장의 실제 자료가 있습니다. 데모는 빈 폴더에만 만듭니다."
        " --data로 다른 폴더를 지정하거나 --demo 없이 시작하세요.",
        "en": "{folder} holds the facts of a shop already. A demo is made in an empty folder alone:"
        " give another one with --data, or start without --demo.",
        "vi": "{folder} đã có dữ liệu thật của xưởng. Bản demo chỉ được tạo trong thư mục trống:"
        " hãy chọn thư mục khác bằng --data, hoặc khởi động không có --demo.",
    },
    "half": {
        "ko": "{folder}의 데모는 만들다가 멈췄습니다."
        " `dure up --demo {factory}`로 처음부터 다시 만들거나 --data로 다른 폴더를 지정하세요.",
        "en": "The demo in {folder} was interrupted while it was made."
        " Make it anew with `dure up --demo {factory}`, or give another folder with --data.",
        "vi": "Bản demo trong {folder} bị ngắt khi đang tạo."
        " Hãy tạo lại bằng `dure up --demo {factory}`, hoặc chọn thư mục khác bằng --data.",
    },
    "elsewhere": {
        "ko": "데모를 만들다가 멈췄고, 자료는 DURE_DATABASE_URL 또는 DURE_NATS_URL의 서버에 있습니다."
        " 그곳의 데이터베이스와 스트림을 지우고 {folder} 폴더를 지운 뒤 다시 시작하세요.",
        "en": "The demo was interrupted while it was made, and its data are on the servers of DURE_DATABASE_URL"
        " or DURE_NATS_URL. Drop the databases and streams there, remove {folder}, and start again.",
        "vi": "Bản demo bị ngắt khi đang tạo, và dữ liệu nằm trên máy chủ của DURE_DATABASE_URL hoặc DURE_NATS_URL."
        " Hãy xóa cơ sở dữ liệu và stream ở đó, xóa {folder}, rồi khởi động lại.",
    },
}


class DemoFolderError(LocalError):
    """The data folder and the demo do not go together; said in the language of who started Dure."""

    def __init__(self, what: str, **facts: object) -> None:
        super().__init__(TEXTS[what][language()].format(**facts))


def language() -> str:
    """The language of the terminal, English where it is none of ours."""
    setting = next((text for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (text := os.environ.get(name))), "")
    return setting[:2] if setting[:2] in ("ko", "vi") else "en"


class DemoFolder:
    """The note in a data folder about the demo in it."""

    def __init__(self, data: DataFolder) -> None:
        self.path = data.path / "demo"
        self._data = data
        self._note = self.path / "filled.json"
        self._former = self.path / ".imported"

    @property
    def is_filled(self) -> bool:
        """True when the demo is there."""
        return self._former.exists() or self._content.get("state") == "done"

    @property
    def is_half(self) -> bool:
        """True when its filling was begun and never done."""
        return self._content.get("state") == "begun"

    def open(self, factory: str | None, *, is_embedded: bool) -> bool:
        """Whether ``factory`` is still to be filled in; what an interrupted filling left is removed before.

        Nobody can have worked in such a folder: it does not start without its demo. Raises DemoFolderError.
        """
        if self.is_half:
            if factory is None:
                raise DemoFolderError("half", folder=self._data.path, factory=self._content.get("factory"))
            if not is_embedded:
                raise DemoFolderError("elsewhere", folder=self._data.path)
            for left in (self._data.postgres, self._data.nats):
                shutil.rmtree(left, ignore_errors=True)
            (self._data.path / "site.json").unlink(missing_ok=True)
            self._note.unlink()
        return factory is not None and not self.is_filled

    def begin(self, factory: str, days: int) -> None:
        """Note that the filling begins, before its first fact."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._data.adopt(self.path)
        self._write({"state": "begun", "factory": factory, "days": days})

    def done(self, until: datetime, facts: int) -> None:
        """Note that the demo is there, with so many facts of a history until an instant."""
        self._write(self._content | {"state": "done", "until": until.isoformat(), "facts": facts})

    @property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._note.read_text()) if self._note.exists() else {}
        return content

    def _write(self, content: dict[str, Any]) -> None:
        self._data.write(self._note, json.dumps(content) + "\n")


SOMEBODY = "SELECT EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM api_key)"
SOMETHING = "SELECT EXISTS (SELECT FROM audit)"


async def require_no_facts(data: DataFolder, urls: Mapping[str, str]) -> None:
    """Raises DemoFolderError where a shop has begun: there is somebody who can enter something, or it was changed."""
    for app, question in {GATEWAY_NAME: SOMEBODY, **dict.fromkeys(SERVICE_NAMES, SOMETHING)}.items():
        connection = await asyncpg.connect(urls[app], timeout=10)
        try:
            if await connection.fetchval(question):
                raise DemoFolderError("real", folder=data.path)
        finally:
            await connection.close()
