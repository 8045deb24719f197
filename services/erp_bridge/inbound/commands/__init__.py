"""Commands of the ERP's orders."""
