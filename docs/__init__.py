"""Where the sources of the book and its plugins live."""
