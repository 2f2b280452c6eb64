//! The log formats of the roasting world, read with every repair said.
