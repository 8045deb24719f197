"""A shop's own spreadsheets, as they are: twenty things in them that a person must mend."""

ITEMS = """\
품번,품명,구분,단위,박스수량
HB1001,마운팅 브라켓,완제품,EA,200
HB-1001,마운팅 브라켓 (구),완제품,EA,200
HB2001,보강 ASSY,완제품,EA,80
ＨＢ２００１,보강 ASSY 시작품,완제품,EA,80
SC 500,고추장 소스 500g,완제품,EA,12
HB9001,보강ASSY,완제품,EA,80
HB3001,사이드 브라켓,완제품,,100
CAP30,캡 30,반제품,,500
HB4001,지지대,완제품,EA,50
X1,소스 통,구매품,EA,1
COIL,열연코일 2.0t,원자재,kg,
NUT8,용접너트 M8,구매품,EA,
CAP24A,증착 캡 조립품,완제품,EA,500
CAP24,캡 24,반제품,EA,500
"""
ROUTINGS = """\
품번,공정순서,공정명,작업장,설비,사이클타임(초),외주,외주소요일
HB1001,10,프로그레시브,,PR1,1.5,,
HB1001,20,검사·포장,,PK,3,,
HB-1001,10,프로그레시브,,PR1,1.5,,
HB2001,10,블랭킹,,PR1,2,,
HB2001,20,전착도장,,,,예,
ＨＢ２００１,10,블랭킹,,PR1,2,,
HB9001,10,블랭킹,,PR1,2,,
HB3001,10,벤딩,,PR2,0,,
CAP30,10,사출,,PR2,,,
CAP24,10,사출,INJ,,18,,
HB4001,10,용접,,PR999,5,,
CAP24A,10,조립,,,2,,
"""
BOMS = """\
모품목,자품목,소요량
HB1001,COIL,0.412
HB-1001,COIL,0.412
HB2001,NUT8,2
ＨＢ２００１,NUT8,2
HB9001,NUT8,2
HB3001,COIL,0.2
CAP30,COIL,0.01
CAP24A,CAP24,1
CAP24,CAP24A,1
HB4001,STEEL9,1
"""
FAULTS = (
    ("unit_missing", "HB3001"),
    ("unit_missing", "CAP30"),
    ("code_alike", "HB-1001"),
    ("code_alike", "HB2001"),
    ("row_rejected", "SC 500"),
    ("name_alike", "HB2001"),
    ("code_off_rule", "X1"),
    ("time_missing", "HB3001"),
    ("time_missing", "CAP30"),
    ("machine_missing", "CAP24"),
    ("lead_time_missing", "HB2001"),
    ("row_rejected", "HB4001"),
    ("row_rejected", "CAP24A"),
    ("row_rejected", "CAP24"),
    ("routing_missing", "HB4001"),
    ("routing_missing", "CAP24A"),
    ("bom_missing", "HB4001"),
    ("instruction_missing", "HB1001"),
    ("instruction_not_approved", "HB1001"),
    ("time_contradicted", "HB1001"),
)
"""What the report must name: the finding and the entry. Two rows of HB4001 are rejected: its machine and its component are unknown."""
