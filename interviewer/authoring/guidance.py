"""What to write for each key of a question: the text of the template's placeholders.

A list of texts says what each of its members is. Every field of the bank's nouns is named here, so
a field added to the schema fails the template's test until somebody says what belongs there.
"""

from __future__ import annotations

from typing import TypeAlias

Guidance: TypeAlias = str | tuple[str, ...]

# Known from the file's folder and its `topic:`, so that no question repeats them.
OF_THE_FILE = frozenset({"Question.round", "Question.topic"})

GUIDANCE: dict[str, Guidance] = {
    "Question.id": "short name in snake case, never changed later",
    "Question.title": "short title, a few words",
    "Question.prompt": "what the interviewer says, as a question one can answer aloud",
    "Question.difficulty": "",
    "Question.seniority": "[junior, mid, senior, staff]",
    "Question.kind": "",
    "Question.tags": "[words to find it by]",
    "Question.recall": (
        "the question asked in another way, to come back to it weeks later",
        "the question asked in a third way",
    ),
    "Question.reference": "a strong answer as it would be spoken, checked against a source",
    "Question.key_points": "",
    "Question.misconceptions": "",
    "Question.hints": ("a gentle hint, tells no key point", "a strong hint, may nearly tell"),
    "Question.facts": "",
    "Question.stages": "",
    "Question.twists": "",
    "Question.diagnosis": "",
    "Question.staff": "what a staff engineer adds here to what a senior one says",
    "Question.sources": "[what settles the claims, such as a paper, a book, an own calculation]",
    "KeyPoint.id": "short name in snake case",
    "KeyPoint.claim": "one idea as a plain sentence that is true by itself",
    "KeyPoint.criterion": "",
    "KeyPoint.tier": "core if expected (the default), strong if good, exceptional if rare",
    "KeyPoint.stage": "",
    "KeyPoint.right": ("the claim in plain spoken words", "the claim in the words of the field"),
    "KeyPoint.wrong": (
        "a fluent false version in plain words, nearly as the right one",
        "a fluent false version in the words of the field",
    ),
    "KeyPoint.synonyms": "[other names of its terms]",
    "KeyPoint.probe": "a question that leads to the claim without its words",
    "KeyPoint.any_of": "name of a group of points of which one is enough",
    "KeyPoint.signal": "",
    "Misconception.id": "short name in snake case",
    "Misconception.claim": "a false belief people really hold, as a plain sentence",
    "Misconception.wordings": ("how somebody would say it", "how somebody else would say it"),
    "Misconception.correction": "what is true instead, and why",
    "Misconception.challenge": "a neutral question that makes one doubt it",
    "Misconception.key_point": "id of the key point that it denies",
    "Fact.id": "short name in snake case",
    "Fact.asks": ("a way of asking for it", "another way of asking for it"),
    "Fact.text": "what the interviewer tells when asked, numbers included",
    "Fact.table": "{columns: [month, share], rows: [[May, 0.4], [June, 0.3]]}",
    "Fact.series": "{x_label: day, y_label: loss, x: [1, 2], lines: [{name: train, y: [3, 2]}]}",
    "Fact.stage": "stage it belongs to",
    "Fact.credits": "id of the key point that asking for this meets",
    "Table.columns": ("name of the first column", "name of the second column"),
    "Table.rows": ("first cell", "second cell"),
    "Twist.id": "short name in snake case",
    "Twist.text": "a change of requirements, as the interviewer says it",
    "Twist.stage": "stage it belongs to",
    "Twist.listen_for": "what a strong candidate changes in the design, and what stays",
    "StageBrief.id": "",
    "StageBrief.opening": "how the interviewer opens this stage",
    "StageBrief.hints": ("a gentle hint for this stage", "a strong hint for this stage"),
    "Rival.claim": "another cause that looks likely at first",
    "Rival.ruled_out_by": "id of the fact that rules it out",
    "Rival.because": "why this fact rules it out",
    "Diagnosis.root_cause": "what is really wrong",
    "Diagnosis.fix": "what mends it",
    "Diagnosis.prevention": "what would have caught it earlier",
    "Diagnosis.rivals": "",
    "Diagnosis.red_herrings": ("a fact that looks important and is not",),
}
