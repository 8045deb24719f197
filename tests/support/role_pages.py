"""The pages of each role, with something to see on every one of them."""

import json
import re
from collections.abc import Mapping

from tests.support.browser import WEB
from tests.support.caller import Caller
from tests.support.press import MACHINE, OPERATOR, job_of
from tests.support.waiting import receive

ROLES = {"owner": "viewer", "operator": "operator", "leader": "leader", "quality": "quality"} | {
    "planner": "planner",
    "maintainer": "maintenance",
}
"""Who walks through their pages, by login."""


async def something_on_every_page(admin: Caller) -> Mapping[str, str]:
    """A job with a result, a call, a note, a lot, a label and an instruction: what the pages' addresses name."""
    order = (await admin.get("/orders/work-orders"))["items"][0]
    job = await job_of(admin, order)
    assert job is not None
    await admin.post(f"/production/jobs/{job['id']}/start", {"machine": MACHINE})
    await admin.post(f"/production/jobs/{job['id']}/crew", {"action": "join", "person": OPERATOR})
    await admin.post(f"/production/jobs/{job['id']}/results", {"good": 40})
    await admin.post("/production/andon-calls", {"machine": MACHINE, "kind": "material"})
    await admin.post(f"/production/machines/{MACHINE}/handovers", {"note": "금형 확인"})
    await admin.put("/orders/items/COIL", {"name": "코일", "kind": "raw", "lot_tracked": True})
    lot = await receive(admin, item="COIL", quantity="500")
    label = await admin.post("/production/labels", {"lot": lot, "on_page": True})
    page = {"text": {"ko": "확인한다"}}
    await admin.put("/orders/instructions/WI-1", {"title": "프레스", "item": order["item"], "op": 10, "pages": [page]})
    return {
        "number": order["number"],
        "item": order["item"],
        "lot": lot,
        "id": label["id"],
        "machine": MACHINE,
        "kind": "",
        "instruction": "WI-1",
    }


def addresses(role: str, named: Mapping[str, str]) -> list[str]:
    """The pages that somebody of a role uses."""
    found = []
    for page in json.loads((WEB / "pages.json").read_text(encoding="utf-8"))["pages"]:
        roles = page.get("roles")
        if not page.get("open") and (roles is None or role in roles):
            code = "instruction" if page["id"] == "instruction" else "item"
            address = page["path"].replace("{code}", named[code])
            found.append(re.sub(r"\{(\w+)\??\}", lambda part: named[part[1]], address))
    return found
