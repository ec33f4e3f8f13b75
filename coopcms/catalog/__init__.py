"""Finding objects again."""
