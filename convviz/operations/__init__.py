"""What is computed, one operation a file; each makes a Trace."""
