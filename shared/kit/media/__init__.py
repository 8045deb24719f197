"""Pictures and documents that master data shows: kept once each, and never changed. Every service that shows some keeps its own."""
