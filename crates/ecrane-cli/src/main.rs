//! The command line of ecrane.

mod exit;
mod output;

fn main() {}
