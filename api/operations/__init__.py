"""What whoever runs the service does to it: copies, and what is not to be kept for ever."""
