"""Export into PostgreSQL: articles, figures and panels as rows, upserted by id. Crops stay in the parquet tables.

A database may hold several data sets, told apart by the column `dataset`. After an export the rows of a data set are
those that were chosen: what is there already as it should be is left alone, what is no more is deleted, all in one
transaction.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.postgres_schema import KEYS, TABLES, bring_up_to_date
from exsclaim.dataset.tables.shards import PublishedArticle
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.errors import SettingsError, UnreachableError
from exsclaim.settings import settings
from exsclaim.storage import without_secrets

_ARTICLES_AT_ONCE = 50
_SILENCE_S = 600
"""Longest wait for an answer: a machine that took the connection and is gone would keep a night waiting for ever."""


def write_postgres(chosen: Chosen, address: str) -> None:
    """Bring the rows of the data set, named as its folder, to what is chosen.

    Args:
        chosen: what to export.
        address: `postgresql://user@host:port/database`; the password may be in it, or in EXSCLAIM_POSTGRES_PASSWORD.

    Raises:
        SettingsError: the address is none of PostgreSQL, or the server refuses it.
        UnreachableError: no server answers there.
    """
    engine = sa.create_engine(_url(address), poolclass=sa.pool.NullPool, connect_args={"timeout": _SILENCE_S})
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection)
            _upsert(connection, chosen)
    except (sa.exc.InterfaceError, TimeoutError, ConnectionError) as error:  # pg8000's: no connection, or lost
        raise UnreachableError(f"{without_secrets(address)}: no answer: {_said(error)}") from error
    except sa.exc.DatabaseError as error:
        raise SettingsError(f"{without_secrets(address)} cannot be used: {_said(error)}") from error
    finally:
        engine.dispose()


def _said(error: Exception) -> str:
    """Words of the server: of the fields that pg8000 gives, by letters, the message and what is added to it."""
    said = getattr(error, "orig", error)
    fields = said.args[0] if said.args and isinstance(said.args[0], dict) else {"M": str(said)}
    return ": ".join(fields[letter] for letter in "MD" if letter in fields)


def _url(address: str) -> sa.URL:
    try:
        url = sa.engine.make_url(address)
    except sa.exc.ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql" or not url.database or not url.username:
        raise SettingsError(
            f"{without_secrets(address)} does not name server, user and database of a PostgreSQL: "
            "postgresql://user@host:5432/base"
        )
    password = settings().postgres_password
    if url.password is None and password is not None:
        url = url.set(password=password.get_secret_value())
    return url.set(drivername="postgresql+pg8000")


def _upsert(connection: sa.Connection, chosen: Chosen) -> None:
    name = chosen.dataset.name
    there = _there(connection, name)
    seen: set[str] = set()
    changed = (
        article
        for article in _noted(chosen.counted_articles(), seen)
        if chosen.is_part or there.get(article.article["article_id"]) != _state(article)
    )
    while batch := list(islice(changed, _ARTICLES_AT_ONCE)):
        rows: dict[str, list[Row]] = {
            "articles": [each.article for each in batch],
            "figures": [figure for each in batch for figure in each.figures],
            "panels": [panel for each in batch for panels in each.panels.values() for panel in panels],
        }
        ids = [each.article["article_id"] for each in batch]
        for table in TABLES:
            _upsert_rows(connection, name, table, rows[table], ids)
    articles = TABLES["articles"].c
    gone = sorted(there.keys() - seen)
    for start in range(0, len(gone), 1000):
        is_gone = articles.article_id.in_(gone[start : start + 1000])
        connection.execute(sa.delete(TABLES["articles"]).where(articles.dataset == name, is_gone))


def _there(connection: sa.Connection, name: str) -> dict[str, tuple[str, int, int]]:
    """Article id -> digest, and how many figures and panels of it are in the database."""
    articles, figures, panels = (TABLES[table] for table in ("articles", "figures", "panels"))

    def counted(table: sa.Table) -> sa.ScalarSelect[int]:
        is_its = (table.c.dataset == articles.c.dataset) & (table.c.article_id == articles.c.article_id)
        return sa.select(sa.func.count()).select_from(table).where(is_its).scalar_subquery()

    columns = articles.c.article_id, articles.c.article_digest, counted(figures), counted(panels)
    found = connection.execute(sa.select(*columns).where(articles.c.dataset == name))
    return {id: (digest, of_figures, of_panels) for id, digest, of_figures, of_panels in found}


def _state(article: PublishedArticle) -> tuple[str, int, int]:
    return article.article["article_digest"], len(article.figures), sum(map(len, article.panels.values()))


def _noted(articles: Iterable[PublishedArticle], seen: set[str]) -> Iterator[PublishedArticle]:
    for article in articles:
        seen.add(article.article["article_id"])
        yield article


def _upsert_rows(connection: sa.Connection, name: str, table: str, rows: list[Row], articles: list[str]) -> None:
    """Insert rows of some articles, or update those of the same id; delete those of these articles that are no more."""
    into, key = TABLES[table], KEYS[table]
    columns = [column.name for column in into.columns if column.name != "dataset"]
    if rows:
        statement = insert(into)
        new = {column: statement.excluded[column] for column in columns}
        upsert = statement.on_conflict_do_update(index_elements=["dataset", key], set_=new)
        made = [{"dataset": name, **{column: _storable(row[column]) for column in columns}} for row in rows]
        connection.execute(upsert, made)
    if table != "articles":
        kept = [_storable(row[key]) for row in rows]
        is_gone = into.c.article_id.in_(articles) & into.c[key].not_in(kept)
        connection.execute(sa.delete(into).where(into.c.dataset == name, is_gone))


def _storable(value: Any) -> Any:
    """A value without U+0000, which PostgreSQL's texts cannot hold."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {key: _storable(each) for key, each in value.items()}
    return value
