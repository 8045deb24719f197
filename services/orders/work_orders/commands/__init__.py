"""Commands on work orders. Each decides by the domain, stores, and records its event in one transaction."""
