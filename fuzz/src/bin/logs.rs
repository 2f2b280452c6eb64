//! Any bytes as a roast log of any format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| trier_fuzz::logs(data));
