"""The candidate's own questions at the end, answered from the small authored sheet."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.embedding import Embedder
from interviewer.schema import Reply

# Below this similarity another question was meant; the sheet's nearest asks lie well above it.
_LEAST_SIMILARITY = 0.5


def best_reply(replies: Sequence[Reply], question: str, embedder: Embedder) -> Reply | None:
    """Return the reply whose `asks` come nearest to a question, or None if none is near."""
    asks = [(reply, ask) for reply in replies for ask in reply.asks]
    if not asks:
        return None
    vectors = embedder.vectors([question, *(ask for _, ask in asks)])
    nearness = vectors[1:] @ vectors[0]
    best = int(nearness.argmax())
    return asks[best][0] if nearness[best] >= _LEAST_SIMILARITY else None
