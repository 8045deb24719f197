"""The pages of the web app, and what of it a browser is sent: rules without a file or a request."""
