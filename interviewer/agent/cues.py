"""The wordings by which a candidate's clause shows what it wants. Data: patterns, no decisions.

Commands are anchored at the start of a clause or spelled out in full, because their words also
occur in answers ("skip connections", "the forget gate", "a hint of drift").
"""

from __future__ import annotations

import re

from interviewer.schema import Intent

_FILLER = (
    r"(?:(?:um+|uh+|h+m+|mm+h?|ok(?:ay)?|so|and|also|well|first(?:ly)?(?: off| of all)?"
    r"|second(?:ly)?|then|now|but|or"
    r"|right|hi|hello|hey|sorry|oh|oops|ah|wait|please|pls|like|plus|no|actually"
    r"|honestly|yes|yeah|alright|just"
    r"|roughly|exactly|finally|again|thanks?|thank you|because|tbh|to be honest|i(?:'?m| am) afraid"
    r"|i (?:guess|think|believe)|dunno|lol|haha)\b[\s,.:…-]*)*"
)
_I_WANT = (
    r"(?:i(?:'?d| would)? (?:really )?(?:like|want|love|need|prefer|rather)(?: to)?"
    r"|i wanna|let me|let'?s|let us)"
)
_MAY = r"(?:can|could|may|might|shall|would)"
_SPAN = r"(?:a|an|one|some|another|thirty|ten|two|\d+)(?: (?:quick|short|few|little|more))*"
_MOMENT = rf"(?:{_SPAN} )(?:seconds?|secs?|moments?|minutes?|mins?|time)"
_HINT = r"(?:hints?|nudge|clues?|pointers?|tips?|push|help)"
AUX = r"(?:is|are|was|were|do|does|did|can|could|may|must|should|would|will|has|had|shall)"
_PLACE = r"(?:question|one|topic|part|section|stage|thing|step)"


