"""The definitions by code as kinds, from areas to items."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from services.orders.definitions import commands, queries, schemas, tables
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.domain.cells import DATE, NUMBER, TIME, WHOLE, YES_NO, choice, pairs, several, triples
from services.orders.exchange.domain.documents import Document, frozen
from services.orders.exchange.domain.layout import ACTIVE, KindField, Lines, code_field, name_fields
from shared.kit.database import Transaction
from shared.kit.importing import Verdict


@dataclass(frozen=True)
class DefinitionStore:
    """Definitions by code; what is withdrawn is no longer active."""

    table: type[tables.Definition]
    body: type[BaseModel]
    put_command: Callable[[Transaction, str, Any], Awaitable[Verdict]]

    def subject_of(self, key: str) -> str:
        """The definition."""
        return self.table.subject_of(key)

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The documents with these codes, locked; or all of them, unlocked."""
        rows = await (
            queries.list_all(tx.session, self.table) if keys is None else tx.read_ahead(self.table, keys, lock=True)
        )
        return {row.code: frozen(self.body.model_validate(row, from_attributes=True)) for row in rows}

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Those of these codes that are active."""
        asked = [key for key in keys if (self.table, key) not in tx.known]
        await tx.read_ahead(self.table, asked)
        return {key for key in keys if (row := tx.known[self.table, key]) and row.active}

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Nothing more."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""
        return await self.put_command(tx, key, body)

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """Just these."""
        return put

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """No longer active."""
        await self.put_command(tx, key, self.body.model_validate(document | {"active": False}))


@dataclass(frozen=True)
class PersonSkillsStore:
    """People's skills, by person; withdrawn, a person has none."""

    def subject_of(self, key: str) -> str:
        """The person's skills."""
        return tables.PersonSkills.subject_of(key)

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The skills of these people, locked; or of everybody, unlocked."""
        table = tables.PersonSkills
        rows = await (
            queries.list_all_person_skills(tx.session) if keys is None else tx.read_ahead(table, keys, lock=True)
        )
        return {
            row.person: frozen(schemas.PersonSkillsIn.model_validate(row, from_attributes=True))
            for row in rows
            if row.skills
        }

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Nothing refers to it."""
        return set()

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Nothing more."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""
        return await commands.put_person_skills(tx, key, body)

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """Just these."""
        return put

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """No skills."""
        await commands.put_person_skills(tx, key, schemas.PersonSkillsIn(skills=[]))


