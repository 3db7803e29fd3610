"""The values of one indicator in the formats that people and programs take away. Bytes out, nothing else."""
