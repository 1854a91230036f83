"""What a machine makes about a paper, each piece with its provenance."""
