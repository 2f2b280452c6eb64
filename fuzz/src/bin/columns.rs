//! Any bytes as a column map and a table that it should describe.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| trier_fuzz::columns(data));
