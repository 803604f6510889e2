#![no_main]

use std::sync::LazyLock;

use ecrane::lifecycle::preview::ImageListing;

static IMAGES: LazyLock<ImageListing> = LazyLock::new(|| {
    ImageListing::parse(include_str!("../images.json")).expect("the listing is valid")
});

libfuzzer_sys::fuzz_target!(|text: &str| ecrane_fuzz::lifecycle_policy(text, &IMAGES));
