"""Requests that may be larger or take longer than others.

The routes that take them and the gateway in front read them here.
"""

from types import MappingProxyType

FORM_BYTES = 64 * 1024
"""Room for the form around a file."""
BODY_BYTES = 256 * 1024
"""The limit of every request that is not an upload."""
FILE_BYTES = 8 * 1024 * 1024 + FORM_BYTES
MEDIA_BYTES = 5 * 1024 * 1024 + FORM_BYTES
ARCHIVE_BYTES = 64 * 1024 * 1024 + FORM_BYTES
"""An export with its pictures."""

UPLOADS = MappingProxyType(
    {
        "/api/v1/orders/imports": ARCHIVE_BYTES,
        "/api/v1/quality/imports": FILE_BYTES,
        "/api/v1/erp/imports": FILE_BYTES,
        "/api/v1/orders/media": MEDIA_BYTES,
        "/api/v1/quality/media": MEDIA_BYTES,
    }
)
"""The bytes that a form may have, by path."""
EXPORTS = "/api/v1/orders/exchange/export."
"""The beginning of the paths whose responses take as long as an upload."""
