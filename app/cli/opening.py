"""Settings and database for a command, or a sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import typer

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.db.migrate import Migrations
    from app.settings import Settings


class Opened(NamedTuple):
    """What most commands need."""

    settings: "Settings"
    database: "Database"
    migrations: "Migrations"


def fail(zh: str, en: str) -> NoReturn:
    """Stop with a sentence in both languages and exit status 1."""
    typer.secho(f"{zh}\n{en}", fg="red", err=True)
    raise typer.Exit(1)


def read_settings() -> "Settings":
    """The settings of this process."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.core import logging
    from app.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        faults = "\n".join(
            f"  DUIJIE_{'__'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        fail("以下设置有误：", f"These settings are wrong:\n{faults}")
    except SettingsError as error:  # a whole group that is not JSON
        fail("设置无法读取：", f"The settings cannot be read: {error}")
    logging.configure(as_json=settings.log_json)
    return settings


@contextmanager
def opened(*, at_head: bool = True) -> Iterator[Opened]:
    """The database at hand; with `at_head` only if its schema is the one this release needs."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from app.db.engine import Database
    from app.db.migrate import Migrations, SchemaNewer, SchemaOlder
    from app.settings import ROOT

    settings = read_settings()
    try:
        database = Database(settings.database.url, pool_size=settings.database.pool_size)
    except OSError as error:  # the folder of an SQLite file
        fail(f"无法创建数据库所在的文件夹：{error}", f"The database's folder cannot be made: {error}")
    migrations = Migrations(database, ROOT / "alembic.ini")
    try:
        if at_head:
            migrations.check()
        yield Opened(settings, database, migrations)
    except SchemaNewer as error:
        fail(
            f"数据库结构（{error}）比本程序新。请升级本程序，或用 DUIJIE_DATABASE__URL 指向另一个数据库。",
            f"The database's schema ({error}) is newer than this release. Upgrade the program, or point "
            "DUIJIE_DATABASE__URL to another database.",
        )
    except SchemaOlder as error:
        fail(
            f"数据库结构（{error}）需要升级。请先运行：duijie db upgrade",
            f"The database's schema ({error}) is out of date. Run first: duijie db upgrade",
        )
    except OperationalError as error:
        fail(
            f"无法使用数据库。请检查 DUIJIE_DATABASE__URL，并确认数据库正在运行。（{type(error.orig).__name__}）",
            "The database cannot be used. Check DUIJIE_DATABASE__URL and that the database is running.",
        )
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise
        fail(
            "无法使用数据库：DUIJIE_DATABASE__URL 指向的文件不是 SQLite 数据库。请指向另一个文件。",
            "The database cannot be used: the file DUIJIE_DATABASE__URL points to is no SQLite database. Point it to "
            "another.",
        )
    finally:
        database.close()
