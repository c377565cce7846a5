"""Tests of the pages, over the wire and in a real browser."""
