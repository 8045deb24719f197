"""The headers that pass, and those that are added."""

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
