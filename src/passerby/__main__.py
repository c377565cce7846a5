"""`python -m passerby` is `passerby`."""

from passerby.cli import main

main()
