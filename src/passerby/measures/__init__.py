"""What turns tracks into observations: one module a plugin."""
