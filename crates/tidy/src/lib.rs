//! Tests about the code itself: layers, sizes, dead files, links.
