"""Published datasets: one file a layout, which reads it as a manifest's rows with its votes."""
