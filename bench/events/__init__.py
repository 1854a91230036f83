"""How soon Slack is answered, under load too, beside Bolt doing nothing."""
