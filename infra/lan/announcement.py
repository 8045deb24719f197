"""The message of ``dure up --lan`` in the terminal: where tablets begin."""

import io

from rich.console import Console
from rich.text import Text

from infra.lan.network import LocalNetwork
from shared.kit import qr


def announce_guide(network: LocalNetwork, console: Console) -> None:
    """The guide's address, also as a QR code, and the authority's fingerprint."""
    authority = network.authority
    console.print(
        f"\nTablets and PCs of this network begin at [bold]{network.guide_address}[/bold]: scan it, and follow the"
        " page.",
        soft_wrap=True,
    )
    console.print(qr_code(network.guide_address), style="white on black", highlight=False)
    console.print("The authority that they shall trust has this fingerprint; compare before you install it:")
    console.print(f"  SHA-256  {authority.sha256[:47]}\n           {authority.sha256[48:]}", highlight=False)
    console.print(f"  SHA-1    {authority.sha1}  (Windows shows this one)\n", highlight=False, soft_wrap=True)
    if network.authority_ends_soon:
        console.print(
            f"[yellow]It ends on {authority.ends:%Y-%m-%d}. When it suits you, remove secrets/lan-authority.pem from"
            " the data folder and"
            " start again: another one is made, and each device installs it once.[/yellow]",
            soft_wrap=True,
        )


def qr_code(text: str) -> Text:
    """A QR code of half blocks; light on dark, whatever the terminal's own colours are."""
    drawn = io.StringIO()
    qr.qr_code(text).terminal(drawn, border=2, compact=True)
    return Text(drawn.getvalue().rstrip("\n"), no_wrap=True)
