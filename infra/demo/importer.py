"""Fill an empty shop with a demo factory, through the public API alone, as a person with its files would.

Every request that records something carries a key made of what it says, so that a second run after a crash has no
second effect.
"""

import asyncio
import datetime as dt
import hashlib
import json
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
from rich.progress import Progress, TaskID

from infra.demo import drawings, erp_orders
from infra.demo.erp_orders import WEEK, OrderLine, export_csv, order_lines
from infra.demo.source import MASTER_FILES, DemoError, Factory, load_factory
from shared.kit.tabular import read_table

API = "/api/v1"
WEEKS_OF_ORDERS = 3
ARRIVAL_TIMEOUT_S = 60.0
ARRIVAL_POLL_S = 0.25
SHOWN_ERRORS = 5
NOT_ENTERED = ("code", "version", "updated_at")
"""The fields of an item that the service sets itself."""
DEFECT_HEADINGS = ("불량코드", "명칭", "명칭(영문)", "명칭(베트남어)")
WHOLE = {"instructions": "everything"}
"""Kinds that fit into no table: they come in as an export has them."""


@dataclass
class DemoSummary:
    """The counts of what the demo imported, and the files it left for a person to try."""

    factory: str
    folder: Path
    next_week: Path
    master: dict[str, int] = field(default_factory=dict)
    people: int = 0
    orders: int = 0
    released: list[str] = field(default_factory=list)
    facts: int = 0
    """Of its history, where it has one."""

    def lines(self) -> list[str]:
        """The summary for the console."""
        definitions = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in self.master.items())
        played = [f"A history of {self.facts} facts, told by its people over the public API"] if self.facts else []
        return [
            f"{self.factory}: {definitions}, people {self.people}",
            *played,
            f"{self.orders} orders from the ERP's file, {len(self.released)} of them released to the floor",
            f"The files are in {self.folder}",
            f"To try the import yourself, drop this file on the page /imports: {self.next_week}",
        ]


