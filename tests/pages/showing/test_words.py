"""The words that the site puts on pages."""

import re

from tf2docs.pages.showing.words import WORDS


def test_each_language_has_the_same_words_with_the_same_gaps():
    gaps = {
        language: {name: sorted(re.findall(r"\{\w*\}|\|", text)) for name, text in words.items()}
        for language, words in WORDS.items()
    }
    assert gaps["zh"] == gaps["en"]
    assert set(WORDS) == {"zh", "en"}
