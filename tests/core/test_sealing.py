"""What is sealed is read back by the same key alone, and the key appears when it is first needed."""

import stat
from threading import Barrier, Thread

import pytest
from cryptography.fernet import Fernet

from app.core.sealing import Seal, Unsealable


def test_what_is_sealed_is_opened_by_the_same_key_alone():
    seal = Seal(Fernet.generate_key().decode())
    sealed = seal.seal("一个秘密")
    assert "秘密" not in sealed
    assert seal.open(sealed) == "一个秘密"
    for other in (Seal(Fernet.generate_key().decode()), seal):
        with pytest.raises(Unsealable):
            other.open(sealed if other is not seal else sealed[:-5] + "AAAA=")


def test_a_key_is_32_bytes():
    with pytest.raises(ValueError, match="32"):
        Seal("c2hvcnQ=")


def test_the_file_is_made_at_first_use_and_its_users_own(tmp_path):
    file = tmp_path / "var" / "secret.key"
    seal = Seal.kept_in(file)
    assert not file.exists()
    sealed = seal.seal("x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]
    assert Seal.kept_in(file).open(sealed) == "x"


def test_many_who_start_at_once_agree_on_one_key(tmp_path):
    file, start, sealed = tmp_path / "secret.key", Barrier(8), []

    def seal():
        start.wait()
        sealed.append(Seal.kept_in(file).seal("x"))

    threads = [Thread(target=seal) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Seal.kept_in(file).open(one) for one in sealed] == ["x"] * 8