def _at_start(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*{_FILLER}(?:{pattern})", re.I)


# A clause that is nothing but manners, a report on how one feels, or an announcement of questions.
MANNERS = re.compile(
    r"^\W*(?:(?:hi|hello|hey|thanks?|thx|thank you|you'?re welcome|ok(?:ay)?|k|cool"
    r"|great|perfect|good|nice|alright|sure|fine"
    r"|morning|afternoon|evening|wonderful|lovely|awesome|ha|haha|lol|i (?:like"
    r"|love) (?:that|this) (?:question|one)|(?:that'?s|that is) enough for (?:today|now)"
    r"|fair enough|understood|got it|gotcha|i see"
    r"|i understand|makes? sense|sounds? (?:good|great|fine)|(?:that(?:'?s| is| was)"
    r"|it(?:'?s| is)|this is) (?:all|it|clear|fine|good|great|helpful|very helpful|an?)"
    r"|that helps|nice to meet you|i(?:'?m| am) ready|can you hear me|let'?s (?:begin"
    r"|start|go)|sorry|please|pls"
    r"|(?:no,? )?nothing (?:else|more)|no more questions|from (?:my|our) side|from me"
    r"|for (?:taking )?(?:the|your) (?:time|data|info\w*|help|clarif\w+)"
    r"|(?:i have|i'?ve got)|on this (?:part|one|question)|for (?:now|this part)"
    r"|so (?:much|far)|very much|a lot|now|then|no|and|so|oh|well|right"
    r"|(?:good|nice|great|interesting|tricky|hard|tough) (?:question|one|point)|(?:all"
    r"|that was) i wanted to ask|noted|really|very"
    r"|(?:does|do) (?:that|this|it) make sense(?: so far)?|if that makes sense"
    r"|you know)\b[\s,.!?:;)('-]*)+$",
    re.I,
)
ASIDE = _at_start(
    r"let me (?:start|begin) (?:with|by asking) [\w ]*\bquestions?\W*$|"
    r"i(?:'?m| am) (?:stuck|tired|lost|confused|thinking|writing|blank|missing|new to|done|finished)"
    r"|stuck\b|not sure what else|i (?:have|need|had|got) to (?:go|leave)\b|i (?:have "
    r"|'ve )?(?:nothing|never)\b|never (?:did|done|worked|heard|used|seen)\b"
    r"|i can(?:'?t|not) (?:derive|answer|remember|recall|say)|(?:i have |i got |a "
    r"|just )?(?:few|some|several|two|three|four|couple of|a few|one"
    r"|a) (?:quick )?(?:questions?|things?)\W*$"
    r"|before (?:that|this|i (?:start|begin|draw|answer)[^,]*)\W*$|(?:good|nice"
    r"|great) question\b|if (?:that|it)(?:'?s| is) (?:allowed|possible|ok(?:ay)?)\b"
    r"|there is something else i|i (?:do ?n[o']?t|can(?:'?t|not)) see it\b"
    r"|i (?:need|have) (?:some )?help|what should i (?:be thinking|think) of"
)

COMMANDS: dict[Intent, re.Pattern[str]] = {
    Intent.FINISH: re.compile(
        rf"^\W*{_FILLER}(?:(?:i think |so )?(?:{_I_WANT}|{_MAY} (?:we|you|i)|we can|please"
        r"|then)\s+)*(?:please )?(?:now )?"
        r"(?:(?:end|stop|finish|quit|close|leave|terminate|abort|wrap up)(?: (?:with"
        r"|now))?(?: (?:the|this|our|my))?(?: mock)? (?:interview|session)\b"
        r"|(?:end|stop|finish|quit|wrap)(?: it| this| things)?(?: up)?(?: (?:right )?(?:here"
        r"|now|at this point|for today))?(?: (?:please|pls|thanks))?\W*$)"
        r"|\bi(?:'?m| am) (?:done|finished|through) with (?:the|this) (?:interview"
        r"|session)\b|\bplease (?:end|stop|close|finish) (?:the|this) (?:interview"
        r"|session)\b",
        re.I,
    ),
    Intent.SKIP: _at_start(
        rf"(?:skip|pass|next)(?: (?:this|it|that|the|{_PLACE}|please|pls|thanks))*\W*$"
        rf"|(?:i(?:'?m| am) done with (?:this|that)(?: {_PLACE})?)\W*$|(?:this"
        rf"|that)(?: {_PLACE})? i (?:leave|skip|pass)\b"
        rf"|(?:{_MAY} (?:i|we) (?:please |just )*|(?:let'?s|let us|lets) (?:please |just )*"
        r"|i(?:'?d| would)?(?: like| want| prefer| rather)(?: to)? |i (?:will|'ll) )"
        rf"(?:skip (?:this|it|that|the {_PLACE})\b|pass(?: on (?:this|it|that)\b|\W*$)"
        r"|move on\b|leave (?:this|it|that|there)\b|go on(?: to|\W*$)"
        r"|(?:go|jump|continue|proceed|switch|move)(?: on)? (?:to|with) (?:the|another"
        r"|an?other|features|data|serving|monitoring|next)\b|come back to|do the \w+ (?:now"
        r"|instead|first)|continue\W*$)"
    ),
    Intent.HINT: re.compile(
        rf"^\W*(?!no )(?:{_FILLER})(?:(?:any|an?|some|small|little|one|another|the"
        r"|next)\s+)*(?:hints?|nudge|clues?|pointers?|tips?)(?: (?:please|pls|here|for this"
        r"|then))*\W*$"
        rf"|\b(?:{_MAY} (?:i|you|u|we)|would you mind|do you have|give me|i(?:'?d| would"
        r"| could)? (?:really )?(?:need|want|like|appreciate|love|use"
        rf"|take))\b[^.?!]{{0,40}}\b{_HINT}\b"
        rf"|\bpoint me in\b|\b(?:help|{_HINT}) would be (?:great|nice|good|helpful"
        r"|appreciated|welcome)|\bhelp me out\b|\bhelp (?:please|pls)\b",
        re.I,
    ),
    Intent.THINK: re.compile(
        rf"^\W*{_FILLER}(?:(?:{_I_WANT}|i (?:need|have) to) (?:just "
        r"|quickly )?(?:think\b(?! out loud| aloud)|(?:collect|gather|sort) my thoughts)"
        rf"|(?:please )?(?:give me|gimme|let me (?:take|have)|{_MAY} i (?:please )?(?:have"
        rf"|take|get)|{_I_WANT} (?:take )?|i'?ll take) ?{_MOMENT}\b"
        rf"|(?:wait )?(?:{_SPAN} |just )*(?:sec|second|moment|minute)"
        r"\b(?=\s*(?:[,.!?…]|please\b|pls\b|i\b|im\b|$))"
        r"|bear with me|hold on|brb\b|wait a (?:sec|second|moment|minute)|i(?:'?m"
        r"| am) (?:still )?thinking)"
        rf"|\bi need {_MOMENT}\b",
        re.I,
    ),
    Intent.RETRACT: re.compile(
        rf"^\W*{_FILLER}(?:(?:scratch|strike|forget|ignore|disregard|delete) (?:that|this"
        r"|it)(?: (?:last|previous)(?: one| answer| message)?)?(?: (?:please|pls|sorry"
        r"|again))*(?=\W*$|\s*[,.;:-])"
        r"|(?:i|let me|i'd like to) take (?:that|it|this) back|nvm\b|never ?mind\b|(?:forget"
        r"|ignore|disregard|scratch) (?:everything |all )?(?:that "
        r"|what )?i (?:just )?(?:said|wrote|typed)(?: before)?\W*$)"
        r"|\b(?:ignore|disregard|forget|delete|remove|strike|scratch|discard|retract) (?:my"
        r"|the|that) (?:last|previous|earlier|prior) (?:answer|message|one|reply|statement"
        r"|sentence)",
        re.I,
    ),
    Intent.CORRECT: re.compile(
        r"\bactually,? no\b|\b(?:no,? wait|wait,? no)\b|\bi misspoke\b|\b(?:i (?:need|have"
        r"|want) to|let me) correct\b|^\W*(?:sorry,? )?correction\b"
        rf"|^\W*{_FILLER}i meant\b|\b(?:no|sorry|wait|actually)\b[\s,]*(?:but )?i mean\b"
        r"|\bi said\b.*\bi (?:mean|meant)\b|\bi (?:mixed|confused) (?:them|it|that|this"
        r"|those|the two)\b"
        r"|\bwait\b[\s,]*(?:that|this|it)(?:'?s| is| was) (?:wrong|not right|incorrect)"
        r"|\bi (?:claimed|said|wrote|mentioned|stated)\b.*\b(?:was|is) (?:wrong|incorrect"
        r"|not right|a mistake)"
        r"|\b(?:forget|ignore|take back) what i said about\b|^\W*(?:but )?that was (?:wrong"
        r"|a mistake|incorrect|not right)\b",
        re.I,
    ),
    Intent.DONT_KNOW: _at_start(
        r"(?:(?:i(?:'?m| am) )?out of ideas|i give up\b|i can(?:'?t|not) think of (?:any(?:thing)?|more)\b)|"
        r"(?:i(?: have|'ve)? )?(?:really |honestly )?(?:do ?n[o']?t|dont|do not) (?:really "
        r"|actually )?know\b|idk\b|dunno\b|(?:i (?:have|got) )?(?:absolutely |really )?(?:no"
        r"|zero) (?:idea|clue)\b"
        r"|(?:i (?:have )?)?not (?:a|the slightest|the faintest) (?:clue|idea)\b|i(?:'?ve"
        r"| have)? never heard of\b|never heard of\b|i(?:'?m| am) (?:totally "
        r"|completely )?(?:blank|clueless)\b"
        r"|(?:that|this|it)(?:'?s| is) beyond me\b|i can(?:'?t|not) answer\b"
        r"|.*(?<!what )(?<!that )(?<!which )\bi (?:really )?do(?:n'?t| not) know\W*$|i(?:'?m"
        r"| am) not sure(?: at all)?\W*$"
    ),
}
# A guess that follows in the same sentence makes "I don't know" an opening of an answer.
ATTEMPT = re.compile(
    r"\b(?:but|maybe|perhaps|though|i(?:'?d| would)|i (?:think|guess|believe|suppose"
    r"|assume))\b",
    re.I,
)
# What a correcting or retracting clause may consist of without stating anything new.
CORRECTION_WORDS = re.compile(
    r"\b(?:wait|no|sorry|actually|hmm|oh|um|oops|please|correction|scratch that"
    r"|i (?:misspoke|meant|mean|take (?:that|it) back)|(?:let me|i (?:need|have"
    r"|want) to) correct (?:myself|that|this|something)"
    r"|(?:something |what |earlier )?i (?:just )?(?:said|claimed|wrote)(?: earlier"
    r"| before)?(?: about [\w ]+)?|(?:that|it|this)(?:'s| is| was) wrong|(?:was"
    r"|is) wrong|that was (?:a mistake|incorrect|not right)|i mixed (?:them|it"
    r"|that) up)\b",
    re.I,
)

SHOW = re.compile(
    rf"\bshow me\b|\b{_MAY} (?:i|you)(?: please)? (?:see|look|show|plot|draw|display"
    r"|have a look|take a look)\b|\bmay i see\b"
    r"|\blet me (?:see|look at) (?:the|how|a|some|what|your|our)\b"
    r"|\blet'?s look at the (?:plot|graph|data|numbers|table|distribution)"
    r"|\b(?:i'?d|id|i would|i) (?:like|want|love) to (?:see|look)\b"
    r"|^\W*(?:please )?plot (?:the|it|how)\b",
    re.I,
)
# In a debugging scenario, what one would look at is what one asks to see.
_LOOK = (
    r"(?:check|look(?:ing)? (?:at|into|for)|compar(?:e|ing)|inspect|verify|plot(?:ting)?"
    r"|examine|see|break\b.{0,40}\bdown|slic(?:e|ing)"
    r"|split (?:the|it)|evaluat(?:e|ing)|scor(?:e|ing)|pull|diff|print|go through"
    r"|investigate|measure|count|query|sample|trace|replay|(?:re-?)?run|re-?score|try|bin|group|find out)\b"
)
_WOULD = (
    rf"(?:{_I_WANT}|we (?:should|could|would)|i (?:will|would|could|should)|i'?(?:ll|d)"
    rf"|{_MAY} (?:we|i|you)|{AUX} (?:we|i)) "
    r"(?:(?:also|then|next|first|now|just|quickly|probably|please|start by|begin by"
    r"|have to|need to|want to|like to)\s+)*"
)
# "To be sure I'd compare ..."
_PURPOSE = r"(?:to (?:\w+ ){1,4}?(?=(?:i|we|let)\b))?"
# Beside looking: a question put to the case, or a trial of which one wants to hear the outcome.
INSPECT = _at_start(
    rf"{_PURPOSE}(?:(?:{_WOULD})?{_LOOK}"
    rf"|{_WOULD}(?:ask (?:how|what|when|where|which|who|whether|if)\b"
    r"|(?:begin|start) with (?:a|an|the)\b"
    r"|\w+\b.*\band (?:then )?(?:see|check|compare|measure|look)\b))"
)
# A cleft ("what matters is", "how I'd do it") or a relative clause ("which means") asks nothing.
NO_QUESTION = _at_start(
    r"what (?:i|we|you|one|matters?|counts|helps|would|remains|makes|really|mostly"
    r"|follows)\b(?!.*\bwhat\b).*\b(?:is|are|was|were|would be)\b"
    r"|which (?:means?|is|are|was|gives?|makes?|leads?|helps?|would|i|we|in turn|then"
    r"|also|lets?)\b|(?:how|why) (?:i|we|you|one)(?:'|\b)"
    r"|(?:if|when) i (?:had|have) to\b"
)
QUESTION = _at_start(
    r"(?:(?:in|of|for|on|at|from|with|by|to|until|over) )?(?:how (?!ever\b)\w+"
    r"|what(?:'?s)?|which|who(?:'?s|se)?)\b"
    rf"|(?:where|when|why|how) (?:{AUX}|have|come)\b|why\b|how'?s\b|{AUX} (?!be\b|not\b"
    r"|n't)\w+|have (?:we|you|i|they|there|people|users|any)\b|any\b(?!.*\b(?:is|are|was"
    r"|were|would|will|can|should|has|have|becomes?|gets?|counts?)\b)"
    r"|(?:after|before|for|of|in|on|at|with) (?:\w+ ){1,3}how (?:many|much|long|often|late|soon)\b"
    r"|(?:do|did|does|is|are)n'?t (?:we|you|there|they|it)\b"
)
REQUEST = _at_start(
    rf"(?:{_MAY} you )?(?:please )?(?:tell|remind) me\b|{_MAY} (?:you|u) (?:please "
    r"|maybe )?(?:tell|explain|clarify|say|share|describe|repeat|rephrase|give me)\b"
    r"|(?:one thing |something |what )?i(?:'?d| would| also| first)* (?:like|want|need"
    r"|love) to (?:know|ask|understand|clarify|learn|hear|confirm)\b|i(?:'?m"
    r"| am) (?:curious|wondering|interested)\b"
    r"|(?:i )?wonder(?:ing)?\b|my (?:\w+ )?question\b|(?:i have|i've got"
    r"|i got) (?:\w+ )?questions?\b|a question (?:on|about)\b|(?:let me|i(?:'?ll"
    r"| will)) (?:ask|clarify)\b|curious (?:about|if|what|how)\b"
    r"|(?:i )?need to know\b|what about\b|how about\b"
)
# About the question put or the talk itself: no fact of the case answers it.
ABOUT_TASK = re.compile(
    r"\b(?:repeat|rephrase|restate)\b|\bthe (?:question|task)\b|\bd(?:o|id) you (?:want|mean|expect)\b"
    r"|\bshould i\b|\bam i\b|\b(?:is|was|does) (?:that|this) (?:what you|answer)\b"
    r"|\bwhat (?:are|do) you (?:looking for|asking|want|expect)\b",
    re.I,
)
# A lead-in that belongs to the question after it: "When an ad loses, ..."
LEAD_IN = _at_start(
    r"(?:after|when|whenever|if|for|of|in|with|given|once|over|besides|before|on|as"
    r"|regarding|concerning|about|assuming|apart|at|since|during|until|from|among"
    r"|then \w+\W*$)\b"
)
# A method question ("how do we notice") or one on one's own design is the speaker's to answer.
OWN_QUESTION = re.compile(
    r"\b(?:do|would|should|can|could|will|did|am|must) i\b|\bhow (?:do|would|can|could"
    r"|should|will) (?:we|you|one|they)\b|^\W*(?:and |so |but )*(?:why|what if"
    r"|what about|so what|then what)\b|\bdo we (?:trust|need|want|care)\b|\bthen\W*$",
    re.I,
)
# After a real question one goes on with a plan or with why one asks, not with the answer.
GOES_ON = re.compile(
    rf"^\W*{_FILLER}(?:i(?:'?d| would|'?ll| will| am| ask|'?m| need| want| have)\b|if\b"
    r"|because if\b|my\b|we(?:'?d| would)\b|let me\b|assuming\b|otherwise\b|depending\b"
    r"|asking\b|in that case\b"
    r"|(?:that|this|it) (?:would|will|decides|matters|tells|determines|changes|affects"
    r"|drives|might|could)\b|please\b|thanks?\b|for the\b|as to\b|the reason\b)",
    re.I,
)
# Said in manners' words, yet an answer when it stands right after a question.
SETTLED = re.compile(r"^\W*(?:that|it)(?:'?s| is) (?:fine|ok(?:ay)?|good|enough|easy)\b", re.I)
# "I have three questions: ..." turns the list after it into questions.
ANNOUNCEMENT = re.compile(r"\b(?:questions?|things?)\W*$", re.I)
# Yes, no or because: whatever was asked, this is its answer.
ANSWERS = re.compile(
    r"^\W*(?:(?:and|well|so|ok|probably|maybe|mostly)\W+)*(?:yes|no|nope|yeah"
    r"|because(?! if)|since|not (?:really|quite|necessarily|at|only|much)|up to a point"
    r"|it depends|that depends|depends|only if)\b",
    re.I,
)

# A clause begins where one of these follows a comma, a colon, dots or a joining word.
_START = (
    rf"(?:how|what|whats|who|why|(?:which|where|when)(?=[^?]*\?)|{AUX}|have (?:we|you|i"
    r"|they)|any|tell me|show me|give me|gimme|hints?|skip|pass|next|please"
    r"|i(?:'?d|'?ll|'?m)?|my|let'?s|lets|let me|scratch|forget|strike|no idea|no clue"
    r"|dunno|idk|honestly|some help|a (?:hint|tip|nudge)|actually|sorry|wait|hold on"
    r"|(?:one|a) (?:sec|second|moment|minute)\b(?!-)|hmm|then (?:i|we)|end the|in which"
    r"|at which|performance)\b"
)
CLAUSE_BREAK = re.compile(
    rf"\s*(?:(?:[,:;]|\.{{2,}}|…|\s[-–]\s|\?)+\s*(?:(?:and|but|so|or|also|plus|because|as"
    r"|then|is there)\s+)*|\s(?:and|but|so|or|also|plus|because)\s+(?:also\s+|then\s+"
    rf"|please\s+)?)(?={_START})",
    re.I,
)
LEADING = re.compile(rf"^\W*{_FILLER}", re.I)
ITEM = re.compile(r"^\W*(?:and|also|plus|or)\b(?!.*\b(?:i|we|it|they)\b)", re.I)
