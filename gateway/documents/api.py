"""The routes of the descriptions: ``/openapi.json``, ``/asyncapi.json``, for people ``/docs``, and who may do what."""

import json
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from gateway.documents.adapters import MergedOpenApi
from gateway.documents.domain import rights_of
from gateway.documents.schemas import RightOut
from gateway.permissions import CanReadRights
from shared.contracts.catalogue import asyncapi
from shared.kit.paging import Page, Short
from shared.kit.routing import api_router

router = APIRouter(include_in_schema=False)
rights = api_router("", "rights")
FOLDER = Path(__file__).parent / "reference"
REVALIDATE = {"Cache-Control": "no-cache"}


@router.get("/openapi.json")
async def get_openapi(request: Request) -> Response:
    """The HTTP API of the gateway and all services."""
    merged: MergedOpenApi = request.app.state.openapi
    return Response(await merged.text(), media_type="application/json", headers=REVALIDATE)


@router.get("/asyncapi.json")
async def get_asyncapi(request: Request) -> Response:
    """The events."""
    return JSONResponse(asyncapi(request.app.state.settings.site, request.app.version), headers=REVALIDATE)


@router.get("/docs")
async def get_reference() -> Response:
    """The HTTP API as a page."""
    return FileResponse(FOLDER / "index.html", headers=REVALIDATE)


@router.get("/docs/reference.js")
async def get_reference_script() -> Response:
    """The script of the page."""
    return FileResponse(FOLDER / "reference.js", media_type="text/javascript", headers=REVALIDATE)


@router.get("/docs/reference.css")
async def get_reference_style() -> Response:
    """The style of the page."""
    return FileResponse(FOLDER / "reference.css", media_type="text/css", headers=REVALIDATE)


@rights.get("/rights")
async def list_rights(request: Request, actor: CanReadRights, paging: Short) -> Page[RightOut]:
    """Every right, the roles that have it and what it is for, as the services themselves say."""
    merged: MergedOpenApi = request.app.state.openapi
    return paging.page([RightOut.model_validate(right) for right in rights_of(json.loads(await merged.text()))])
