"""Compares what passerby found with the truth, in the figures of the field."""
