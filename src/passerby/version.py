"""The version of passerby, which every released row carries."""

VERSION = "0.1.0"
