"""What keeps measurements: one module a plugin."""
