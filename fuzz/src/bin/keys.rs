//! Any bytes as a registry of keys.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| trier_fuzz::keys(data));
