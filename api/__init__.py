"""The service: HTTP, jobs and their store around the solver."""
