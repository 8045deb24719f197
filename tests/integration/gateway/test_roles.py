"""Every route states who may use it, and is right about it."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from gateway.identity.api import PUBLIC
from infra.local.suite import SERVICES
from shared.kit.auth import ROLES
from tests.support.gateway import GatewayWorld, gateway_running
from tests.support.world import TestCluster

pytestmark = pytest.mark.anyio
