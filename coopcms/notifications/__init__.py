"""Mail: what is said to whom, written in the transaction that causes it."""
