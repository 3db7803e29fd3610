"""Who is called upon in a text: `@account` or `@organisation-code`."""

import re

# Not within an address of mail or of a page; a full stop that ends the sentence is no part of the name.
_MENTION = re.compile(r"(?<![\w@./-])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)")


def mentioned_names(text: str) -> tuple[str, ...]:
    """Each name once, as written, in the order of the text."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))
