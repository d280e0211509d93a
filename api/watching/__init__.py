"""What the people who run the service see of it: logs, metrics and traces, and no patient in any."""
