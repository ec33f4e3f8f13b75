"""``python -m coopcms``."""

from .scripts import main

main()
