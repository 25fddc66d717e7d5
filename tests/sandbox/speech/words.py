"""Words as they compare: lower case, nothing between them but blanks."""

import re


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", text.lower()).split())


def missing(wanted: str, heard: str) -> int:
    """How many words of the one are not in the other."""
    return len(set(plain(wanted).split()) - set(plain(heard).split()))
