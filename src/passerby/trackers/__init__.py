"""What follows road users from frame to frame: one module a plugin."""
