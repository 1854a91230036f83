"""What commands, events and pages take in a database of many workspaces, notes and comments."""
