"""A tablet trusts the shop's own authority, and only for what it is there for."""

import asyncio
import datetime as dt
import subprocess
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.lan.authority import Authority
from infra.local.errors import AuthorityEndedError, NoLanAddressError
from shared.kit.clock import utc_now
from tests.integration.lan.conftest import Machine, Shop

pytestmark = pytest.mark.anyio
DAY = dt.timedelta(days=1)


async def test_a_tablet_with_the_authority_is_served_over_https(shop: Shop) -> None:
    async with shop.tablet() as tablet:
        for host in ("127.0.0.2", "127.0.0.1", "localhost"):
            assert (await tablet.get(shop.url(host))).text == "https"


async def test_a_tablet_without_it_refuses_the_connection(shop: Shop) -> None:
    async with shop.tablet(trusts=False) as tablet:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await tablet.get(shop.url("127.0.0.2"))


async def test_plain_http_gets_nothing_at_the_https_port(shop: Shop) -> None:
    async with shop.tablet() as tablet:
        with pytest.raises(httpx.RemoteProtocolError):
            await tablet.get(shop.url("127.0.0.2").replace("https", "http"))


async def test_openssl_finds_the_chain_in_order(shop: Shop, tmp_path: Path) -> None:
    authority = tmp_path / "dure.pem"
    authority.write_text(shop.network.authority.certificate_pem)
    command = ["openssl", "s_client", "-connect", f"127.0.0.2:{shop.machine.port}", "-CAfile", str(authority)]
    checks = ["-verify_return_error", "-verify_ip", "127.0.0.2", "-x509_strict", "-brief"]
    process = await asyncio.create_subprocess_exec(
        *command, *checks, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert b"Verification: OK" in output
    assert b"TLSv1.3" in output


async def test_the_certificate_is_renewed_while_the_shop_runs(shop: Shop) -> None:
    # issued 61 days ago: the tablets' clocks cannot be moved, so the machine's is
    shop.machine.passed = -61 * DAY
    shop.network.refresh()
    before = await shop.certificate("127.0.0.2")
    assert before.not_valid_after_utc - before.not_valid_before_utc <= 397 * DAY
    async with shop.tablet() as early, shop.tablet() as late:
        await early.get(shop.url("127.0.0.2"))
        shop.machine.passed = -2 * DAY
        assert not shop.network.refresh()
        shop.machine.passed = dt.timedelta()
        assert shop.network.refresh()
        after = await shop.certificate("127.0.0.2")
        assert after.serial_number != before.serial_number
        assert after.not_valid_after_utc > before.not_valid_after_utc + 60 * DAY
        # the connection that was open goes on
        assert (await early.get(shop.url("127.0.0.2"))).text == "https"
        assert (await late.get(shop.url("127.0.0.1"))).text == "https"


async def test_a_certificate_from_a_clock_that_was_ahead_is_replaced(shop: Shop) -> None:
    shop.machine.passed = 100 * DAY
    shop.network.refresh()
    shop.machine.passed = dt.timedelta()
    assert shop.network.refresh()
    assert (await shop.certificate("127.0.0.2")).not_valid_before_utc < utc_now()


async def test_another_address_from_the_router_is_good_without_a_restart(shop: Shop) -> None:
    async with shop.tablet() as tablet:
        with pytest.raises(httpx.ConnectError, match="IP address mismatch"):
            await tablet.get(shop.url("127.0.0.3"))
        shop.machine.names = ["127.0.0.3", "shop.local"]
        assert shop.network.refresh()
        assert (await tablet.get(shop.url("127.0.0.3"))).text == "https"
        assert shop.network.address == f"https://127.0.0.3:{shop.machine.port}"
        # who comes with the old address is led to the new one
        led = await tablet.get(f"http://127.0.0.2:{shop.machine.port + 1}/")
    assert (led.status_code, led.headers["location"]) == (302, f"http://127.0.0.3:{shop.machine.port + 1}/")


async def test_without_a_network_the_certificate_stays(shop: Shop) -> None:
    before = await shop.certificate("127.0.0.2")
    shop.machine.unplugged = NoLanAddressError()
    with pytest.raises(NoLanAddressError, match="Connect it to the shop's network"):
        shop.network.refresh()
    assert (await shop.certificate("127.0.0.2")).serial_number == before.serial_number


@pytest.mark.parametrize("name", ["bank.example.com", "local.example.com", "8.8.8.8", "2001:db8::1"])
def test_the_authority_cannot_vouch_for_the_world_outside(name: str, tmp_path: Path) -> None:
    authority = Authority.make("shop", utc_now())
    certificate, _ = authority.issue(["192.168.0.7", name], utc_now())
    output = verify(authority, certificate, tmp_path)
    assert "permitted subtree violation" in output


@pytest.mark.parametrize("name", ["192.168.0.7", "10.9.8.7", "172.31.0.1", "shop.local", "fd00::7", "127.0.0.1"])
def test_the_authority_vouches_for_addresses_of_a_local_network(name: str, tmp_path: Path) -> None:
    authority = Authority.make("shop", utc_now())
    certificate, _ = authority.issue([name], utc_now())
    assert verify(authority, certificate, tmp_path).endswith("OK")


def verify(authority: Authority, certificate: x509.Certificate, folder: Path) -> str:
    (folder / "ca.pem").write_text(authority.certificate_pem)
    (folder / "leaf.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "ca.pem", "leaf.pem"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def test_the_authority_is_the_same_after_a_restart(machine: Machine) -> None:
    first, second = machine.join(), machine.join()
    assert first.authority.sha256 == second.authority.sha256


def test_the_keys_are_their_owners_alone(machine: Machine) -> None:
    machine.join()
    modes = {path.name: path.stat().st_mode & 0o777 for path in machine.data.secrets.glob("lan-*")}
    assert modes == {"lan-authority.pem": 0o600, "lan-certificate.pem": 0o600}


def test_an_authority_near_its_end_is_told_and_one_that_ended_refuses(machine: Machine) -> None:
    assert not machine.join().authority_ends_soon
    machine.passed = 3300 * DAY
    late = machine.join()
    assert late.authority_ends_soon
    machine.passed = 3640 * DAY
    late.refresh()
    assert not late.refresh()  # one that ends with the authority is not renewed again and again
    machine.passed = 3651 * DAY
    with pytest.raises(AuthorityEndedError, match="each tablet installs it once"):
        machine.join()
