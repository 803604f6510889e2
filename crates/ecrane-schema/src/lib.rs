//! ecrane-schema
