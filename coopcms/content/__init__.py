"""What is stored: one class per type, its schema beside it, nothing else."""
