"""Commands on work orders, a file for each group. Each decides by the domain, stores, and records its event in one transaction."""
