"""Commands of results: report, take back, correct, acknowledge."""
