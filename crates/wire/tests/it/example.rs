//! Worked example.
