"""Where frames come from: one module a plugin."""
