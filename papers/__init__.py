"""What a team knows of papers and may do with them: values, rules and use cases, without any input or output."""
