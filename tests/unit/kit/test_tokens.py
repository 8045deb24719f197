"""The gateway's internal tokens: forged, expired or foreign ones are refused."""

import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.kit.auth import Actor, TokenSigner, TokenVerifier
from shared.kit.problem import Problem

KEY = OKPKey.generate_key("Ed25519")
PUBLIC = json.dumps(KEY.as_dict(private=False))
OPERATOR = Actor("P07", frozenset({"operator"}), "tablet-1", "gunsan")


def claims(**changes: object) -> dict[str, object]:
    return {
        "iss": "gateway",
        "aud": "orders",
        "sub": "P07",
        "roles": ["admin"],
        "dev": None,
        "site": "gunsan",
        "exp": int(time.time()) + 60,
        **changes,
    }


def refused(token: str) -> bool:
    with pytest.raises(Problem) as caught:
        TokenVerifier(PUBLIC, "orders").verify(token)
    return caught.value.status == 401


def test_a_token_tells_who_calls() -> None:
    assert TokenVerifier(PUBLIC, "orders").verify(TokenSigner(KEY).sign(OPERATOR, "orders")) == OPERATOR


def test_a_token_for_another_service_is_refused() -> None:
    assert refused(TokenSigner(KEY).sign(OPERATOR, "quality"))


def test_a_token_of_another_key_is_refused() -> None:
    assert refused(TokenSigner(OKPKey.generate_key("Ed25519")).sign(OPERATOR, "orders"))


def test_an_expired_token_is_refused() -> None:
    assert refused(jwt.encode({"alg": "Ed25519"}, claims(exp=int(time.time()) - 1), KEY, algorithms=["Ed25519"]))


def test_the_public_key_is_no_shared_secret() -> None:
    confused = jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key(PUBLIC), algorithms=["HS256"])
    assert refused(confused)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused(token)


def test_a_remembered_token_still_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier(PUBLIC, "orders")
    token = TokenSigner(KEY).sign(OPERATOR, "orders")
    verifier.verify(token)
    later = time.time() + 61
    monkeypatch.setattr("shared.kit.auth.time.time", lambda: later)
    with pytest.raises(Problem):
        verifier.verify(token)
