"""Pure arithmetic of the ledger: what a leaf says, the hash tree above the leaves, and signed notes."""
