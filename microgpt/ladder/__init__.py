"""The same numbers sooner: each module here is a rung of the ladder.

Chapter: Everything else is efficiency.
"""
