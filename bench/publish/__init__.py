"""Publishing beside other site generators: the same notes, the same run, ratios."""
