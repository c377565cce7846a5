"""The pages of the service: one module a page, each with `routes(pages)`."""
