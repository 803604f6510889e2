//! ecrane
