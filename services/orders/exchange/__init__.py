"""Master data in and out: tables with mappings, dry runs and undo; templates; everything as a workbook or JSON."""
