"""The ways to run the app for many, as `deploy` describes them."""
