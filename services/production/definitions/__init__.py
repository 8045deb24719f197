"""Read copies of what other services define: items, reasons, shifts and defects."""
