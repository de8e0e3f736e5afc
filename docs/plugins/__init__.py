"""What the book needs and Sphinx does not have: one thin extension a file."""
