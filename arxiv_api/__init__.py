"""arXiv, asked politely: the only room that knows arXiv's interface."""
