"""Values in, pages out."""
