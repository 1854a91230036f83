"""The Jekyll flavour: the pages of tags in the format of paper_notes, for a Jekyll site to build."""
