"""What texts mean is a setting: with it rankings have one signal more, without it nothing changes."""

import pytest

from app.settings import Settings
from tests.features.matches.asking import Caller


@pytest.fixture
def posted(desk):
    """A need and a capability that answers it."""
    return desk.publish("needs", "enterprise")["id"], desk.publish("capabilities", "provider")["id"]


def signals(client, posted):
    match = Caller(client, {}).pair(*posted)
    return match, {signal["name"]: signal for signal in match["signals"]}


def test_it_is_one_more_signal_with_its_share(posted, staffed_database, make_client):
    with make_client(staffed_database, meaning=True) as client:
        match, found = signals(client, posted)
    assert found["meaning"]["share"] == pytest.approx(
        found["meaning"]["value"] * found["meaning"]["effective_weight"], rel=1e-9
    )
    assert found["meaning"]["value"] > 0.2
    assert sum(signal["share"] for signal in found.values()) == pytest.approx(match["score"], abs=1e-9)


def test_without_the_setting_there_is_no_such_signal(posted, client):
    assert "meaning" not in signals(client, posted)[1]


def test_the_setting_is_refused_without_the_package(monkeypatch):
    monkeypatch.setattr("app.settings.find_spec", lambda _name: None)
    with pytest.raises(ValueError, match=r"semantic\.lock"):
        Settings(_env_file=None, meaning=True)
    assert not Settings(_env_file=None).meaning
