"""Other sites' pages, read carefully: the only room that asks any server that a person's link names."""
