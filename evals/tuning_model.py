"""A BertModel as a sentence embedding that can be tuned: mean pooling, lowest layers frozen.

Knows nothing of claims. Needs requirements-tune.in; torch is imported only when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.tuning_data import Vectors

_LONGEST = 64  # tokens
_HEAD = "head.pt"


class Model:
    """The transformer with mean pooling over all its tokens, as the product pools."""

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from transformers import AutoTokenizer, BertModel

        torch.set_num_threads(threads)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
        self.net: Any = BertModel.from_pretrained(str(folder), add_pooling_layer=False)
        self._lower: dict[str, Any] = {}
        self._frozen = 0

    def freeze(self, layers: int, texts: Sequence[str]) -> dict[str, Vectors]:
        """Keep the lowest layers as they are, and remember what they make of each text.

        Return the vectors of the texts as they are now.
        """
        import torch

        self.net.eval()
        self._frozen = layers
        for part in (self.net.embeddings, self.net.encoder.layer[:layers]):
            part.requires_grad_(False)
        found: dict[str, Vectors] = {}
        with torch.no_grad():
            for some in _alike(texts):
                batch = self._tokens(some)
                states = self.net(**batch, output_hidden_states=True).hidden_states
                mask = batch["attention_mask"]
                for text, rows, own in zip(some, states[layers], mask, strict=True):
                    self._lower[text] = rows[: int(own.sum())].clone()
                found |= dict(zip(some, _pooled(states[-1], mask).numpy(), strict=True))
        return found

    def train(self, texts: Sequence[str]) -> Any:
        """Return unit vectors with gradients, from what the frozen layers made of the texts."""
        import torch

        lower = [self._lower[text] for text in texts]
        states = torch.nn.utils.rnn.pad_sequence(lower, batch_first=True)
        lengths = torch.tensor([len(rows) for rows in lower])
        mask = torch.arange(states.shape[1])[None, :] < lengths[:, None]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.net.encoder.layer[self._frozen :]:
                states = layer(states, mask[:, None, None, :])
        return _pooled(states.float(), mask)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of many texts."""
        import torch

        self.net.eval()
        found: dict[str, Vectors] = {}
        with torch.inference_mode():
            for some in _alike(texts):
                batch = self._tokens(some)
                states = self.net(**batch).last_hidden_state
                rows = _pooled(states, batch["attention_mask"]).numpy()
                found |= dict(zip(some, rows, strict=True))
        return np.stack([found[text] for text in texts])

    def _tokens(self, texts: Sequence[str]) -> Any:
        return self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt"
        )


def _alike(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the distinct texts in batches of like length."""
    order = sorted(set(texts), key=lambda text: (len(text), text))
    for at in range(0, len(order), 32):
        yield order[at : at + 32]


def _pooled(states: Any, mask: Any) -> Any:
    import torch

    kept = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((states * kept).sum(1) / kept.sum(1), dim=-1)


def pace_of(steps: int, step: int) -> float:
    """Return the share of the learning rate at a step: rise over the first tenth, then fall to nothing."""
    return min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)), 1.0)


class PairModel:
    """The transformer over a claim and a text together, with a linear layer for three labels.

    The layer reads the first token beside the mean over all tokens. Labels: `entailment_pairs`.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from transformers import AutoTokenizer, BertModel

        torch.set_num_threads(threads)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
        self.net: Any = BertModel.from_pretrained(str(folder), add_pooling_layer=False)
        self.drop: Any = torch.nn.Dropout(0.1)
        self.head: Any = torch.nn.Linear(2 * self.net.config.hidden_size, 3)
        if (folder / _HEAD).exists():
            self.head.load_state_dict(torch.load(folder / _HEAD))

    def parameters(self, frozen_layers: int) -> tuple[list[Any], list[Any]]:
        """Freeze the embeddings and the lowest layers; return what is left, and the layer on top."""
        for part in (self.net.embeddings, self.net.encoder.layer[:frozen_layers]):
            part.requires_grad_(False)
        return [p for p in self.net.parameters() if p.requires_grad], list(self.head.parameters())

    def save(self, folder: Path) -> None:
        """Write what `PairModel(folder, ...)` reads."""
        import torch

        self.net.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        torch.save(self.head.state_dict(), folder / _HEAD)

    def train_mode(self) -> None:
        """Switch dropout on."""
        self.net.train()
        self.drop.train()

    def logits(self, claims: Sequence[str], texts: Sequence[str]) -> Any:
        """Return pairs x 3, with gradients where they are wanted."""
        import torch

        tokens = self.tokenizer(
            list(claims),
            list(texts),
            padding=True,
            truncation=True,
            max_length=2 * _LONGEST,
            return_tensors="pt",
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.net(**tokens).last_hidden_state
        return self.read_off(states.float(), tokens["attention_mask"])

    def read_off(self, states: Any, mask: Any) -> Any:
        """Return what the last layer makes of the hidden states."""
        import torch

        kept = mask.unsqueeze(-1).float()
        mean = (states * kept).sum(1) / kept.sum(1)
        return self.head(self.drop(torch.cat([states[:, 0], mean], dim=1)))

    def probabilities(self, claims: Sequence[str], texts: Sequence[str]) -> Vectors:
        """Return pairs x 3, each row adding to 1."""
        import torch

        self.net.eval()
        self.drop.eval()
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]) + len(claims[i]))
        rows = np.zeros((len(texts), 3), dtype=np.float32)
        with torch.inference_mode():
            for at in range(0, len(order), 64):
                some = order[at : at + 64]
                logits = self.logits([claims[i] for i in some], [texts[i] for i in some])
                rows[some] = torch.softmax(logits, dim=1).numpy()
        return rows
