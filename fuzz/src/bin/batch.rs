//! Any bytes as a batch, bare or signed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| trier_fuzz::batch(data));
