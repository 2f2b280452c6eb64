//! The command `sim`: it wires, it computes nothing.
fn main() {}
