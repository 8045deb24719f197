"""PINs, locks and the ends of sessions."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity.domain import (
    LOCK,
    OFFICE_SESSION,
    OFFICE_SESSION_AT_MOST,
    Tries,
    code_of_login,
    count_try,
    is_last_admin,
    is_pin,
    is_weak_password,
    is_weak_pin,
    locked_until,
    password_units,
    prolonged,
)

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
INSTANTS = st.integers(0, 7200).map(lambda seconds: NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "pin", ["111111", "123456", "654321", "890123", "121212", "123123", "112233", "100000", "343434", "000001"]
)
def test_a_pin_that_anybody_would_try_is_weak(pin: str) -> None:
    assert is_weak_pin(pin)


@pytest.mark.parametrize("pin", ["482915", "700413", "135790", "918273", "202611"])
def test_other_pins_will_do(pin: str) -> None:
    assert not is_weak_pin(pin)


def test_few_pins_are_weak() -> None:
    looked_at = range(0, 1_000_000, 1 if "DURE_LONG_PROPERTIES" in os.environ else 17)
    assert sum(is_weak_pin(f"{pin:06}") for pin in looked_at) < len(looked_at) / 100


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "１２３４５６", "12 456", ""])
def test_a_pin_has_six_ascii_digits(pin: str) -> None:
    assert not is_pin(pin)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "password1234",
            "Password1!",
            "P@ssw0rd2026",
            "passw0rd",
            "1q2w3e4r",
            "qwer1234",
            "1234qwer!!",
            "asdf1234qwer",
        ),
        *("admin2026!", "Welcome123", "iloveyou12", "abcd1234", "aaaaaaaaaaaa", "abababab", "12345678910", "987654321"),
        *(
            "qlalfqjsgh1",
            "관리자1234",
            "matkhau123",
            "1qaz2wsx3edc",
            "boss2026!!",
            "shopboss12",
            "20262026",
            "samsung123",
        ),
        "Boss@shop.kr",
    ],
)
def test_a_password_of_what_is_tried_first_is_weak(password: str) -> None:
    assert is_weak_password(password, "Boss@shop.kr")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "kkumi-7-haneul",
        "presses-run-all-night",
        "a long pass phrase 4711",
        "우리 프레스 3호기",
        "g7#kQ2vx",
    ],
)
def test_a_password_with_something_of_its_own_will_do(password: str) -> None:
    assert not is_weak_password(password, "Boss@shop.kr")


@given(st.text(min_size=8, max_size=40), st.text(max_size=20))
def test_a_password_has_no_more_units_than_characters(password: str, login: str) -> None:
    assert 1 <= password_units(password, login) <= len(password.casefold())


@given(st.lists(INSTANTS, min_size=1, max_size=60).map(sorted))
def test_never_more_than_five_tries_reach_the_secret_within_a_lock(instants: list[datetime]) -> None:
    tries: Tries | None = None
    let_through: list[datetime] = []
    for now in instants:
        if locked_until(tries, 5, now) is None:
            tries = count_try(tries, now)
            let_through.append(now)
    for first, sixth in zip(let_through, let_through[5:], strict=False):
        assert sixth - first >= LOCK


def test_a_lock_ends_by_itself_and_trying_does_not_make_it_longer() -> None:
    tries = Tries(5, NOW)
    assert locked_until(tries, 5, NOW + timedelta(minutes=14, seconds=59)) == NOW + LOCK
    assert locked_until(tries, 5, NOW + LOCK) is None
    assert count_try(tries, NOW + LOCK) == Tries(1, NOW + LOCK)


def test_a_session_by_pin_is_not_prolonged_and_one_by_password_once_a_day() -> None:
    end = NOW + OFFICE_SESSION
    assert prolonged("pin", NOW, NOW + timedelta(hours=12), NOW + timedelta(hours=11)) is None
    assert prolonged("password", NOW, end, NOW + timedelta(hours=23)) is None
    assert prolonged("password", NOW, end, NOW + timedelta(days=1)) == end + timedelta(days=1)
    late = NOW + timedelta(days=28)
    assert prolonged("password", NOW, late + timedelta(days=1), late) == NOW + OFFICE_SESSION_AT_MOST


def test_the_last_admin_is_known() -> None:
    assert is_last_admin("kim", ["kim"])
    assert not is_last_admin("kim", ["kim", "lee"])


@pytest.mark.parametrize(
    ("login", "code"), [("boss", "boss"), ("kim@hanbyeol.kr", "kim-hanbyeol.kr"), ("김사장", "김사장"), ("@", "admin")]
)
def test_a_login_makes_a_code(login: str, code: str) -> None:
    assert code_of_login(login) == code
