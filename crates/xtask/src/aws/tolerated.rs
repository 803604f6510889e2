//! The differences between the two states that are no fault of a backend.

use super::difference::Tolerated;

pub(super) const TOLERATED: [Tolerated; 0] = [];
