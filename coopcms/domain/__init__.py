"""The verbs: what is done with content."""
