"""How an export is written down: outputs, the folder on the disk, its archive, and a preview."""
