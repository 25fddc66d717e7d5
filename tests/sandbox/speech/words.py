"""Words as they compare: lower case, nothing between them but blanks."""

import re


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", text.lower()).split())
