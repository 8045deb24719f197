"""Events of the production service: jobs, results and machine states."""
