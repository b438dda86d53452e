"""The store's contract: written once, read back equal, two tabs cannot both go on."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import interviewer
from interviewer.content import content_hash, load_bank
from interviewer.errors import ConfigError, SessionNotFound, StaleSession
from interviewer.schema import Intent, SelfRating, Setup, Snapshot, Steer, Turn, Unanswered
from interviewer.store import Store
from tests.interviewed import SECOND, Finished, about

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite3'}"


@pytest.fixture
def store(url: str) -> Store:
    bank = load_bank()
    question, rubric = bank.questions["l1_versus_l2"], bank.rubrics["ml_fundamentals"]
    snapshot = Snapshot(questions=(question,), rubric=rubric, hash=content_hash(question, rubric))
    store = Store(url)
    store.create_session("s1", Setup(round="ml_fundamentals"), snapshot, "offline", NOW)
    return store


def candidate(turn_id: int, text: str = "Lasso gives zeros.") -> Turn:
    return Turn(id=turn_id, role="candidate", text=text, at=NOW, question_id="l1_versus_l2")


def test_a_session_reads_back_as_it_was_written(store: Store, url: str) -> None:
    store.append_turns("s1", [candidate(1)])
    again = Store(url)
    assert again.session("s1") == store.session("s1")
    assert again.turns("s1") == (candidate(1),)


def test_the_second_of_two_tabs_is_told_and_nothing_is_doubled(store: Store) -> None:
    store.append_turns("s1", [candidate(1, "from the first tab")])
    with pytest.raises(StaleSession, match="another tab"):
        store.append_turns("s1", [candidate(1, "from the second tab")])
    assert [t.text for t in store.turns("s1")] == ["from the first tab"]


def test_a_turn_cannot_leave_a_gap(store: Store) -> None:
    with pytest.raises(StaleSession):
        store.append_turns("s1", [candidate(3)])


def test_the_steer_is_kept_beside_the_turn_it_read(store: Store) -> None:
    store.append_turns("s1", [candidate(1)])
    steer = Steer(intents=(Intent.ANSWER,))
    store.save_steer("s1", candidate(1), steer)
    assert store.turns("s1")[0].steer == steer


def test_the_latest_grade_of_a_question_counts(store: Store) -> None:
    first = Unanswered(question_id="l1_versus_l2", reason="skipped")
    last = Unanswered(question_id="l1_versus_l2", reason="dont_know")
    store.save_grade("s1", first, NOW)
    store.save_grade("s1", last, NOW)
    assert store.grades("s1") == {"l1_versus_l2": last}


def test_however_many_sessions_there_are_all_are_listed_and_counted(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    for number in range(2, 252):
        finished.another(f"s{number}")
    store = finished.store
    assert store.count_sessions() == len(store.sessions()) == 251
    assert len(store.sessions(limit=3)) == 3


def test_usage_adds_up_and_an_unknown_price_is_not_zero(store: Store) -> None:
    assert store.usage.total("s1").cost is None
    store.usage.add("s1", "steer", "m", (100, 20), None, NOW)
    assert store.usage.total("s1") == (1, 100, 20, None)
    store.usage.add("s1", "grade", "m", (10, 2), 0.5, NOW)
    assert store.usage.total("s1") == (2, 110, 22, 0.5)


def test_a_deleted_session_is_gone_with_its_turns(store: Store) -> None:
    store.append_turns("s1", [candidate(1)])
    store.delete_session("s1")
    with pytest.raises(SessionNotFound, match="sessions list"):
        store.session("s1")
    assert store.turns("s1") == ()


def test_sqlite_writes_ahead_so_that_readers_do_not_block(url: str, store: Store) -> None:
    path = url.removeprefix("sqlite:///")
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "junk").write_text("this is no database at all, whatever its name says " * 40)
    with pytest.raises(ConfigError, match="not a database"):
        Store(f"sqlite:///{tmp_path / 'junk'}")


def test_a_database_of_the_first_tables_is_brought_up_without_loss(
    url: str, tmp_path: Path
) -> None:
    finished = Finished(tmp_path)
    card = finished.grade_book.scorecard(finished.id)
    before = finished.store.session(finished.id), finished.store.turns(finished.id)
    old = tmp_path / "old.sqlite3"
    _write_first_tables(old, finished.url.removeprefix("sqlite:///"))
    store = Store(f"sqlite:///{old}")
    assert (store.session(finished.id), store.turns(finished.id)) == before
    assert store.scorecards(finished.id) == [card.model_copy(update={"gains": ()})]
    assert store.grades(finished.id) == finished.store.grades(finished.id)
    assert store.opinions.contests(finished.id) == {}
    rating = SelfRating(percent=50, rated_at=NOW)
    assert not store.opinions.save_self_rating(finished.id, rating), "its score was seen long ago"


def test_contests_of_older_tables_are_read_in_rows_and_scorecards(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    finished.grade_book.scorecard(finished.id)
    card = finished.contests.add(finished.id, about("exact_zeros"), SECOND, "Look again.")
    kept = finished.store.opinions.contests(finished.id)
    old = tmp_path / "old.sqlite3"
    _copy_into_tables_of("0002", old, finished.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(old)) as database, database:
        point_id = "json_set({}, '$.{}key_point_id', 'exact_zeros')"
        contest, in_card = (
            point_id.format("contest", ""),
            point_id.format("scorecard", "contests[0]."),
        )
        database.execute(f"UPDATE contests SET contest = {contest}")
        database.execute(
            f"UPDATE scorecards SET scorecard = {in_card} "
            "WHERE json_array_length(scorecard, '$.contests') > 0"
        )
    store = Store(f"sqlite:///{old}")
    assert store.opinions.contests(finished.id) == kept
    assert store.scorecards(finished.id)[-1] == card
    assert len(store.scorecards(finished.id)) == 2


def _copy_into_tables_of(revision: str, old: Path, new: str) -> None:
    """Make a database as an earlier version made it, and copy all that it had room for."""
    engine = sa.create_engine(f"sqlite:///{old}")
    config = Config()
    folder = Path(interviewer.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    engine.dispose()
    with closing(sqlite3.connect(old)) as database, database:
        database.execute("ATTACH ? AS new", (new,))
        for table in sorted(tables):
            database.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")


def _write_first_tables(old: Path, new: str) -> None:
    """Make a database as the first version made it, and copy a session into it as it wrote them."""
    _copy_into_tables_of("0001", old, new)
    added = ("gains", "contests", "first_overall", "self_rating")
    with closing(sqlite3.connect(old)) as database, database:
        names = ", ".join(f"'$.{name}'" for name in added)
        database.execute(f"UPDATE scorecards SET scorecard = json_remove(scorecard, {names})")
        tables = database.execute("SELECT name FROM sqlite_master WHERE name = 'contests'")
        assert tables.fetchall() == []


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////no/such/folder/x.sqlite3"])
def test_a_bad_database_url_says_so(url: str) -> None:
    with pytest.raises(ConfigError, match="INTERVIEWER_DATABASE_URL"):
        Store(url)
