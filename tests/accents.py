"""Translate a book into a language that differs from English by accents only."""

import re

from babel.messages.pofile import read_po, write_po

LANGUAGE = "eo"
KEPT = re.compile(
    r"""(\{[\w:]+\}`[^`]*`           # a role
        | (`+)(?!`).*?(?<!`)\2(?!`)  # code
        | \$[^$]+\$                  # a formula
        | \]\([^)]*\)                # where a link leads to
        | <https?://[^>]*>
        | \{\w*\}                    # a place that a plugin fills in
        | &\w+;
        | \\.)""",
    re.VERBOSE,
)
PLAIN, ACCENTED = "aeiounycAEIOUNYC", "áéíóúñýçÁÉÍÓÚÑÝÇ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)


def accented(message):
    """A message with accents on its words; code, roles and targets stay as they are."""
    message = re.sub(r"^(\d+)\.", r"\1\\.", message)  # begins no list
    pieces, end = [], 0
    for kept in KEPT.finditer(message):
        pieces += [message[end : kept.start()].translate(ACCENTS), kept[0]]
        end = kept.end()
    return "".join([*pieces, message[end:].translate(ACCENTS)])


def translate(catalogs, folder, change=accented):
    """Translate all catalogues into a folder for `locale_dirs`; count the messages."""
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    count = 0
    for path in sorted(catalogs.glob("*.pot")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=LANGUAGE)
        for message in catalog:
            if message.id:
                message.string, count = change(message.id), count + 1
        catalog.fuzzy = False
        with (target / f"{path.stem}.po").open("wb") as file:
            write_po(file, catalog, width=0)
    return count
