"""Plain phrases of despair: words that must not wait for their turn.

A short list of whole phrases that people use of themselves. What it finds is read at once by a person, and what it misses
waits as any letter does, so it errs towards finding. It judges nobody, and leaves nothing behind but the urgency of the
letter. The phrases are ours; what warning signs sound like is told by WHO, 'Preventing suicide: a resource for counsellors'
(2006).
"""

import re
import unicodedata

PHRASES = (
    # English
    "kill myself", "killing myself", "end my life", "ending my life", "take my own life", "end it all", "suicide",
    "suicidal", "want to die", "wish i was dead", "wish i were dead", "better off dead", "better off without me",
    "no reason to live", "nothing to live for", "can't go on", "cannot go on", "can't live like this",
    "cannot live like this", "don't want to live", "do not want to live", "don't want to be here any more",
    "don't want to be here anymore", "don't want to wake up", "hurt myself", "harm myself", "hang myself", "drink poison",
    "drink pesticide",
    # Chinese, both scripts
    "自杀", "自殺", "轻生", "輕生", "寻死", "尋死", "想死", "不想活", "活不下去", "活不了", "活着没意思", "活著沒意思",
    "没有活路", "沒有活路", "死了算了", "一死了之", "结束生命", "結束生命", "结束自己的生命", "結束自己的生命",
    "跳楼", "跳樓", "喝农药", "喝農藥", "割腕", "上吊", "走绝路", "走絕路", "生不如死", "伤害自己", "傷害自己",
    # Arabic
    "انتحار", "انتحر", "اقتل نفسي", "انهي حياتي", "انهاء حياتي", "اريد ان اموت", "اتمنى الموت", "بدي موت",
    "لا اريد ان اعيش", "لا استطيع ان اعيش", "لا استطيع الاستمرار", "مللت الحياة", "اؤذي نفسي", "الموت افضل",
)  # fmt: skip


def speaks_of_despair(words: str) -> bool:
    """Whether `words`, in any language, hold one of the phrases."""
    plain = _plain(words)
    return any(_found(phrase, plain) for phrase in PHRASES)


def _found(phrase: str, plain: str) -> bool:
    # Chinese has no spaces between words; an English phrase is not looked for inside another word.
    if phrase.isascii():
        return re.search(rf"\b{re.escape(phrase)}\b", plain) is not None
    return _plain(phrase) in plain


def _plain(text: str) -> str:
    """One spelling of each: lower case, straight apostrophes, single spaces (none in Chinese), no vowel signs, one alif."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("ʼ", "'"))
    bare = "".join(letter for letter in bare if unicodedata.category(letter) not in ("Mn", "Cf") and letter != "ـ")
    bare = re.sub(r"\s+", " ", bare)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", bare)
