"""An app's OpenAPI document: what FastAPI says of its routes, and what their dependencies say of their refusals."""
