"""Text as numbers, and back: a token is a character, or the mark BOS.

Chapter: Tokens.
"""


class Tokenizer:
    """Give each character of the documents an id, in the order of the alphabet.

    The id after the last character is `bos`, the beginning of a sequence. It stands
    before and after each document, so that a model learns how names begin and end.
    A string of all the characters serves as well as a list of documents.

    >>> tokenizer = Tokenizer(["ann", "nat"])
    >>> tokenizer.chars, tokenizer.bos, tokenizer.vocab_size
    ('ant', 3, 4)
    """

    def __init__(self, docs):
        self.chars = "".join(sorted(set("".join(docs))))
        self.bos = len(self.chars)
        self.vocab_size = len(self.chars) + 1
        self._ids = {char: i for i, char in enumerate(self.chars)}
        self._texts = dict(enumerate([*self.chars, ""]))  # BOS leaves no trace

    def encode(self, doc):
        """Turn a text into ids, with BOS on both sides.

        >>> Tokenizer("ant").encode("tan")
        [3, 2, 0, 1, 3]
        >>> Tokenizer("ant").encode("tina")
        Traceback (most recent call last):
        ValueError: unknown character 'i' at index 1
        """
        try:
            return [self.bos, *[self._ids[char] for char in doc], self.bos]
        except KeyError as error:
            [char] = error.args
            place = f"{char!r} at index {doc.index(char)}"
            raise ValueError(f"unknown character {place}") from None

    def decode(self, ids):
        """Turn ids into a text, without BOS.

        >>> Tokenizer("ant").decode([3, 2, 0, 1, 3])
        'tan'
        >>> Tokenizer("ant").decode([0, 4])
        Traceback (most recent call last):
        ValueError: no token has the id 4
        """
        try:
            return "".join(self._texts[i] for i in ids)
        except KeyError as unknown:
            raise ValueError(f"no token has the id {unknown}") from None
