"""Signed HTTP messages to addresses that were checked (Standard Webhooks).

A name is resolved once for a client's life, every address it has is checked, and the connection goes to the checked
address: what the name server says in between changes nothing. No redirects, no proxies.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx
from standardwebhooks import Webhook

from services.erp_bridge.outbound.adapters.addresses import Unreachable, checked_address
from services.erp_bridge.outbound.domain.delivery import DeliveryOutcome, judge_response
from services.erp_bridge.outbound.domain.target import Network
from shared.kit.clock import utc_now

TIMEOUT = httpx.Timeout(connect=3, read=30, write=10, pool=5)
SEND_TIMEOUT_S = 40
"""For one sending, whatever it waits for."""
CLIENT_LIFE_S = 60
READ_BYTES = 4096
EXCERPT_CHARS = 200


@dataclass(frozen=True)
class Endpoint:
    """A keep-alive client for one webhook, pinned to one address until ``until`` (seconds of the event loop)."""

    client: httpx.AsyncClient
    url: httpx.URL
    host: str
    until: float


class WebhookSender:
    """Sends messages, one connection for each webhook."""

    def __init__(self, allowed: Collection[Network]) -> None:
        self._allowed = allowed
        self._endpoints: dict[UUID, Endpoint] = {}

    async def send(
        self,
        webhook: UUID,
        url: str,
        secrets: Sequence[str],
        message: str,
        body: str,
        traceparent: str | None = None,
    ) -> DeliveryOutcome:
        """Send ``body`` as the message with this id, signed by each of ``secrets``.

        A resend has the same id, by which the receiver knows it.
        """
        now = utc_now()
        headers = {
            "content-type": "application/json",
            "user-agent": "Dure",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Webhook(secret).sign(message, now, body) for secret in secrets),
        }
        if traceparent is not None:
            headers["traceparent"] = traceparent
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                endpoint = await self._endpoint(webhook, url)
                async with endpoint.client.stream(
                    "POST",
                    endpoint.url,
                    content=body.encode(),
                    headers=headers | {"host": endpoint.host},
                    extensions={"sni_hostname": httpx.URL(url).raw_host.decode()},
                ) as response:
                    text = await _excerpt(response)
        except (httpx.HTTPError, TimeoutError, Unreachable) as error:
            await self.forget(webhook)
            return DeliveryOutcome(False, f"{type(error).__name__}: {error}".rstrip(": "), is_final=False)
        return judge_response(response.status_code, text, response.headers.get("retry-after"), utc_now())

    async def _endpoint(self, webhook: UUID, url: str) -> Endpoint:
        cached = self._endpoints.get(webhook)
        now = asyncio.get_running_loop().time()
        if cached is not None and cached.until > now:
            return cached
        await self.forget(webhook)
        address = await checked_address(url, self._allowed)
        parsed = httpx.URL(url)
        client = httpx.AsyncClient(
            timeout=TIMEOUT,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )
        endpoint = Endpoint(client, parsed.copy_with(host=address), parsed.netloc.decode(), now + CLIENT_LIFE_S)
        self._endpoints[webhook] = endpoint
        return endpoint

    async def forget(self, webhook: UUID) -> None:
        """Close the connection to a webhook."""
        endpoint = self._endpoints.pop(webhook, None)
        if endpoint is not None:
            await endpoint.client.aclose()

    async def close(self) -> None:
        """Close all connections."""
        for webhook in list(self._endpoints):
            await self.forget(webhook)


async def _excerpt(response: httpx.Response) -> str:
    """The beginning of an error response; of a long one no more is read."""
    read = b""
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) >= READ_BYTES:
            break
    return "" if response.is_success else " ".join(read[:READ_BYTES].decode(errors="replace").split())[:EXCERPT_CHARS]
