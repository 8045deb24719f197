"""Labels for lots, boxes and the parts on their way: laid out once, printed by browsers and label printers."""
