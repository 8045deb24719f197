"""Commands on change requests: of people, and of the ERP."""
