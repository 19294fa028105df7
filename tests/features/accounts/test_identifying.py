"""Who is behind a request, and what happens to keys that are wrong or gone."""

from uuid import uuid4

import pytest

from app.features.accounts import keys

KEYS = "/v1/api-keys"
OPEN = "/v1/needs"  # what anybody may read


def _is_refused(answer):
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"].endswith("/unauthenticated")
    return True


def _bearer(text):
    return {"Authorization": f"Bearer {text}"}


def _id_of(client, headers, public_id):
    items = client.get(KEYS, params={"limit": 200}, headers=headers).json()["items"]
    return next(item["id"] for item in items if item["public_id"] == public_id)


def test_without_a_key_one_reads_what_is_open_and_nothing_else(client):
    assert client.get(OPEN).status_code == 200
    for path in (KEYS, "/v1/organizations", f"/v1/organizations/{uuid4()}"):
        assert _is_refused(client.get(path))


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Basic b3BlcmF0b3I6",
        "Token abc",
        "dj_live_abc",
        "Bearer dj_live_abcdefghij01.short",
        "Bearer not a key at all",
        "Bearer " + "x" * 5000,
        b"Bearer \xff\xfe",
    ],
)
def test_a_malformed_header_is_refused_even_where_no_key_is_needed(client, header):
    for path in (OPEN, KEYS):
        assert _is_refused(client.get(path, headers={"Authorization": header}))


def test_a_key_nobody_was_given_is_refused(client):
    assert _is_refused(client.get(OPEN, headers=_bearer(keys.generate().text)))


def test_the_right_public_part_with_another_secret_is_refused(client, operator):
    text = operator["Authorization"].removeprefix("Bearer ")
    public_id = keys.parse(text).public_id
    assert _is_refused(client.get(OPEN, headers=_bearer(keys.generate()._replace(public_id=public_id).text)))
    swapped = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert _is_refused(client.get(KEYS, headers=_bearer(swapped)))


def test_the_scheme_is_read_in_any_case(client, operator):
    text = operator["Authorization"].removeprefix("Bearer ")
    assert client.get(KEYS, headers={"Authorization": f"bearer {text}"}).status_code == 200


def test_a_revoked_key_is_dead_at_once_in_every_application(client, make_client, staffed_database, administrator):
    made = client.post(KEYS, json={"name": "x", "role": "operator"}, headers=administrator).json()
    headers = _bearer(made["key"])
    with make_client(staffed_database) as other:
        assert client.get(KEYS, headers=headers).status_code == 200
        assert other.get(KEYS, headers=headers).status_code == 200

        gone = client.delete(f"{KEYS}/{made['id']}", headers=administrator)

        assert (gone.status_code, gone.content) == (204, b"")
        for one in (other, client):
            assert _is_refused(one.get(KEYS, headers=headers))
            assert _is_refused(one.get(OPEN, headers=headers))
            assert _is_refused(one.post("/v1/needs", json={"title": "x", "problem": "y"}, headers=headers))


def test_revoking_twice_keeps_the_first_date(client, operator):
    made = client.post(KEYS, json={"name": "x", "role": "portal"}, headers=operator).json()
    dates = []
    for _ in range(2):
        assert client.delete(f"{KEYS}/{made['id']}", headers=operator).status_code == 204
        items = client.get(KEYS, headers=operator).json()["items"]
        dates += [item["revoked_at"] for item in items if item["id"] == made["id"]]
    assert dates[0] == dates[1] is not None


def test_a_key_may_revoke_itself(client, administrator):
    made = client.post(KEYS, json={"name": "x", "role": "administrator"}, headers=administrator).json()
    headers = _bearer(made["key"])
    assert client.delete(f"{KEYS}/{made['id']}", headers=headers).status_code == 204
    assert _is_refused(client.get(KEYS, headers=headers))


@pytest.mark.parametrize("target", ["operator", "administrator"])
def test_an_operator_revokes_no_equal_and_no_higher_key(client, people, operator, administrator, target):
    public_id = keys.parse(people[target].headers["Authorization"].removeprefix("Bearer ")).public_id
    key_id = _id_of(client, administrator, public_id)

    assert client.delete(f"{KEYS}/{key_id}", headers=operator).status_code == 403
    assert client.get(KEYS, headers=people[target].headers).status_code == 200


@pytest.mark.parametrize("by", ["enterprise", "portal"])
def test_others_do_not_learn_which_keys_exist(client, people, administrator, by):
    public_id = keys.parse(people[by].headers["Authorization"].removeprefix("Bearer ")).public_id
    own = _id_of(client, administrator, public_id)
    answers = [client.delete(f"{KEYS}/{key_id}", headers=people[by].headers) for key_id in (own, uuid4())]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert client.get(OPEN, headers=people[by].headers).status_code == 200


def test_revoking_needs_a_key_and_one_that_exists(client, operator):
    assert _is_refused(client.delete(f"{KEYS}/{uuid4()}"))
    assert client.delete(f"{KEYS}/{uuid4()}", headers=operator).status_code == 404
    assert client.delete(f"{KEYS}/first", headers=operator).status_code == 422
