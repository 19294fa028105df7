"""Addresses that are longer than anybody needs."""

import pytest

from app.web.middleware.addresses import MAX_PARAMETERS, MAX_PATH_BYTES, MAX_QUERY_BYTES
from tests.web.conftest import problem

_TOO_LONG = [
    "/notes?" + "&".join("a=1" for _ in range(MAX_PARAMETERS + 1)),
    "/notes?" + "&" * MAX_PARAMETERS,
    "/notes?q=" + "x" * (MAX_QUERY_BYTES - 1),
    "/notes?q=" + "%E5" * 3000,
    "/" + "x" * MAX_PATH_BYTES,
    "/notes/" + "%E5" * 700,
]


@pytest.mark.parametrize("address", _TOO_LONG, ids=range(len(_TOO_LONG)))
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_an_address_that_is_too_long_is_refused(small, method, address):
    answer = small.request(method, address)
    assert answer.status_code == 414
    if method != "HEAD":
        problem(answer, 414, "address-too-long")


def test_the_limits_themselves_are_allowed(small):
    for address in (
        "/notes?" + "&".join("a=1" for _ in range(MAX_PARAMETERS)),
        "/notes?q=" + "x" * (MAX_QUERY_BYTES - 2),
        "/" + "x" * (MAX_PATH_BYTES - 1),
    ):
        assert small.get(address).status_code in (404, 422)


def test_the_whole_application_has_these_limits(client):
    for address in _TOO_LONG:
        answer = client.get("/v1" + address, headers={"Accept-Language": "en"})
        assert "50 parameters" in problem(answer, 414, "address-too-long")["detail"]
