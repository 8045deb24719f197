"""Orders from an ERP, by HTTP or as a file, until they are work orders."""
