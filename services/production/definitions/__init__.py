"""Read copies of what other services define: units, items, reasons, shifts and defects."""
