"""This machine in the local network: its names there, and a certificate that is always valid for them."""

import asyncio
import datetime as dt
import ssl
from collections.abc import Callable

import structlog

from infra.lan.addresses import EVERYWHERE, lan_names, machine_name
from infra.lan.authority import Authority
from infra.local.data_folder import DataFolder
from infra.local.errors import AuthorityEndedError, LocalError
from shared.kit.clock import utc_now

log = structlog.get_logger(__name__)

SELF = ("127.0.0.1", "localhost")
"""For probes, and for a browser on this machine."""
RENEW = dt.timedelta(days=30)
"""So long before its end a certificate is replaced."""
WARN = dt.timedelta(days=365)
CHECK_SECONDS = 20.0
"""How often the addresses and the clock are checked; an address changes when a router starts anew."""


class LocalNetwork:
    """HTTPS at ``port``, and at ``guide_port`` the page for devices that do not trust it yet.

    ``find_names`` says what this machine is called now, the best first; it may raise LocalError while it is called
    nothing.
    """

    def __init__(
        self,
        data: DataFolder,
        host: str,
        port: int,
        *,
        find_names: Callable[[str], list[str]] = lan_names,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.port = port
        self.guide_port = port + 1
        self.names = find_names(host)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._host = host
        self._data = data
        self._find_names = find_names
        self._clock = clock
        pem = data.secret("lan-authority.pem", lambda: Authority.make(machine_name(), clock()).pem)
        self.authority = Authority.read(pem)
        if self.authority.ends <= clock():
            raise AuthorityEndedError(data.secrets / "lan-authority.pem")
        self._issue()

    @property
    def address(self) -> str:
        """The origin that tablets and offices open."""
        return f"https://{self.names[0]}:{self.port}"

    @property
    def own_address(self) -> str:
        """Likewise, for a client on this machine; it stays the same when the network gives out another address."""
        return f"https://{SELF[0] if self._host in EVERYWHERE else self._host}:{self.port}"

    @property
    def guide_address(self) -> str:
        """Where a device begins that does not trust this machine yet."""
        return f"http://{self.names[0]}:{self.guide_port}"

    @property
    def authority_ends_soon(self) -> bool:
        """True when the tablets need another authority within a year."""
        return self.authority.ends - self._clock() < WARN

    def trusting(self) -> ssl.SSLContext:
        """For a client on this machine: it trusts our authority and no other."""
        return ssl.create_default_context(cadata=self.authority.certificate_pem)

    def refresh(self) -> bool:
        """Renew the certificate when it nears its end or the addresses are others; return whether it did. Raises
        LocalError, OSError.

        The context takes the new one for the next connections, and those that are open go on with the old one.
        """
        before, names = self.names, self._find_names(self._host)
        if names == before and self._is_good():
            return False
        self.names = names
        self._issue()
        if names[0] != before[0]:
            log.warning(
                "this machine has another address in the network; tablets know it by the old one: give it back"
                " (reserve it in the router), or enrol them anew",
                before=before[0],
                now=self.address,
                guide=self.guide_address,
            )
        return True

    async def refresh_forever(self) -> None:
        """Refresh for ever; a failure is logged once, and tried again."""
        logged = ""
        while True:
            try:
                self.refresh()
                logged = ""
            except (LocalError, OSError) as error:
                if str(error) != logged:
                    log.warning("the certificate for the local network cannot be renewed", reason=str(error))
                logged = str(error)
            await asyncio.sleep(CHECK_SECONDS)

    def _issue(self) -> None:
        certificate, pem = self.authority.issue([*dict.fromkeys([*self.names, *SELF])], self._clock())
        self.context.load_cert_chain(self._data.replace_secret("lan-certificate.pem", pem))
        self._certificate = certificate

    def _is_good(self) -> bool:
        """Also not, when it was issued while this machine's clock was ahead.

        One that ends with the authority is as good as it gets.
        """
        begins, ends = self._certificate.not_valid_before_utc, self._certificate.not_valid_after_utc
        return begins <= self._clock() < (ends if ends == self.authority.ends else ends - RENEW)
