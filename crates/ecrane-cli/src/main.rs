//! The command line of ecrane.

mod args;
mod config_file;
mod diagnostics;
mod exit;
mod output;

fn main() {}
