//! ecrane-cli
