"""Events of the ERP bridge."""
