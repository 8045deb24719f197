"""Production: jobs, results, machines."""
