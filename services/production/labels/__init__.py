"""Labels for lots, boxes and the parts on their way: laid out once, printed by a browser or a label printer, each print on record."""
