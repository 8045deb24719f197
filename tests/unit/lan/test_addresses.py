"""Which of a machine's addresses a tablet is told."""

import shutil
import subprocess
import sys

import pytest

from infra.lan.addresses import lan_addresses, lan_names, machine_name
from infra.local.errors import NotALanAddressError

IN_A_NETWORK_OF_ITS_OWN = """
ip link set lo up && ip address add 192.168.77.5/24 dev lo && ip address add 10.1.2.3/8 dev lo {route}
exec {python} -c "from infra.lan.addresses import lan_names; print(*lan_names('0.0.0.0'))"
"""


def test_the_address_of_the_shops_network_comes_first() -> None:
    interfaces = {"lo": ["127.0.0.1"], "eth0": ["10.0.0.8"], "wlan0": ["192.168.0.7"]}
    assert lan_addresses(interfaces, "192.168.0.7") == ["192.168.0.7", "10.0.0.8"]
    assert lan_addresses(interfaces, None) == ["10.0.0.8", "192.168.0.7"]


def test_networks_of_containers_are_not_told() -> None:
    interfaces = {"eth0": ["192.168.0.7"], "docker0": ["172.17.0.1"], "br-5f0c": ["172.18.0.1"]}
    assert lan_addresses(interfaces, None) == ["192.168.0.7"]


@pytest.mark.parametrize("address", ["203.0.113.5", "169.254.10.2", "100.64.0.9", "172.32.0.1"])
def test_what_is_no_local_network_is_not_told(address: str) -> None:
    assert lan_addresses({"eth0": [address]}, address) == []


@pytest.mark.parametrize("host", ["203.0.113.5", "fd00::2", "dure.example.com"])
def test_an_address_that_is_not_of_a_local_network_is_refused_with_what_to_do(host: str) -> None:
    with pytest.raises(NotALanAddressError, match="Leave --host out, and Dure finds the address"):
        lan_names(host)


def test_the_machines_name_is_good_beside_its_address() -> None:
    assert lan_names("192.168.0.7") == ["192.168.0.7", f"{machine_name()}.local"]


@pytest.mark.parametrize(
    ("route", "first"), [("&& ip route add default dev lo src 192.168.77.5", "192.168.77.5"), ("", "10.1.2.3")]
)
def test_the_addresses_of_a_real_machine_are_found(route: str, first: str) -> None:
    unshare = ["unshare", "--user", "--map-root-user", "--net"]
    if not shutil.which("ip") or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network namespace is needed, and not allowed here")
    script = IN_A_NETWORK_OF_ITS_OWN.format(route=route, python=sys.executable)
    done = subprocess.run([*unshare, "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split()[0] == first
    assert set(done.stdout.split()) == {"192.168.77.5", "10.1.2.3", f"{machine_name()}.local"}
