"""Search on the published pages, measured in a browser."""
