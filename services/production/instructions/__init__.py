"""Work instructions on the floor: the revision that a job was released with, and who has confirmed it."""
