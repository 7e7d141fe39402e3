"""`dsdl`: a folder in DSDL 0.5.3; format.py is the format, a file each of its five layouts."""
