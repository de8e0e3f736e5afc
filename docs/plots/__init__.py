"""The pictures of the book: each module has a function `picture`, shown by `{plot}`."""
