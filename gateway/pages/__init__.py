"""The web app's files and pages, as browsers get them."""
