//! ecrane-cloudformation
