"""ERP bridge: orders in, confirmations out."""
