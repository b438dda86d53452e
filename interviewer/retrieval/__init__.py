"""Finding things in the bank: search by meaning and by words, and the facts a message asks for.

See `index` for the search, `facts` for clarifying questions. Importing it loads nothing heavy.
"""

from interviewer.retrieval.documents import KINDS, Kind
from interviewer.retrieval.facts import FactMatch, facts_asked, get_facts_ready, likely_fact
from interviewer.retrieval.index import BankIndex, Hit, open_index
from interviewer.retrieval.store import Progress

__all__ = [
    "KINDS",
    "BankIndex",
    "FactMatch",
    "Hit",
    "Kind",
    "Progress",
    "facts_asked",
    "get_facts_ready",
    "likely_fact",
    "open_index",
]
