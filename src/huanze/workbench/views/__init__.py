"""What a person sees, one module a page or a family of pages."""