def write_demo_files(factory: Factory, folder: Path, today: dt.date) -> DemoSummary:
    """Put the factory's master data, three weeks of orders and a further week that stays to be imported into
    ``folder``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for filename in MASTER_FILES.values():
        shutil.copyfile(factory.master / filename, folder / filename)
    end = today + WEEKS_OF_ORDERS * WEEK
    next_week = folder / "orders-next-week.csv"
    for path, first, until in ((folder / "orders.csv", today, end), (next_week, end, end + WEEK)):
        lines = order_lines(factory, first, until)
        path.write_bytes(export_csv(factory, lines, first, until - dt.timedelta(days=1)))
    return DemoSummary(factory.site.name["en"], folder, next_week)


async def import_factory(
    client: httpx.AsyncClient, factory: str, folder: Path, today: dt.date, progress: Progress
) -> DemoSummary:
    """Bring the demo factory in over ``client``, which is signed in as an administrator; raises DemoError.

    Writes the files into ``folder`` first, imports them, and releases the orders due within a week of ``today``.
    """
    source = load_factory(factory)
    task = progress.add_task(f"Importing {factory}", total=len(MASTER_FILES) + 4)
    shop = _Shop(client, progress, task)
    summary = await _import_master(shop, source, folder, today)
    summary.orders = await shop.import_orders(folder / "orders.csv")
    due_soon = order_lines(source, today, today + WEEK)
    summary.released = await shop.release(due_soon, today + WEEK)
    return summary


async def import_master(
    client: httpx.AsyncClient, source: Factory, folder: Path, today: dt.date, progress: Progress
) -> DemoSummary:
    """Bring in what the shop is before its first order: master data with drawings, and people. Raises DemoError."""
    task = progress.add_task(f"Importing {source.key}", total=len(MASTER_FILES) + 2)
    return await _import_master(_Shop(client, progress, task), source, folder, today)


async def _import_master(shop: "_Shop", source: Factory, folder: Path, today: dt.date) -> DemoSummary:
    summary = await asyncio.to_thread(write_demo_files, source, folder, today)
    for kind, filename in MASTER_FILES.items():
        path = folder / filename
        count = await (shop.put_defects(path) if kind == "defects" else shop.import_master(kind, path))
        summary.master[kind] = count
    await shop.picture_items(source.tables["items"])
    summary.people = await shop.add_people(source.people)
    return summary


@dataclass(frozen=True)
class _Shop:
    """The shop's API, and the console on which every step is shown."""

    client: httpx.AsyncClient
    progress: Progress
    task: TaskID

    async def import_master(self, kind: str, path: Path) -> int:
        """Import one file of master data; the number of rows."""
        report = await self._import(f"{API}/orders/imports", path, {"kind": WHOLE.get(kind, kind)})
        return len(report["rows"])

    async def import_orders(self, path: Path) -> int:
        """Import the ERP's order file; the number of orders."""
        report = await self._import(f"{API}/erp/imports", path, {"mapping": json.dumps(erp_orders.MAPPING)})
        return len(report["rows"])

    async def put_defects(self, path: Path) -> int:
        """Enter the defect catalogue, with drawings; the number of defects."""
        table = read_table(await asyncio.to_thread(path.read_bytes), path.name, max_rows=1000)
        for row in table.rows:
            code, *names = (table.cell(row, heading) for heading in DEFECT_HEADINGS)
            picture = await self._send_drawing("quality", code, drawings.DEFECTS)
            body = {"name": dict(zip(("ko", "en", "vi"), names, strict=True)), "picture_id": picture}
            await self._send("PUT", f"{API}/quality/defects/{code}", f"{path.name}, row {row.number}", json=body)
        self._report(f"{path.name}: {len(table.rows)} defects")
        return len(table.rows)

    async def picture_items(self, table: list[list[str]]) -> None:
        """Give the items their drawings, as far as there are some."""
        pictured = [code for code, *_ in table[1:] if code in drawings.ITEMS]
        for code in pictured:
            address = f"{API}/orders/items/{code}"
            item = await self._send("GET", address, f"item {code}")
            picture = await self._send_drawing("orders", code, drawings.ITEMS)
            body = {name: value for name, value in item.items() if name not in NOT_ENTERED}
            await self._send("PUT", address, f"item {code}", json=body | {"picture_id": picture})
        self._report(f"pictures of {len(pictured)} items")

    async def _send_drawing(self, service: str, code: str, known: Mapping[str, drawings.Drawing]) -> str | None:
        """Upload the drawing for this code; return its id, or None where there is none."""
        if code not in known:
            return None
        file = {"file": (f"{code}.png", await asyncio.to_thread(drawings.draw, known[code]))}
        return str((await self._send("POST", f"{API}/{service}/media", f"picture of {code}", files=file))["id"])

    async def add_people(self, people: list[dict[str, str]]) -> int:
        """Enter the staff, without passwords and PINs; the number of people."""
        known = {person["code"] async for person in self._each(f"{API}/people", {})}
        for person in people:
            if person["code"] not in known:
                body = {
                    "code": person["code"],
                    "name": person["name"],
                    "roles": person["roles"].split(", "),
                    "languages": person["languages"].split(", "),
                }
                await self._send("POST", f"{API}/people", f"person {person['code']}", json=body)
        self._report(f"people: {len(people)}, who still need a PIN or a password")
        return len(people)

    async def release(self, lines: list[OrderLine], until: dt.date) -> list[str]:
        """Plan and release the work orders of ``lines``, once they have arrived; their numbers."""
        orders = await self._arrived({line.external_id for line in lines}, until)
        numbers = []
        for order in sorted(orders, key=lambda order: (order["due_at"], order["number"])):
            steps = {"draft": ("plan", "release"), "planned": ("release",)}.get(order["state"], ())
            for step in steps:
                address = f"{API}/orders/work-orders/{order['id']}/{step}"
                await self._send("POST", address, f"{step} of work order {order['number']}", json={})
            numbers.append(order["number"])
        self._report(f"released: {len(numbers)} orders due before {until.isoformat()}")
        return numbers

    async def _arrived(self, external_ids: set[str], until: dt.date) -> list[dict[str, Any]]:
        """The work orders of these ERP orders: they come by an event, so a moment after the import."""
        deadline = time.monotonic() + ARRIVAL_TIMEOUT_S
        query = {"due_before": f"{until.isoformat()}T23:59:59Z"}
        while True:
            orders = [
                o async for o in self._each(f"{API}/orders/work-orders", query) if o["external_id"] in external_ids
            ]
            if len(orders) == len(external_ids):
                return orders
            refusals = self._each(f"{API}/erp/orders", {"state": "refused"})
            refused = [o async for o in refusals if o["external_id"] in external_ids]
            if refused:
                reasons = "; ".join(f"{o['external_id']}: {o['reason']}" for o in refused[:SHOWN_ERRORS])
                raise DemoError(f"orders.csv: {len(refused)} orders were refused: {reasons}")
            if time.monotonic() > deadline:
                missing = len(external_ids) - len(orders)
                raise DemoError(
                    f"orders.csv: {missing} orders have not become work orders in {ARRIVAL_TIMEOUT_S:.0f} s"
                )
            await asyncio.sleep(ARRIVAL_POLL_S)

    async def _import(self, address: str, path: Path, form: Mapping[str, str]) -> dict[str, Any]:
        """Import a file after a dry run without errors, so that a faulty file changes nothing, and only when it brings
        news.
        """
        content = await asyncio.to_thread(path.read_bytes)
        for dry_run in ("true", "false"):
            report = await self._send(
                "POST", address, path.name, files={"file": (path.name, content)}, data={**form, "dry_run": dry_run}
            )
            wrong = [row for row in report["rows"] if row["verdict"] == "error"]
            if wrong:
                raise DemoError("\n".join(_verdicts(path.name, wrong)))
            if all(row["verdict"] == "unchanged" for row in report["rows"]):
                break
        counts = ", ".join(f"{count} {verdict}" for verdict, count in report["summary"].items() if count)
        self._report(f"{path.name} ({report['encoding']}): {len(report['rows'])} rows, {counts or 'nothing to do'}")
        return report

    async def _each(self, address: str, query: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        """All entries of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self._send("GET", address, address, params={**query, **({"cursor": cursor} if cursor else {})})
            for entry in page["items"]:
                yield entry
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    async def _send(self, method: str, address: str, what: str, **content: Any) -> dict[str, Any]:
        """One request; raises DemoError with the API's own reason about ``what``."""
        headers = {"Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = _key(address, content)
        try:
            response = await self.client.request(method, address, headers=headers, **content)
        except httpx.HTTPError as error:
            raise DemoError(f"{what}: no answer from {address}: {error!r}") from error
        if response.is_error:
            raise DemoError(f"{what}: {_reason(response)}")
        return response.json() if response.content else {}

    def _report(self, line: str) -> None:
        self.progress.console.print(f"  {line}", highlight=False)
        self.progress.advance(self.task)


def _key(address: str, content: Mapping[str, Any]) -> str:
    """The same for the same request."""
    digest = hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()
    return str(uuid5(NAMESPACE_URL, f"dure-demo:{address}:{digest}"))


def _verdicts(filename: str, rows: list[dict[str, Any]]) -> list[str]:
    """The rows that an import would refuse: file, row, field and reason."""
    lines = [
        f"{filename}, row {row['row']}, {error['field']}: {error['message']}"
        for row in rows[:SHOWN_ERRORS]
        for error in row["errors"]
    ]
    rest = len(rows) - SHOWN_ERRORS
    return [*lines, f"{filename}: {rest} further rows"] if rest > 0 else lines


def _reason(response: httpx.Response) -> str:
    if not response.headers.get("content-type", "").startswith("application/problem+json"):
        return f"{response.status_code} {response.reason_phrase}"
    problem = response.json()
    details = "; ".join(f"{error['field']}: {error['message']}" for error in problem.get("errors", []))
    return f"{details or problem.get('detail') or problem['title']} ({response.status_code} {problem['code']})"
