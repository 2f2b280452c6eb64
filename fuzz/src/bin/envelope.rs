//! Any bytes as a line of JSON that should be an envelope.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| trier_fuzz::envelope(data));
