"""The door to language models: budgets, timeouts, one breaker, usage. The only user of LangChain.

Invariant: a call either returns or raises ModelError within its seconds; nothing is retried in secret.
"""

from interviewer.llm.calls import Ledger, Prompt, Usage
from interviewer.llm.model import Model, PromptOverBudget
from interviewer.llm.opening import get_model, model_status

__all__ = ["Ledger", "Model", "Prompt", "PromptOverBudget", "Usage", "get_model", "model_status"]
