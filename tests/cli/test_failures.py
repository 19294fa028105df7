"""What goes wrong on the first evening ends with a sentence that says what to do, never with a traceback."""

import socket

import pytest
from sqlalchemy import text

from app.db.migrate import Migrations
from tests.support.databases import ALEMBIC_INI
from tests.support.processes import duijie, free_port


def _address(database):
    return database.engine.url.render_as_string(hide_password=False)


def _refused(done, *sentences):
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for sentence in sentences:
        assert sentence in done.stderr.replace("\n", " ") or sentence in done.stderr
    return done


@pytest.fixture
def taken_port():
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_run_on_a_taken_port_names_another_and_touches_nothing(tmp_path, taken_port):
    done = duijie("run", cwd=tmp_path, DUIJIE_SERVER__PORT=str(taken_port))
    another = f"DUIJIE_SERVER__PORT={taken_port + 1}"
    _refused(done, f"127.0.0.1:{taken_port} 已被占用", f"127.0.0.1:{taken_port} is taken", another)
    assert not (tmp_path / "var/duijie.db").exists(), "no data are loaded for a server that cannot start"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_serve_on_a_taken_port_names_another(database, tmp_path, taken_port):
    address = _address(database)
    done = duijie("serve", cwd=tmp_path, DUIJIE_DATABASE__URL=address, DUIJIE_SERVER__PORT=str(taken_port))
    _refused(done, "已被占用", "is taken", f"DUIJIE_SERVER__PORT={taken_port + 1}")


@pytest.mark.parametrize("words", [("serve",), ("keys", "issue", "--role", "operator", "--name", "n")])
def test_a_database_without_tables_asks_for_the_upgrade(tmp_path, words):
    _refused(duijie(*words, cwd=tmp_path), "请先运行：duijie db upgrade", "Run first: duijie db upgrade")


@pytest.mark.parametrize("words", [("serve",), ("run",)])
def test_a_database_of_a_newer_release_is_left_alone(blank_database, tmp_path, words):
    Migrations(blank_database, ALEMBIC_INI).upgrade()
    with blank_database.write_session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = duijie(
        *words, cwd=tmp_path, DUIJIE_DATABASE__URL=_address(blank_database), DUIJIE_SERVER__PORT=str(free_port())
    )
    _refused(done, "9999", "比本程序新", "newer than this release", "DUIJIE_DATABASE__URL")
    with blank_database.read_session() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


@pytest.mark.parametrize("words", [("run",), ("serve",)])
def test_no_database_at_the_address_is_told_without_its_password(tmp_path, words):
    address = f"postgresql://duijie:s3cret@127.0.0.1:{free_port()}/duijie"
    done = duijie(*words, cwd=tmp_path, DUIJIE_DATABASE__URL=address)
    _refused(done, "请检查 DUIJIE_DATABASE__URL", "Check DUIJIE_DATABASE__URL and that the database is running")
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DUIJIE_SERVER__PORT": "http"}, "DUIJIE_SERVER__PORT"),
        ({"DUIJIE_SERVER__PORT": "70000"}, "DUIJIE_SERVER__PORT"),
        ({"DUIJIE_SERVER__WORKERS": "0"}, "DUIJIE_SERVER__WORKERS"),
        ({"DUIJIE_SERVER__PROT": "8000"}, "DUIJIE_SERVER__PROT"),
        ({"DUIJIE_DATABASE__POOL_SIZE": "0"}, "DUIJIE_DATABASE__POOL_SIZE"),
        ({"DUIJIE_DATABASE__URL": "mysql://duijie:s3cret@db/duijie"}, "DUIJIE_DATABASE__URL"),
        ({"DUIJIE_DATABASE__URL": "s3cret"}, "DUIJIE_DATABASE__URL"),
        ({"DUIJIE_SERVER": "port=8000"}, "server"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, settings, named):
    done = _refused(duijie("serve", cwd=tmp_path, **settings), "设置", "settings", named)
    assert "s3cret" not in done.stdout + done.stderr, "a setting may hold a password"


def test_a_setting_in_the_env_file_is_read_and_checked(tmp_path):
    (tmp_path / ".env").write_text("DUIJIE_SERVER__PORT=0\n")
    _refused(duijie("serve", cwd=tmp_path), "DUIJIE_SERVER__PORT")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    _refused(duijie("serve", cwd=tmp_path), "文件夹", "folder cannot be made")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var/duijie.db").write_text("this is no database at all, it is a letter to a friend" * 100)
    _refused(duijie("serve", cwd=tmp_path), "不是 SQLite 数据库", "is no SQLite database")


def test_an_unknown_revision_is_told(tmp_path):
    _refused(duijie("db", "downgrade", "nowhere", cwd=tmp_path), "无法回退到 nowhere", "Cannot go back to nowhere")
