//! Any bytes as a lesson, at a width that the first two of them choose.
#![no_main]

#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::render(data));
