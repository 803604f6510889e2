#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| ecrane_fuzz::config(ecrane::config::Format::Json, text));
