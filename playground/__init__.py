"""A Slack-compatible workspace on your own machine. It knows nothing of papers: it would serve any Bolt app."""
