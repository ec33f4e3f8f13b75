"""One reaction a file."""
