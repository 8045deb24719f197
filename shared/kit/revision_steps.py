"""Steps that the revisions of every service have in common: the plumbing's tables.

Frozen: a step is never edited, as databases exist that were made by it; a change of the plumbing is a new step and a
new revision of each app.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create_plumbing() -> None:
    """The outbox, the inbox, the parked events and the idempotency keys, as in revision 0001."""
    op.create_table(
        "idempotency",
        sa.Column("key", sa.UUID(), nullable=False),
        sa.Column("fingerprint", postgresql.BYTEA(), nullable=False),
        sa.Column("answer", postgresql.JSON(), nullable=False),
        _instant("created_at", server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "inbox",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        _instant("applied_at", server_default=sa.text("now()")),
        sa.CheckConstraint("version > 0", name=op.f("ck_inbox_version")),
        sa.PrimaryKeyConstraint("stream", "aggregate", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column("position", sa.BIGINT(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("time"),
        sa.Column("body", postgresql.JSON(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        _instant("published_at", nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_outbox_version")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("aggregate", "version", name=op.f("uq_outbox_aggregate")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    op.create_index("ix_outbox_unpublished", "outbox", ["position"], postgresql_where=sa.text("published_at IS NULL"))
    op.create_table(
        "parked_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("time"),
        sa.Column("body", postgresql.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _instant("parked_at", server_default=sa.text("now()")),
        _instant("replayed_at", nullable=True),
        sa.Column("replayed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(replayed_at IS NULL) = (replayed_by IS NULL)", name=op.f("ck_parked_event_replayed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_event")),
    )
    op.create_index(
        "ix_parked_event_waiting",
        "parked_event",
        ["stream", "aggregate"],
        postgresql_where=sa.text("replayed_at IS NULL"),
    )


def drop_plumbing() -> None:
    """Undo ``create_plumbing``."""
    for table in ("parked_event", "outbox", "inbox", "idempotency"):
        op.drop_table(table)


def create_audit_trail() -> None:
    """The audit trail, which refuses changes, as in revision 0002."""
    op.create_table(
        "audit",
        sa.Column("position", sa.BIGINT(), autoincrement=False, nullable=False),
        _instant("at"),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "position"])
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def drop_audit_trail() -> None:
    """Undo ``create_audit_trail``."""
    op.drop_table("audit")
    op.execute("DROP FUNCTION audit_is_append_only()")


def create_media() -> None:
    """The table of a service that stores pictures and documents."""
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _instant("added_at"),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "type IN ('image/png', 'image/jpeg', 'image/webp', 'application/pdf')", name=op.f("ck_media_type")
        ),
        sa.CheckConstraint("size = octet_length(content) AND size BETWEEN 1 AND 5242880", name=op.f("ck_media_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("sha256", name=op.f("uq_media_sha256")),
    )
    # pictures are compressed already
    op.execute("ALTER TABLE media ALTER COLUMN content SET STORAGE EXTERNAL")


def create_republish_requests() -> None:
    """The requests for publishing present states again."""
    op.create_table(
        "republish_request",
        sa.Column("id", sa.BIGINT(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("published", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _instant("requested_at", server_default=sa.text("now()")),
        _instant("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_republish_request")),
    )


def drop_republish_requests() -> None:
    """Undo ``create_republish_requests``."""
    op.drop_table("republish_request")


def request_republish(kind: str) -> None:
    """Have the service publish the present state of all aggregates of ``kind`` again, once, when it next starts."""
    op.execute(sa.text("INSERT INTO republish_request (kind) VALUES (:kind)").bindparams(kind=kind))


def create_event_troubles() -> None:
    """The events that cannot be published, and those that failed when they were applied."""
    op.create_table(
        "withheld_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _instant("withheld_at", server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withheld_event")),
    )
    op.create_index("ix_withheld_event_aggregate", "withheld_event", ["aggregate", "version"])
    op.create_table(
        "retrying_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("time"),
        sa.Column("tries", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _instant("failed_first_at", server_default=sa.text("now()")),
        _instant("failed_last_at", server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrying_event")),
    )


def drop_event_troubles() -> None:
    """Undo ``create_event_troubles``."""
    for table in ("retrying_event", "withheld_event"):
        op.drop_table(table)


def create_agreement() -> None:
    """How often an event was told again, and up to where a consumer agreed with a publisher."""
    op.add_column("outbox", sa.Column("repeats", sa.SMALLINT(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "agreement",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("position", sa.BIGINT(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=True),
        _instant("agreed_at", server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_agreement")),
    )


def drop_agreement() -> None:
    """Undo ``create_agreement``."""
    op.drop_table("agreement")
    op.drop_column("outbox", "repeats")


def create_packed_events() -> None:
    """The pages of events that were published long ago, and the way to idempotency keys of long ago."""
    op.create_table(
        "outbox_page",
        sa.Column("first", sa.BIGINT(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BIGINT(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint("first <= last AND events > 0", name=op.f("ck_outbox_page_extent")),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_outbox_page")),
    )
    op.execute("ALTER TABLE outbox_page ALTER COLUMN body SET STORAGE EXTERNAL")  # it is compressed already
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"], postgresql_using="brin")


def drop_packed_events() -> None:
    """Undo ``create_packed_events``, while no event is packed."""
    op.drop_index("ix_idempotency_created_at", "idempotency")
    op.drop_table("outbox_page")


def create_search_letters() -> None:
    """The function by which texts are indexed for searches: their letters, and pairs of neighbours.

    Its cost is that of a row on the way through a list, where few rows get as far as that.
    """
    op.execute(
        "CREATE FUNCTION search_letters(searched text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10"
        " AS $$ DECLARE folded CONSTANT text := lower(searched); found text[] := string_to_array(folded, NULL); BEGIN"
        " FOR place IN 1 .. length(folded) - 1 LOOP found := found || substr(folded, place, 2); END LOOP;"
        " RETURN found; END $$"
    )


def drop_search_letters() -> None:
    """Undo ``create_search_letters``."""
    op.execute("DROP FUNCTION search_letters")


def weigh_search_letters() -> None:
    """The letters of a text cost more than the row itself: a list is walked for letters that many have, not for others.

    Of letters that nothing is known of the planner expects half a percent of all rows. By the cost before, it walked
    60,000 orders for six of these.
    """
    op.execute("ALTER FUNCTION search_letters COST 300")


def unweigh_search_letters() -> None:
    """Undo ``weigh_search_letters``."""
    op.execute("ALTER FUNCTION search_letters COST 10")


SHIPPED_UNITS: tuple[tuple[str, tuple[str, str, str], int, tuple[str, ...]], ...] = (
    ("EA", ("낱개", "each", "chiếc"), 0, ("ea", "each")),
    ("개", ("개", "piece", "cái"), 0, ("個", "cái")),
    ("PCS", ("피스", "pieces", "cái (PCS)"), 0, ("PC", "pcs", "piece", "pieces")),
    ("SET", ("세트", "set", "bộ"), 0, ("세트", "sets", "bộ")),
    ("장", ("장", "sheet", "tấm"), 0, ("sheet", "SHT", "張")),
    ("매", ("매", "sheet (매)", "tờ"), 0, ("枚",)),
    ("본", ("본", "bar", "thanh"), 0, ("本",)),
    ("대", ("대", "machine", "máy"), 0, ("臺",)),
    ("식", ("식", "lot of work", "trọn gói"), 0, ("式",)),
    ("병", ("병", "bottle", "chai"), 0, ("BTL", "bottle", "甁")),
    ("롤", ("롤", "roll", "cuộn"), 0, ("ROLL", "RL")),
    ("BOX", ("박스", "box", "thùng"), 0, ("박스", "상자", "BX", "boxes")),
    ("BAG", ("포대", "bag", "bao"), 0, ("포", "포대", "bags")),
    ("DRUM", ("드럼", "drum", "phuy"), 0, ("드럼", "drums")),
    ("kg", ("킬로그램", "kilogram", "kilôgam"), 6, ("KG", "㎏", "킬로그램", "KGS")),
    ("g", ("그램", "gram", "gam"), 6, ("G", "그램")),
    ("mg", ("밀리그램", "milligram", "miligam"), 6, ("MG", "㎎", "밀리그램")),
    ("t", ("톤", "tonne", "tấn"), 6, ("톤", "TON", "MT")),
    ("m", ("미터", "metre", "mét"), 6, ("M", "미터", "MTR")),
    ("cm", ("센티미터", "centimetre", "xentimét"), 6, ("CM", "㎝")),
    ("mm", ("밀리미터", "millimetre", "milimét"), 6, ("MM", "㎜")),
    ("m2", ("제곱미터", "square metre", "mét vuông"), 6, ("M2", "㎡", "m²", "제곱미터", "헤베")),
    ("m3", ("세제곱미터", "cubic metre", "mét khối"), 6, ("M3", "㎥", "m³", "CBM", "루베")),
    ("L", ("리터", "litre", "lít"), 6, ("ℓ", "리터", "LTR")),
    ("mL", ("밀리리터", "millilitre", "mililít"), 6, ("ML", "㎖", "cc")),
)
"""The units that a shop has from the start, as in the revision that made them: code, names in Korean, English and
Vietnamese, decimals, aliases."""


def create_unit_copies() -> None:
    """The read copy of units of measure, with those that every shop has."""
    units = op.create_table(
        "unit",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("aliases", postgresql.JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    op.bulk_insert(
        units,
        [
            {"code": code, "decimals": decimals, "aliases": list(aliases), "active": True}
            for code, _, decimals, aliases in SHIPPED_UNITS
        ],
    )


def _instant(name: str, *, nullable: bool = False, server_default: sa.TextClause | None = None) -> "sa.Column[object]":
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=nullable, server_default=server_default)
