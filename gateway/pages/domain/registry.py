"""The registry of pages, ``gateway/web/pages.json``: a line a page, from which all that knows pages is fed."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PARAMETER = re.compile(r"/\{(\w+)(\?)?\}")


class Page(BaseModel):
    """One page: an address, a folder, and who it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    group: str
    path: str
    """Its address: ``/orders/{number}``, ``/recall/{lot?}``."""
    fragment: str = ""
    """With a fragment of this name the address is this page's, without it another one's."""
    title: str
    """The key of the text that names it."""
    icon: str = ""
    """A page with an icon stands in the navigation."""
    under: str = ""
    """The page of the navigation that it belongs to."""
    often: bool = False
    """It stands in the bar of a phone."""
    roles: tuple[str, ...] | None = None
    """The roles that use it, administrators aside; None: everybody who is signed in."""
    open: bool = False
    """It is shown without a session."""
    offline: Literal["first", "later", "no"] = "no"
    """The moment at which a tablet stores it: its first visit, once its first screen is there, or when it is opened."""

    @property
    def folder(self) -> str:
        """The address of its folder."""
        return f"/pages/{self.group}/{self.id}"

    @property
    def module(self) -> str:
        """The address of its controller."""
        return f"{self.folder}/index.js"

    @property
    def style(self) -> str:
        """The address of its own style sheet."""
        return f"{self.folder}/{self.id}.css"

    @property
    def text_keys(self) -> set[str]:
        """The texts that the registry itself asks of a page."""
        return {self.title} if self.open else {self.title, f"help.{self.id}"}

    def pattern(self, group: str = r"(?P<{}>[^/]+)") -> str:
        """The regular expression of its address; ``group`` is how a parameter is written."""
        address = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}").replace(r"\?", "?")
        return PARAMETER.sub(
            lambda found: f"(?:/{group.format(found[1])})?" if found[2] else f"/{group.format(found[1])}", address
        )


class Registry(BaseModel):
    """All pages, and the groups of the navigation in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: tuple[str, ...]
    pages: tuple[Page, ...] = Field(min_length=1)

    @property
    def addresses(self) -> re.Pattern[str]:
        """The pattern of the addresses of all pages."""
        patterns = sorted({page.pattern("[^/]+") for page in self.pages})
        return re.compile(f"(?:{'|'.join(patterns)})/?")

    def for_browsers(self, styles: dict[str, list[str]], *, office: bool) -> dict[str, Any]:
        """The pages as the router reads them: those of tablets alone, or all; ``styles`` are the style sheets by
        page."""
        chosen = [page for page in self.pages if office or page.offline != "no" or page.open]
        return {
            "groups": self.groups if office else (),
            "pages": [
                page.model_dump(include={"id", "group", "title", "icon", "under", "roles", "open", "often", "fragment"})
                | {
                    "path": page.path.partition("/{")[0] or "/",
                    "pattern": f"^{page.pattern('(?<{}>[^/]+)')}/?$",
                    "folder": page.folder,
                    "styles": styles[page.id],
                }
                for page in chosen
            ],
        }
