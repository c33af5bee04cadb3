"""Where a line of Chinese goes on in the next.

A browser shows a line's end as a space, which is wrong there.
"""

import re

# Beside ideographs and punctuation as wide as they.
WIDE = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
ANY = f"{WIDE}\u2014\u2026\u201c\u201d"  # English uses these dashes, dots and quotation marks too
# bring their own space, also before Latin letters
MARKS = "\u3001-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff20"
# a blank line, a list item, a heading, a table: Markdown needs the line's end
BEGINS = r"[ \n>|]|[-*+] |#+ |\d+[.)] "
CHINESE_BREAK = re.compile(
    f"(?<=[{WIDE}])\n *(?=[{ANY}])|(?<=[{ANY}])\n *(?=[{WIDE}])|(?<=[{MARKS}])\n *(?!{BEGINS})"
)
