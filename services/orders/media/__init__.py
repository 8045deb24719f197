"""Pictures and documents that master data shows: kept once each, and never changed."""
