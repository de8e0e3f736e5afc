"""Six programs on the road to microgpt; each imports what the earlier ones made."""
