"""The embedded server: starts, is shared, survives kills, and says clearly what is wrong."""

import psycopg


def test_gives_an_empty_utf8_database(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()

    assert tables == (0,)
    assert encoding == ("UTF8",)


def test_finds_trigrams_of_chinese_text(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        similarity = connection.execute("SELECT similarity('北京仁和医院', '北京仁和医院') > 0.99").fetchone()

    assert similarity == (True,)
