"""The edge: what is the same for every route. Knows no domain."""
