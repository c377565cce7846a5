"""What a chart of released rows shows: which of them were asked for, and as which bars they are drawn."""
