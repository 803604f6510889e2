#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let config = ecrane_fuzz::changed_config(bytes);
    ecrane_fuzz::config(ecrane::config::Format::Json, &config.to_string());
});
