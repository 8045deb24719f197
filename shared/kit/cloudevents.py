"""CloudEvents as NATS messages: one event with its attributes as headers (the NATS binding's binary mode), or several
of one type as a batch (the JSON format's batched mode, ``application/cloudevents-batch+json``).

In a batch each event has a line of its own, and the attributes that a browser hears stand last in it, so that whoever
hands events on need not parse them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any
from urllib.parse import unquote

from shared.contracts.catalogue import BATCH

ESCAPED = re.compile(r"[^!#$&-~]")
SEQUENCE_DIGITS = 10
CONTENT_TYPE = "content-type"


def to_header(value: str) -> str:
    """An attribute's value for a header: blanks, quotes, percent signs and all beyond printable ASCII are escaped."""
    return ESCAPED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), value)


def from_header(value: str) -> str:
    """The attribute's value in a header; one that the release before wrote as it was is as it was."""
    return unquote(value)


def sequence_of(version: int) -> str:
    """An aggregate's version as the ``sequence`` extension has it: its texts stand in the order of the versions."""
    return f"{version:0{SEQUENCE_DIGITS}d}"


def headers_of(row: Any, site: str) -> dict[str, str]:
    """The attributes of an outbox row as headers.

    The server drops a message whose id it has seen lately: one that is told again, as somebody lost it, has a new one.
    """
    id_ = str(row["id"])
    headers = {
        "Nats-Msg-Id": f"{id_}/{row['repeats']}" if row["repeats"] else id_,
        "ce-id": id_,
        "ce-specversion": "1.0",
        "ce-type": f"dure.{row['type']}",
        "ce-source": _source(row["type"], site),
        "ce-time": row["time"].astimezone(UTC).isoformat(),
        "ce-subject": to_header(row["aggregate"]),
        "ce-sequence": sequence_of(row["version"]),
        "ce-datacontenttype": "application/json",
        "dure-version": str(row["version"]),
    }
    if row["traceparent"]:
        headers["traceparent"] = row["traceparent"]
    return headers


def batch_headers(rows: Sequence[Any]) -> dict[str, str]:
    """The headers of a batch of outbox rows, in their order; its id changes when one of them is told again."""
    repeats = sum(row["repeats"] for row in rows)
    return {"Nats-Msg-Id": f"{rows[0]['id']}+{len(rows)}/{repeats}", CONTENT_TYPE: BATCH}


def write_batch(rows: Iterable[Any], site: str) -> bytes:
    """Outbox rows of one type as a batch."""
    return b"[\n" + b",\n".join(_line(row, site) for row in rows) + b"\n]"


def is_batch(headers: Mapping[str, str]) -> bool:
    """Whether a message with these headers is a batch."""
    return headers.get(CONTENT_TYPE) == BATCH


def event_lines(batch: bytes) -> list[bytes]:
    """The events of a batch as browsers hear them: type, subject, time and data, each a JSON object in one line."""
    return [b"{" + line[line.index(b'"type":') :] for line in batch[2:-2].split(b",\n")]


def type_in(subject: str) -> str:
    """The type of the events under a message's subject: what follows ``dure.<site>.``."""
    return subject.split(".", 2)[2]


def _source(type_: str, site: str) -> str:
    return f"/dure/{site}/{type_.partition('.')[0]}"


def _line(row: Any, site: str) -> bytes:
    trace = f'"traceparent":{json.dumps(row["traceparent"])},' if row["traceparent"] else ""
    # a line break in JSON can only stand between its parts: inside of a text it is escaped
    body = row["body"].replace("\n", " ").replace("\r", " ")
    return (
        f'{{"specversion":"1.0","id":"{row["id"]}","source":"{_source(row["type"], site)}",'
        f'"sequence":"{sequence_of(row["version"])}",{trace}"datacontenttype":"application/json",'
        f'"type":"dure.{row["type"]}","subject":{json.dumps(row["aggregate"], ensure_ascii=False)},'
        f'"time":"{row["time"].astimezone(UTC).isoformat()}","data":{body}}}'
    ).encode()
