"""A certificate authority for one shop, which can vouch for addresses of local networks alone, and the certificates
that it issues.
"""

import datetime as dt
import plistlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 90
"""Browsers accept 398 at most from public authorities, and less each year; renewing often keeps renewing in order."""
SLACK = dt.timedelta(days=1)
"""Certificates begin in the past: a tablet's clock may be behind."""
NETWORKS: tuple[IPv4Network | IPv6Network, ...] = (
    *map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")),
    *map(IPv6Network, ("fc00::/7", "fe80::/10", "::1/128")),
)
DOMAINS = ("local", "localhost")
"""Reserved names. The machine's bare name is not among them.

One that is also a top-level domain (`shop`, `dev`) would open all of it.
"""


@dataclass(frozen=True)
class Authority:
    """A certificate that tablets are made to trust, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def make(cls, machine: str, now: dt.datetime) -> Self:
        """A new authority for ten years.

        The name constraints are critical, as RFC 5280 (4.2.1.10) asks; browsers enforce them on authorities that a
        person installed. Even who stole the key could not stand in for a bank or a mail server.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"Dure {machine[:40]} {now:%Y-%m-%d}")
        inside = [*map(x509.DNSName, DOMAINS), *map(x509.IPAddress, NETWORKS)]
        certificate = (
            _builder(name, name, key, now, now + dt.timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(is_authority=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.NameConstraints(inside, None), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    @classmethod
    def read(cls, pem: str) -> Self:
        """An authority that was written by ``pem``."""
        key = serialization.load_pem_private_key(pem.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the authority's key is not of an elliptic curve")
        return cls(x509.load_pem_x509_certificate(pem.encode()), key)

    @property
    def pem(self) -> str:
        """Key and certificate."""
        return _key_pem(self.key) + self.certificate_pem

    @property
    def certificate_pem(self) -> str:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        """The certificate as Android and Windows read it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def name(self) -> str:
        """The name a tablet lists it under."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def ends(self) -> dt.datetime:
        """When nothing that it issued is trusted any more."""
        return self.certificate.not_valid_after_utc

    @property
    def sha256(self) -> str:
        """The fingerprint that Android and iPads show."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(" ").upper()

    @property
    def sha1(self) -> str:
        """The fingerprint that Windows shows; to compare with one's eyes, not to prove anything by a program."""
        return self.certificate.fingerprint(hashes.SHA1()).hex(" ", -4).upper()  # noqa: S303

    @property
    def profile(self) -> bytes:
        """The certificate as a configuration profile, which iPads install.

        The same identifiers replace an earlier copy.
        """
        own = uuid.uuid5(uuid.NAMESPACE_OID, self.sha256)
        payload = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"dure.authority.{own}",
            "PayloadUUID": str(own).upper(),
            "PayloadDisplayName": self.name,
            "PayloadCertificateFileName": "dure.crt",
            "PayloadContent": self.der,
        }
        whole = uuid.uuid5(own, "profile")
        return plistlib.dumps(
            {
                "PayloadType": "Configuration",
                "PayloadVersion": 1,
                "PayloadIdentifier": f"dure.profile.{whole}",
                "PayloadUUID": str(whole).upper(),
                "PayloadDisplayName": self.name,
                "PayloadContent": [payload],
            }
        )

    def issue(self, names: Sequence[str], now: dt.datetime) -> tuple[x509.Certificate, str]:
        """A certificate for these addresses and names with a key of its own, and both as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        ends = min(now + dt.timedelta(days=CERTIFICATE_DAYS), self.ends)
        certificate = (
            _builder(_name("Dure"), self.certificate.subject, key, now, ends)
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        return certificate, _key_pem(key) + certificate.public_bytes(serialization.Encoding.PEM).decode()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime, ends: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
