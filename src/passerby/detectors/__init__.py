"""What finds road users in pictures: one module a plugin."""
