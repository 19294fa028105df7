"""What is sealed opens with its own key and no other."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from app.core.sealing import Seal, Unsealable


def test_what_is_sealed_comes_back_and_is_not_seen():
    seal = Seal(Fernet.generate_key().decode())
    sealed = seal.seal("保密 secret")
    assert "secret" not in sealed
    assert seal.open(sealed) == "保密 secret"
    assert seal.seal("保密 secret") != sealed, "the same text is not told by its seal"


def test_another_key_or_damage_opens_nothing():
    sealed = Seal(Fernet.generate_key().decode()).seal("x")
    other = Seal(Fernet.generate_key().decode())
    for text in (sealed, sealed[:-4], "", "not sealed"):
        with pytest.raises(Unsealable):
            other.open(text)


def test_what_is_no_key_is_refused_at_once():
    with pytest.raises(ValueError, match="32"):
        Seal("short")


def test_the_file_is_made_once_for_all_who_start_together_and_only_its_user_reads_it(tmp_path):
    file = tmp_path / "var" / "secret.key"
    seals = [Seal.kept_in(file) for _ in range(16)]
    assert not file.exists(), "made when it is needed"
    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(lambda seal: seal.seal("x"), seals))
    assert {seals[0].open(one) for one in sealed} == {"x"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["secret.key"]
