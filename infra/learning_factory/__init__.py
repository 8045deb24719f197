"""A shop that works by itself: a pure, seeded model of its days, and a player that enters them over the public API."""
