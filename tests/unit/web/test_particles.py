"""Korean texts whose values are filled in say 을 or 를, as the word before asks."""

import pytest

from tests.support.scripts import answers

PARTICLES = "/js/lib/particles.js"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PR200P에서 작업지시 W-1 공정 10이(가) 진행 중입니다.", "PR200P에서 작업지시 W-1 공정 10이 진행 중입니다."),
        ("“HB9999”은(는) 등록되어 있지 않습니다", "“HB9999”는 등록되어 있지 않습니다"),
        ("품목을(를) 봅니다", "품목을 봅니다"),
        ("사유을(를) 봅니다", "사유를 봅니다"),
        ("“ERP”(으)로 저장했습니다", "“ERP”로 저장했습니다"),
        ("W-2611-0017(으)로 바꿉니다", "W-2611-0017로 바꿉니다"),
        ("120(으)로 바꿉니다", "120으로 바꿉니다"),
        ("상자(으)로, 킬로그램(으)로, 밀(으)로", "상자로, 킬로그램으로, 밀로"),
        ("kg(으)로, EA을(를)", "kg으로, EA를"),
        ("1,600와(과) 12와(과)", "1,600과 12와"),
        ("Trần을(를)", "Trần을"),
        ("“”을(를) 지웁니다", "“”을(를) 지웁니다"),
        ("Ж은(는)", "Ж은(는)"),
        ("납기(선택)은 그대로", "납기(선택)은 그대로"),
    ],
)
def test_a_particle_follows_the_sound_before_it(written: str, read: str) -> None:
    assert answers(PARTICLES, ("withParticles", written)) == [read]