ITEM_KIND = choice(
    {
        "raw": (("원자재", "raw material", "nguyên liệu"), ("원재료",)),
        "purchased": (("구매품", "purchased", "mua ngoài"), ("부자재", "구매")),
        "semi": (("반제품", "semi-finished", "bán thành phẩm"), ("재공",)),
        "finished": (("완제품", "finished", "thành phẩm"), ("제품",)),
    }
)
SUPPLY = choice(
    {
        "make": (("자체생산", "make", "tự sản xuất"), ("생산", "제조")),
        "buy": (("구매", "buy", "mua"), ("구입", "매입")),
    }
)
REASON_KIND = choice(
    {
        "planned": (("계획정지", "planned stop", "dừng theo kế hoạch"), ("계획",)),
        "setup": (("준비교체", "set-up", "thiết lập máy"), ("셋팅",)),
        "unplanned": (("비가동", "unplanned stop", "dừng ngoài kế hoạch"), ("비계획", "고장")),
        "hold": (("보류", "hold", "tạm giữ"), ()),
        "correction": (("정정", "correction", "đính chính"), ("수정",)),
    }
)
TOOL_KIND = choice(
    {
        "die": (("프레스금형", "die", "khuôn dập"), ("다이",)),
        "mould": (("사출금형", "mould", "khuôn ép"), ("mold", "금형", "몰드")),
        "jig": (("지그", "jig", "đồ gá"), ()),
        "gauge": (("게이지", "gauge", "dưỡng đo"), ("gage",)),
        "other": (("기타", "other", "khác"), ()),
    }
)
CONVERSIONS = pairs(
    "unit",
    "factor",
    str,
    (
        "1 단위 = 재고단위 몇 개인지, 예: BOX=200, KG=1/3",
        "how many stock units one unit is, like BOX=200, KG=1/3",
        "1 đơn vị bằng bao nhiêu đơn vị tồn kho, ví dụ BOX=200, KG=1/3",
    ),
)
OVERTIME = triples(
    ("date", "shift", "ends"),
    (
        "날짜 근무조 종료시각, 예: 2026-12-24 D 21:00",
        "date, shift and end, like 2026-12-24 D 21:00",
        "ngày, ca và giờ kết thúc, ví dụ 2026-12-24 D 21:00",
    ),
)
AREAS = ExchangeKind(
    "areas",
    ("구역", "Areas", "Khu vực"),
    (
        code_field(("구역코드", "Area", "Khu vực"), "구역", example="A1"),
        *name_fields("1공장", "구역명", "이름"),
        ACTIVE,
    ),
    schemas.AreaIn,
    store=DefinitionStore(tables.Area, schemas.AreaIn, commands.put_area),
)
WORK_CENTERS = ExchangeKind(
    "work_centers",
    ("작업장", "Work centers", "Cụm máy"),
    (
        code_field(("작업장코드", "Work center", "Cụm máy"), "작업장", example="PRESS"),
        *name_fields("프레스", "작업장명", "이름"),
        KindField("area", ("구역", "Area", "Khu vực"), ("구역코드",), refers="areas"),
        ACTIVE,
    ),
    schemas.WorkCenterIn,
    store=DefinitionStore(tables.WorkCenter, schemas.WorkCenterIn, commands.put_work_center),
)
MACHINES = ExchangeKind(
    "machines",
    ("설비", "Machines", "Máy"),
    (
        code_field(("설비코드", "Machine", "Máy"), "설비번호", "호기", example="PR1"),
        *name_fields("프레스 1호기", "설비명", "이름"),
        KindField(
            "work_center",
            ("작업장", "Work center", "Cụm máy"),
            ("작업장코드",),
            required=True,
            refers="work_centers",
            example="PRESS",
        ),
        ACTIVE,
    ),
    schemas.MachineIn,
    store=DefinitionStore(tables.Machine, schemas.MachineIn, commands.put_machine),
)
TOOLS = ExchangeKind(
    "tools",
    ("금형·치공구", "Tools", "Khuôn và dụng cụ"),
    (
        code_field(("금형코드", "Tool", "Khuôn"), "금형번호", "치공구코드", "치공구번호", example="D-1001"),
        *name_fields("브라켓 금형", "금형명", "치공구명", "이름"),
        KindField("kind", ("구분", "Kind", "Loại"), ("종류", "type"), TOOL_KIND, required=True, example="die"),
        KindField("cavities", ("캐비티", "Cavities", "Số lòng khuôn"), ("취수", "cavity"), WHOLE, example="1"),
        KindField("life_shots", ("수명(타수)", "Life (shots)", "Tuổi thọ (lần dập)"), ("보증타수", "수명"), WHOLE),
        KindField(
            "maintenance_shots",
            ("점검주기(타수)", "Maintenance every (shots)", "Bảo trì mỗi (lần dập)"),
            ("점검주기", "점검타수"),
            WHOLE,
        ),
        KindField("shots", ("누적타수", "Shots so far", "Số lần dập đến nay"), ("타수", "현재타수"), WHOLE),
        ACTIVE,
    ),
    schemas.ToolIn,
    store=DefinitionStore(tables.Tool, schemas.ToolIn, commands.put_tool),
)
SHIFTS = ExchangeKind(
    "shifts",
    ("근무조", "Shifts", "Ca"),
    (
        code_field(("근무조코드", "Shift", "Ca"), "근무조", "코드", example="D"),
        *name_fields("주간", "근무조명", "이름"),
        KindField("starts", ("시작", "Starts", "Bắt đầu"), ("시작시각", "from"), TIME, required=True, example="08:30"),
        KindField("ends", ("종료", "Ends", "Kết thúc"), ("종료시각", "to"), TIME, required=True, example="19:30"),
        ACTIVE,
    ),
    schemas.ShiftIn,
    store=DefinitionStore(tables.Shift, schemas.ShiftIn, commands.put_shift),
)
CALENDARS = ExchangeKind(
    "calendars",
    ("달력", "Calendars", "Lịch"),
    (
        code_field(("달력코드", "Calendar", "Lịch"), "달력", example="MAIN"),
        *(replace(field, whole=True) for field in name_fields("공장 달력", "달력명", "이름")),
        KindField("date", ("휴일", "Day off", "Ngày nghỉ"), ("휴무일", "날짜", "일자"), DATE, example="2026-12-25"),
        *name_fields(
            "성탄절", "휴무명", headings=("휴일명", "Name of the day", "Tên ngày nghỉ"), name="day_name", required=False
        ),
        KindField("overtime", ("연장근무", "Overtime", "Tăng ca"), ("잔업",), OVERTIME, whole=True, refers="shifts"),
        replace(ACTIVE, whole=True),
    ),
    schemas.CalendarIn,
    store=DefinitionStore(tables.Calendar, schemas.CalendarIn, commands.put_calendar),
    lines=Lines("days_off", ("date",), schemas.DayOff),
)
REASONS = ExchangeKind(
    "reasons",
    ("사유", "Reasons", "Lý do"),
    (
        code_field(("사유코드", "Reason", "Lý do"), "코드", example="U1"),
        *name_fields("금형 수리", "사유명", "사유", "이름"),
        KindField("kind", ("구분", "Kind", "Loại"), codec=REASON_KIND, required=True, example="unplanned"),
        KindField(
            "note_required", ("비고필수", "Note required", "Bắt buộc ghi chú"), ("메모필수",), YES_NO, example="N"
        ),
        ACTIVE,
    ),
    schemas.ReasonIn,
    store=DefinitionStore(tables.Reason, schemas.ReasonIn, commands.put_reason),
)
SKILLS = ExchangeKind(
    "skills",
    ("기능", "Skills", "Kỹ năng"),
    (
        code_field(("기능코드", "Skill", "Kỹ năng"), "기능", example="WELD"),
        *name_fields("용접", "기능명", "이름"),
        ACTIVE,
    ),
    schemas.SkillIn,
    store=DefinitionStore(tables.Skill, schemas.SkillIn, commands.put_skill),
)
PERSON_SKILLS = ExchangeKind(
    "person_skills",
    ("사람별 기능", "People's skills", "Tay nghề"),
    (
        code_field(("사번", "Person", "Nhân viên"), "사원번호", "작업자", name="person", example="1101"),
        KindField("skill", ("기능코드", "Skill", "Kỹ năng"), ("기능",), required=True, refers="skills", example="WELD"),
        KindField(
            "level",
            ("수준", "Level", "Bậc"),
            ("숙련도", "레벨"),
            WHOLE,
            required=True,
            example="3",
            note=(
                "1 배움, 2 작업 가능, 3 단독 작업, 4 교육 가능",
                "1 learns, 2 works, 3 works alone, 4 teaches",
                "1 đang học, 2 làm được, 3 làm độc lập, 4 dạy được",
            ),
        ),
    ),
    schemas.PersonSkillsIn,
    store=PersonSkillsStore(),
    key="person",
    lines=Lines("skills", ("skill",), schemas.PersonSkill),
    former_titles=("숙련도",),
)
UNITS = ExchangeKind(
    "units",
    ("단위", "Units", "Đơn vị"),
    (
        code_field(("단위코드", "Unit", "Đơn vị"), "단위", example="kg"),
        *name_fields("킬로그램", "단위명", "이름"),
        KindField(
            "decimals",
            ("소수자리", "Decimals", "Số chữ số thập phân"),
            ("소수점자리수", "소수점"),
            WHOLE,
            required=True,
            example="3",
            note=("낱개로 세면 0", "0 for what counts", "0 nếu đếm từng cái"),
        ),
        KindField("aliases", ("다른 이름", "Other names", "Tên khác"), ("별칭", "동의어"), several()),
        ACTIVE,
    ),
    schemas.UnitIn,
    store=DefinitionStore(tables.Unit, schemas.UnitIn, commands.put_unit),
)
ITEMS = ExchangeKind(
    "items",
    ("품목", "Items", "Mặt hàng"),
    (
        code_field(
            ("품번", "Item code", "Mã hàng"),
            "품목코드",
            "품목번호",
            "자재번호",
            "자재코드",
            "item",
            "part no",
            example="HB1001",
        ),
        *name_fields("마운팅 브라켓", "명칭", "이름", "품목명", "자재명", "자재명칭", headings=("품명", "Name", "Tên")),
        KindField(
            "kind",
            ("구분", "Kind", "Loại"),
            ("품목구분", "품목유형", "계정", "계정구분", "종류", "유형", "type"),
            ITEM_KIND,
            required=True,
            example="finished",
        ),
        KindField("unit", ("단위", "Unit", "Đơn vị"), ("재고단위", "uom"), example="EA", blank=""),
        KindField(
            "box_quantity",
            ("박스수량", "Box quantity", "Số lượng mỗi thùng"),
            ("포장수량", "입수", "박스입수", "box"),
            NUMBER,
            example="200",
        ),
        KindField("supply", ("조달", "Supply", "Nguồn cung"), ("조달구분",), SUPPLY),
        KindField("unit_conversions", ("단위환산", "Unit conversions", "Quy đổi đơn vị"), ("환산",), CONVERSIONS),
        KindField("lot_tracked", ("로트관리", "Lot-tracked", "Quản lý theo lô"), ("LOT관리",), YES_NO),
        KindField("serial_tracked", ("시리얼관리", "Serial-tracked", "Quản lý theo số sê-ri"), ("시리얼",), YES_NO),
        KindField(
            "lot_rule",
            ("로트번호규칙", "Lot number rule", "Quy tắc số lô"),
            ("로트규칙",),
            example="{item}-{yymmdd}-{nnn}",
        ),
        KindField("shelf_life_d", ("유통기한(일)", "Shelf life (days)", "Hạn dùng (ngày)"), ("유효기간(일)",), WHOLE),
        *(
            KindField(f"lot_{rule}", headings, synonyms, NUMBER, path=("lot_size", rule))
            for rule, headings, synonyms in (
                ("minimum", ("최소로트", "Lot minimum", "Lô tối thiểu"), ("최소수량",)),
                ("multiple", ("로트배수", "Lot multiple", "Bội số lô"), ("로트단위",)),
                ("maximum", ("최대로트", "Lot maximum", "Lô tối đa"), ("최대수량",)),
            )
        ),
        KindField("note", ("비고", "Note", "Ghi chú"), ("적요", "메모")),
        ACTIVE,
    ),
    schemas.ItemIn,
    store=DefinitionStore(tables.Item, schemas.ItemIn, commands.put_item),
)
