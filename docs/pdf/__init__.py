"""Print the built book as one PDF: `make pdf`."""
