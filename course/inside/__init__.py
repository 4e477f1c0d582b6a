"""Inside a run: any step line by line, one weight through all steps, one row through the layers."""
