"""What is no answer at all: empty, "I don't know", another language, a bare list of terms.

Pure and lexical. Nothing here earns credit; it only says why none can be earned or judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from interviewer.grading.lexicon import STOP, Word, read_words

_DONT_KNOW = re.compile(
    r"\b(?:i|we)\s+(?:really\s+|honestly\s+|just\s+)?"
    r"(?:do\s?n[o'’]?t|do not|have no|haven['’]?t|can['’]?t|cannot)\s+"
    r"(?:really\s+|quite\s+)?"
    r"(?:know|idea|clue|remember|recall|say|sure|heard|answer|come across|studied|learned)"
    r"|\bno (?:idea|clue)\b|\bnot sure\b"
    r"|\bi(?:['’]m| am) (?:not (?:sure|familiar|certain)|unsure|stuck|blank)"
    r"|\b(?:pass|skip)\b[.!]?$|\bi(?:['’]d| would) have to (?:guess|look (?:it|this|that) up)\b"
    r"|\bmy mind (?:is|went) blank\b|\bnext question\b",
    re.I,
)
_COMMANDS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:rubric|instructions?|rules?|prompts?|above|previous|prior|key points?|criteria)\b"
    r"|\b(?:full|maximum|max|perfect|top|highest|100%?)\s+(?:marks?|scores?|points?|credit|grade)\b"
    r"|\b(?:give|award|assign|grant|mark|rate|grade|score)\s+"
    r"(?:me|this|it|the answer|my answer|every|all)\b"
    r"|\b(?:system|developer)\s*(?:prompt|message|:)"
    r"|\byou are (?:now )?(?:a|an|the) (?:grader|assistant|model|ai)\b"
    r"|\ball (?:the )?(?:key )?points (?:are|were|as) (?:met|covered|satisfied)\b"
    r"|\"?(?:verdict|score)\"?\s*[:=]"
    r"|\bas (?:the|an?) (?:examiner|grader|evaluator)\b",
    re.I,
)
_VERB_LIST = """
    is are was were be been being am has have had do does did can could will would should may might
    must means happens happen gives give gets get goes go makes make takes take uses use used
    needs need lets let keeps keep shows show adds add helps help works work becomes become leads lead
    causes cause depends depend increases increase decreases decrease reduces reduce learns learn
    predicts predict fits fit trains train computes compute returns return stores store sends send
    measures measure tells tell allows allow prevents prevent penalises penalizes shrinks shrink picks
    pick chooses choose splits split compares compare changes change grows grow falls fall drops drop
    checks check looks look runs run says say starts start stops stop moves move puts put finds find
    it's that's there's isn't doesn't don't won't can't i'd i'll we'd we'll you're they're"""
_VERBS = frozenset(_VERB_LIST.split())
_ENGLISH = STOP | _VERBS
_FOREIGN_LIST = """
    der die das und ist nicht ein eine mit für auf den dem les des une est pas pour dans que qui sur
    avec el la los las una es para por con como del se che il di per sono non gli uma não os um é och
    att som det är på het een van niet wordt voor ve bir bu için nie jest się że na это что как не"""
_FOREIGN = frozenset(_FOREIGN_LIST.split())
_NAME_WORDS = 4


def is_non_answer(text: str) -> bool:
    """Say whether nothing is left once "I don't know" and the like are taken out."""
    rest = _DONT_KNOW.sub(" ", text)
    if rest == text and read_words(text):
        return False
    return sum(1 for word in read_words(rest) if word.idf > 0) < 4


def is_hedge(text: str) -> bool:
    """Say whether a sentence admits not knowing; what it mentions is then not claimed."""
    return bool(_DONT_KNOW.search(text))


def is_command(text: str) -> bool:
    """Say whether a sentence talks to the grader instead of answering."""
    return bool(_COMMANDS.search(text))


def is_foreign(text: str) -> bool:
    """Say whether a text is (mostly) not English; short texts get the benefit of the doubt."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 12 and sum(1 for c in letters if c.isascii()) / len(letters) < 0.6:
        return True
    found = re.findall(r"[^\W\d_]+", text.lower())
    if len(found) < 8:
        return False
    foreign = sum(1 for w in found if w in _FOREIGN and w not in _ENGLISH)
    english = sum(1 for w in found if w in _ENGLISH and w not in _FOREIGN)
    return foreign / len(found) > 0.12 and foreign > 2 * english


def is_list(text: str, words: Sequence[Word], strict: bool = False) -> bool:
    """Say whether a text strings terms together without a predicate that says something of them.

    `strict` is for claims, which are terse: only short names and evident enumerations count.
    """
    if re.search(r"[=<>→]|\breturn\b|->|`", text) or (len(words) < 4 and not strict):
        return False
    verbs = sum(1 for word in words if word.text in _VERBS)
    little = sum(1 for word in words if word.text in STOP or word.text in _VERBS)
    items = [item for item in re.split(r"[,;\n/|•-]+", text) if item.strip()]
    short = sum(1 for item in items if len(item.split()) <= 3)
    if len(items) >= 5 and short / len(items) >= 0.8:
        return True  # whatever its words are: "store" and "start" may be nouns here
    many_short = len(items) >= 3 and short / len(items) >= 0.6
    if strict:
        return verbs == 0 and (many_short or len(words) <= _NAME_WORDS)
    share = little / len(words)
    if len(items) < 3:  # no separators: only a run of bare words is a list
        return verbs == 0 and share < 0.08 and len(words) >= 6
    return verbs == 0 and (share < 0.15 or (many_short and share < 0.3))
