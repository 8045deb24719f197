"""Bills of material and routings, in revisions with dates of effect."""
