"""Artists on a sheet measured in CSS pixels."""
