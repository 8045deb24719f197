"""Where webhooks may go, what an answer means, and when to try again."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.erp_bridge.outbound.domain.delivery import (
    LONGEST_WAIT,
    is_given_up,
    judge_response,
    read_retry_after,
    rest_after_refusal,
    wait_after,
)
from services.erp_bridge.outbound.domain.target import address_fault, parse_target
from services.erp_bridge.settings import ErpBridgeSettings

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.10",
        "100.64.0.1",
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00::1",
        "0.0.0.0",
        "224.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
    ],
)
def test_addresses_inside_are_not_called(address: str) -> None:
    assert address_fault(address, True, ()) == "url_address_refused"


def test_public_addresses_are_called_by_https_alone() -> None:
    assert address_fault("93.184.216.34", True, ()) is None
    assert address_fault("2606:2800:220:1::1", True, ()) is None
    assert address_fault("93.184.216.34", False, ()) == "url_not_https"


def test_a_listed_network_may_be_private_and_without_tls() -> None:
    listed = [ip_network("10.0.0.0/8"), ip_network("127.0.0.0/8")]
    assert address_fault("10.1.2.3", False, listed) is None
    assert address_fault("::ffff:127.0.0.1", False, listed) is None
    assert address_fault("192.168.0.10", True, listed) == "url_address_refused"


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200"])
def test_metadata_addresses_are_never_called_whatever_is_listed(address: str) -> None:
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    assert address_fault(address, True, everything) == "url_address_refused"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://erp.example.com/x",
        "erp.example.com",
        "https://",
        "https://a:b@erp.example.com/",
        "https://erp.example.com:99999/",
        "https://erp.example.com/#x",
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url_parsing"):
        parse_target(url)


def test_networks_are_listed_with_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_OUTGOING_ALLOWED", "127.0.0.0/8, 10.0.0.5")
    assert [str(network) for network in ErpBridgeSettings().outgoing_allowed] == ["127.0.0.0/8", "10.0.0.5/32"]


@pytest.mark.parametrize(
    ("status", "delivered", "is_final"),
    [
        (200, True, True),
        (204, True, True),
        (408, False, False),
        (425, False, False),
        (429, False, False),
        (500, False, False),
        (503, False, False),
        (301, False, True),
        (400, False, True),
        (404, False, True),
        (410, False, True),
        (422, False, True),
    ],
)
def test_what_passes_by_itself_is_tried_again_and_a_refusal_is_final(
    status: int, delivered: bool, is_final: bool
) -> None:
    outcome = judge_response(status, "", None, NOW)
    assert (outcome.delivered, outcome.is_final) == (delivered, is_final)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("Wed, 25 Nov 2026 09:00:30 GMT", timedelta(seconds=30)),
        ("Wed, 25 Nov 2026 08:00:00 GMT", timedelta()),
        ("99999999999", timedelta(hours=24)),
        ("soon", None),
        (None, None),
    ],
)
def test_a_receiver_may_say_when_to_come_again(header: str | None, expected: timedelta | None) -> None:
    assert read_retry_after(header, NOW) == expected


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_are_spread_below_a_ceiling_that_doubles_up_to_five_minutes(attempts: int, chance: float) -> None:
    assert (
        timedelta()
        <= wait_after(attempts, chance)
        <= min(LONGEST_WAIT, timedelta(seconds=0.5) * 2 ** min(attempts - 1, 12))
    )


def test_a_wait_is_never_shorter_than_the_receiver_asked_for() -> None:
    assert wait_after(1, 0.5, timedelta(minutes=10)) == timedelta(minutes=10)


def test_one_refused_document_does_not_slow_the_others_but_a_row_of_them_does() -> None:
    assert [rest_after_refusal(failures, 1.0) for failures in (1, 2, 3)] == [None, None, None]
    assert rest_after_refusal(4, 1.0) == timedelta(seconds=0.5)
    assert rest_after_refusal(50, 1.0) == LONGEST_WAIT


def test_a_delivery_is_given_up_after_three_days() -> None:
    assert not is_given_up(NOW, NOW + timedelta(hours=72))
    assert is_given_up(NOW, NOW + timedelta(hours=72, seconds=1))
