"""How items are made: bills of material and routings, in revisions with dates of effect."""
