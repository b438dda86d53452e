"""Search over a small bank, its index on disk, and which facts a clarifying message asks for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.content import Bank, content_root, load_bank, read_bank
from interviewer.embedding import Embedder
from interviewer.retrieval import BankIndex, open_index
from interviewer.retrieval.lexical import LexicalIndex
from interviewer.schema import Difficulty, Fact, KeyPoint, Question, Topic
from interviewer.synonyms import load_synonyms

ROOT = Path(__file__).parent.parent


def point(point_id: str, claim: str, *synonyms: str) -> KeyPoint:
    return KeyPoint(
        id=point_id,
        claim=claim,
        criterion="concept",
        right=("one", "two"),
        wrong=("three", "four"),
        synonyms=synonyms,
        probe="Why?",
    )


def question(
    question_id: str, round_id: str, prompt: str, *points: KeyPoint, **more: object
) -> Question:
    return Question.model_validate(
        {
            "id": question_id,
            "round": round_id,
            "topic": "some_topic",
            "title": question_id.replace("_", " "),
            "prompt": prompt,
            "difficulty": Difficulty.EASY,
            "reference": "A reference.",
            "key_points": points,
            **more,
        }
    )


PENALTIES = question(
    "l1_versus_l2",
    "ml_fundamentals",
    "How do L1 and L2 regularisation differ?",
    point("exact_zeros", "The absolute penalty drives some weights exactly to zero."),
    point("shrinkage", "The squared penalty only makes weights small.", "ridge"),
    tags=["sparsity"],
)
LORA = question(
    "adapters",
    "ml_fundamentals",
    "How can a large language model be fine-tuned cheaply?",
    point("low_rank", "Low-rank adaptation trains two small matrices and freezes the rest."),
)
PARCELS = question(
    "parcel_times",
    "system_design",
    "Design a service that predicts when a parcel will arrive.",
    point("goal", "The promise to the customer is what is optimised."),
    facts=(
        Fact(
            id="volume",
            asks=(
                "How many parcels are there per day?",
                "What is the traffic?",
                "How many users?",
                "What volume do we deliver?",
                "How much is shipped on an average day?",
            ),
            text="Two million parcels a day for nine million customers, with a peak in December.",
        ),
        Fact(
            id="response_time",
            asks=("What is the latency budget?", "How fast must a prediction come back?"),
            text="The page waits 80 milliseconds at most for the predicted hour.",
        ),
        Fact(
            id="scan_log",
            asks=("Which data do we have on each parcel?", "What is logged along the way?"),
            text="Depots scan each parcel on arrival and departure; scans go back three years.",
        ),
        Fact(
            id="people",
            asks=("How big is the team?", "When is the launch?"),
            text="Four engineers, and a first release is wanted in spring.",
        ),
    ),
)  # fmt: skip
BANK = Bank({}, {}, {q.id: q for q in (PENALTIES, LORA, PARCELS)}, ())


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors") / "vectors.db"


@pytest.fixture(scope="module")
def embedder(vectors: Path) -> Embedder:
    return Embedder(vectors)


@pytest.fixture(scope="module")
def memory(embedder: Embedder) -> BankIndex:
    return open_index(BANK, embedder, None)


@pytest.fixture
def stored(embedder: Embedder, tmp_path: Path) -> Iterator[BankIndex]:
    index = open_index(BANK, embedder, tmp_path / "index")
    yield index
    index.close()


def first(index: BankIndex, text: str, **only: object) -> str:
    return index.search(text, **only)[0].id  # type: ignore[arg-type]


def test_meaning_finds_what_shares_no_word(memory: BankIndex) -> None:
    assert first(memory, "coefficients that vanish entirely") == "l1_versus_l2/exact_zeros"


def test_synonyms_find_the_jargon(memory: BankIndex) -> None:
    assert first(memory, "LoRA", kinds=("key_point",)) == "adapters/low_rank"
    assert first(memory, "weight decay", kinds=("key_point",)) == "l1_versus_l2/shrinkage"


SHORT = {
    "AUC": "roc_and_pr_disagree",
    "SGD": "full_batch_against_mini_batch",
    "RAG": "retrieval_augmented_support",
    "TF Serving": "dynamic_batching_server",
    "feature store": "what_a_feature_store_adds",
    "A/B test": "ab_test_peeking",
    "LoRA": "lora_fine_tuning",
    "P99": "caching_predictions",
}


@pytest.fixture(scope="module")
def sample(embedder: Embedder) -> BankIndex:
    """Return a search over the questions on the short names above and every tenth of the others."""
    bank = load_bank()
    chosen = {*SHORT.values(), *list(bank.questions)[::10]}
    questions = {i: q for i, q in bank.questions.items() if i in chosen}
    return open_index(bank._replace(questions=questions), embedder, None)


@pytest.mark.parametrize("asked", SHORT)
def test_a_short_name_finds_a_question_on_it(asked: str, sample: BankIndex) -> None:
    assert SHORT[asked] in [hit.question_id for hit in sample.search(asked, limit=5)]
    assert sample.unknown_words(asked) == []


def test_of_equals_what_has_the_words_goes_first(sample: BankIndex) -> None:
    assert sample.search("TF Serving")[0].question_id == "dynamic_batching_server"


@pytest.mark.parametrize("asked", ["k8s", "GAN"])
def test_a_name_that_the_bank_does_not_have_is_known_to_be_missing(
    asked: str, sample: BankIndex
) -> None:
    assert sample.unknown_words(asked) == [asked.lower()]


def test_hits_carry_what_a_reader_needs(memory: BankIndex) -> None:
    hit = memory.search("how many parcels", kinds=("fact",))[0]
    assert (hit.kind, hit.id, hit.question_id) == ("fact", "parcel_times/volume", "parcel_times")
    assert (hit.round, hit.text) == ("system_design", PARCELS.facts[0].text)
    assert 0.9 < hit.score <= 1.0


def test_scores_fall_and_hits_are_distinct(memory: BankIndex) -> None:
    hits = memory.search("how do penalties change weights", limit=5)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len({(h.kind, h.id) for h in hits}) == len(hits) == 5


@pytest.mark.parametrize("kind", ["memory", "stored"])
def test_filters(kind: str, request: pytest.FixtureRequest) -> None:
    index: BankIndex = request.getfixturevalue(kind)
    assert {h.round for h in index.search("model", round_id="system_design")} == {"system_design"}
    hits = index.search("model", kinds=("key_point",), question_id="l1_versus_l2")
    assert {h.id for h in hits} == {"l1_versus_l2/exact_zeros", "l1_versus_l2/shrinkage"}
    assert index.search("model", round_id="no_such_round") == []


@pytest.mark.parametrize("text", ["", "  \n", "?!", "什么"])
def test_a_text_without_words_finds_nothing(memory: BankIndex, text: str) -> None:
    assert memory.search(text, limit=3) == []


@pytest.mark.parametrize("term", ["A/B test", "an A/B test", "area under the ROC curve"])
def test_a_term_that_holds_a_stop_word_is_found_by_its_other_names(term: str) -> None:
    texts = ["Stop an online experiment early.", "An AUC of 0.9.", "A parcel."]
    found = LexicalIndex(texts, load_synonyms()).scores(term)
    assert texts[int(found.argmax())] == texts[0 if "test" in term else 1]
    assert (found > 0).sum() == 1


def test_questions_are_found_by_what_their_topic_covers(embedder: Embedder) -> None:
    topic = Topic(
        id="some_topic", name="Serving", round="ml_fundamentals", covers=("TF Serving / Triton",)
    )
    parcels = PARCELS.model_copy(update={"topic": "another"})
    questions = {q.id: q for q in (parcels, LORA)}
    index = open_index(Bank({}, {topic.id: topic}, questions, ()), embedder, None)
    assert first(index, "TF Serving", kinds=("question",)) == LORA.id
    assert index.unknown_words("Which Triton") == []


def test_words_that_nothing_has_are_named(memory: BankIndex) -> None:
    assert memory.unknown_words("k8s for the LoRA parcels, k8s") == ["k8s"]
    assert memory.unknown_words("the parcels") == []


def test_an_empty_bank_finds_nothing(embedder: Embedder, tmp_path: Path) -> None:
    empty = Bank({}, {}, {}, ())
    assert open_index(empty, embedder, None).search("anything") == []
    index = open_index(empty, embedder, tmp_path)
    assert index.search("anything") == []
    index.close()


def test_stored_and_memory_search_agree(memory: BankIndex, stored: BankIndex) -> None:
    assert stored.persistent
    assert not memory.persistent
    for text in ("sparse weights", "how fast must it answer", "fine-tuning on one card"):
        assert stored.search(text) == memory.search(text)


def test_anchors_of_the_rubrics_are_found(embedder: Embedder) -> None:
    bank, _ = read_bank(content_root())
    anchors_only = Bank(bank.rubrics, {}, {}, ())
    hit = open_index(anchors_only, embedder, None).search("stops at deploy", limit=1)[0]
    assert (hit.kind, hit.question_id) == ("anchor", None)


def test_a_directory_has_one_owner(embedder: Embedder, tmp_path: Path) -> None:
    owner = open_index(BANK, embedder, tmp_path)
    other = open_index(BANK, embedder, tmp_path)
    assert (owner.persistent, other.persistent) == (True, False)
    assert other.search("LoRA") == owner.search("LoRA")
    owner.close()
    heir = open_index(BANK, embedder, tmp_path)
    assert heir.persistent
    heir.close()


def test_another_process_searches_in_memory(
    embedder: Embedder, vectors: Path, tmp_path: Path
) -> None:
    owner = open_index(BANK, embedder, tmp_path)
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from interviewer.embedding import Embedder; from interviewer.retrieval import open_index\n"
        "from test_retrieval import BANK\n"
        "index = open_index(BANK, Embedder(Path(sys.argv[1])), Path(sys.argv[2]))\n"
        "print(index.persistent, index.search('LoRA', kinds=('key_point',))[0].id)"
    )
    arguments = [str(vectors), str(tmp_path), str(ROOT / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    owner.close()
    assert done.stdout.split() == ["False", "adapters/low_rank"]


def test_only_what_changed_is_embedded_again(embedder: Embedder, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = lambda done, total: seen.append((done, total))  # noqa: E731
    open_index(BANK, embedder, tmp_path, report).close()
    assert seen[-1] == (15, 15)
    seen.clear()
    open_index(BANK, embedder, tmp_path, report).close()
    assert seen == []
    reworded = LORA.model_copy(update={"prompt": "How would you adapt a huge model on one card?"})
    smaller = Bank({}, {}, {q.id: q for q in (reworded, PARCELS)}, ())
    index = open_index(smaller, embedder, tmp_path, report)
    assert seen[-1] == (1, 1)
    assert not [
        h for h in index.search("L1 and L2 regularisation") if h.question_id == PENALTIES.id
    ]
    index.close()


@pytest.mark.parametrize("content", [b"", b"garbage" * 5000, None])
def test_a_damaged_index_is_rebuilt(
    embedder: Embedder, tmp_path: Path, content: bytes | None
) -> None:
    open_index(BANK, embedder, tmp_path).close()
    database = next(tmp_path.glob("chroma-*/chroma.sqlite3"))
    database.write_bytes(database.read_bytes()[:30000] if content is None else content)
    index = open_index(BANK, embedder, tmp_path)
    assert index.persistent
    assert first(index, "LoRA", kinds=("key_point",)) == "adapters/low_rank"
    index.close()


def test_an_index_of_another_version_is_rebuilt(embedder: Embedder, tmp_path: Path) -> None:
    import chromadb
    from chromadb.config import Settings

    folder = tmp_path / "chroma-old"
    client: Any = chromadb.PersistentClient(
        str(folder), settings=Settings(anonymized_telemetry=False)
    )
    client.create_collection("bank", metadata={"version": "0"}, embedding_function=None)
    client.close()
    index = open_index(BANK, embedder, tmp_path)
    assert index.persistent
    assert not folder.exists()
    assert index.search("LoRA")
    index.close()


def test_a_directory_that_cannot_be_made_means_memory(embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    index = open_index(BANK, embedder, tmp_path / "file" / "index")
    assert not index.persistent


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("roughly how many packages do we ship daily?", {"volume"}),
        ("How many users, and what latency?", {"volume", "response_time"}),
        ("how quickly do we have to return a prediction", {"response_time"}),
        (
            "What do the depots log about a parcel, and how large is the team?",
            {"scan_log", "people"},
        ),
        (
            "Thanks. Tell me about traffic, latency and the team.",
            {"volume", "response_time", "people"},
        ),
        ("What is the average age of the drivers?", set()),
        ("Is the warehouse heated?", set()),
        ("Could you repeat the question?", set()),
        ("I would train boosted trees on distance, carrier and weekday.", set()),
        ("The latency is tight, so I will precompute most predictions at night.", set()),
        ("", set()),
    ],
)
def test_facts_are_told_only_when_asked_for(
    memory: BankIndex, message: str, asked: set[str]
) -> None:
    assert {m.fact_id for m in memory.facts_asked(PARCELS, message)} == asked


def test_a_match_says_which_words_asked(memory: BankIndex) -> None:
    matches = memory.facts_asked(PARCELS, "How big is the team? And what is the latency budget?")
    assert {m.fact_id: m.asked for m in matches} == {
        "people": "How big is the team?",
        "response_time": "what is the latency budget?",
    }
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)


@pytest.mark.parametrize("fact", PARCELS.facts, ids=lambda fact: fact.id)
def test_every_authored_ask_gets_its_fact(memory: BankIndex, fact: Fact) -> None:
    for ask in fact.asks:
        assert [m.fact_id for m in memory.facts_asked(PARCELS, ask)] == [fact.id]


def test_a_question_without_facts_tells_nothing(memory: BankIndex) -> None:
    assert memory.facts_asked(PENALTIES, "How many users do we have?") == []
