"""The headers that pass, those that are added, and which answers are compressed."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

Headers = list[tuple[bytes, bytes]]

PASSED = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-length",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"tracestate",
        b"transfer-encoding",
        b"user-agent",
    }
)
"""The headers of a request that a service gets; all else ends here, so that nobody outside can speak as the gateway."""

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"date",
        b"server",
    }
)
"""The headers that belong to one connection, or that this server sets anew."""

ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
FOR_API: Headers = [
    *ALWAYS,
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
FOR_PAGES: Headers = [
    *ALWAYS,
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
        b" connect-src 'self'; frame-src blob:; manifest-src 'self'; worker-src 'self'; media-src 'self';"
        b" form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=()"),
]
CACHE = b"cache-control"
CONTENT = b"content-type"
VARY = (b"vary", b"accept-encoding")
HSTS = (b"strict-transport-security", b"max-age=31536000")


def completed(status: int, headers: Headers, added: Headers) -> Headers:
    """The response's headers with those added, which never contradict its own cache control.

    Without content there is no type of it.
    """
    if status == 204:
        headers = [(name, value) for name, value in headers if name != CONTENT]
    if any(name == CACHE for name, _ in headers):
        added = [(name, value) for name, value in added if name != CACHE]
    return [*headers, *added]


def header(headers: Headers, name: bytes) -> str | None:
    """The value of a request's header."""
    for found, value in headers:
        if found == name:
            return value.decode("latin-1")
    return None


PACKED_FROM_BYTES = 1024
"""Smaller answers would gain nothing; those of the floor's reports are."""
PACKABLE = (b"application/json", b"application/problem+json", b"text/")


def is_packable(headers: Headers) -> bool:
    """True for an answer that is worth compressing.

    One with an ETag is left as it is: compressed it would be another representation, and need another ETag.
    """
    found = dict(headers)
    return (
        int(found.get(b"content-length", b"0")) >= PACKED_FROM_BYTES
        and found.get(CONTENT, b"").startswith(PACKABLE)
        and b"content-encoding" not in found
        and b"etag" not in found
    )


def accepts_gzip(accept_encoding: str | None) -> bool:
    """True if a reader takes gzip (RFC 9110 12.5.3): by its name or by ``*``, and with a weight above zero."""
    weights: dict[str, float] = {}
    for part in (accept_encoding or "").lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            weights[name] = float(weight or 1)
        except ValueError:
            weights[name] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers of requests that somebody handed on."""


def is_inside(client: str | None, names: Sequence[str], networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """True for a request with headers of these ``names`` that came straight from one of the networks."""
    if not client or any(name.lower() in FORWARDED for name in names):
        return False
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in networks)
