//! Tests about the code itself: layers, sizes, dead files, links.
//!
//! Nothing to use: everything is in `tests/`. Each checker there is a function from files to
//! complaints, tried on small bad inputs and then on this repository.
