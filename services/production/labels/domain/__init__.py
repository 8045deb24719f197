"""Rules of labels: their content and layout, drawn as SVG or ZPL."""
