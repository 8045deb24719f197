"""The web app: files for browsers, and what the gateway must know to serve them."""
