"""What is computed: one file for each operation. Most operations return a Trace."""
