//! ecrane-terraform
