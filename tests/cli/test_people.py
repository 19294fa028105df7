"""`duijie people`: the first administrator gets in, and whoever is locked out or must be is helped."""

import pytest

from tests.features.people.house import GOOD, OTHER, House, bearer
from tests.support.people import make_uscc
from tests.support.processes import duijie


@pytest.fixture
def house(client, staffed_database, people):
    return House(client, staffed_database, people)


@pytest.fixture
def people_command(staffed_database, tmp_path):
    address = staffed_database.engine.url.render_as_string(hide_password=False)
    settings = {"DUIJIE_DATABASE__URL": address, "DUIJIE_PUBLIC_URL": "https://docking.example.com/"}
    return lambda *words: duijie("people", *words, cwd=tmp_path, **settings)


def test_the_first_administrator_gets_in_by_a_link(house, people_command, tmp_path):
    invited = people_command("invite", "--role", "administrator", "--login", "Li@example.com", "--name", "李")
    assert invited.returncode == 0, invited.stderr
    (link,) = invited.stdout.splitlines()  # nothing but the link, so that a script can take it
    assert link.startswith("https://docking.example.com/invitation#dj_link_")
    assert house.me(bearer(house.accept(link).json())).json()["role"] == "administrator"
    assert list(tmp_path.iterdir()) == [], "no mail and no key file"

    again = people_command("invite", "--role", "administrator", "--login", "li@example.com", "--name", "李")
    assert (again.returncode, again.stdout) == (1, "")
    assert "/login" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_manager_is_invited_into_an_organisation(house, people_command):
    words = ("invite", "--role", "manager", "--login", "m@example.com", "--name", "M", "--organization")
    invited = people_command(*words, make_uscc(1))
    assert invited.returncode == 0, invited.stderr
    issued = house.accept(invited.stdout.strip()).json()
    assert issued["person"]["organization_id"] == house.organization("enterprise")
    assert people_command(*words, make_uscc(9)).returncode == 1


def test_a_lost_password_is_set_by_a_link(house, people_command):
    person = house.enter()
    reset = people_command("reset-password", "--login", "Li.Wei@example.com")
    assert reset.returncode == 0, reset.stderr
    (entry,) = house.audited("password.link")
    assert (entry.subject_id, entry.role, entry.detail) == (person.id, "administrator", {})
    assert (entry.key_id, entry.person_id, entry.address) == (None, None, None), "on the server itself"
    body = {"link": reset.stdout.strip(), "password": OTHER}
    assert house.client.post("/v1/password-resets/complete", json=body).status_code == 204
    assert house.sign_in(password=OTHER).status_code == 201


def test_somebody_is_disabled(house, people_command):
    issued = house.signed_in()
    disabled = people_command("disable", "--login", "li.wei@example.com")
    assert (disabled.returncode, disabled.stdout) == (0, "disabled li.wei@example.com\n"), disabled.stderr
    assert house.me(bearer(issued)).status_code == 401
    assert house.sign_in(password=GOOD).status_code == 401


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reset-password", "--login", "nobody@example.com"), "no such person"),
        (("disable", "--login", "nobody@example.com"), "no such person"),
        (("disable", "--login", "x"), "phone number"),
        (("invite", "--role", "king", "--login", "a@example.com", "--name", "x"), "/role"),
        (("invite", "--role", "portal", "--login", "a@example.com", "--name", "x"), "/role"),
    ],
)
def test_what_is_wrong_is_said(people_command, words, said):
    refused = people_command(*words)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
