"""How much of what was said was understood."""

from tests.sandbox.speech.words import plain


def word_errors(said: str, heard: str) -> float:
    """Words that were left out, put in or changed, as a share of the words said."""
    wanted, got = plain(said).split(), plain(heard).split()
    row = list(range(len(got) + 1))
    for index, word in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1] / max(1, len(wanted))
