//! The number of shards of a stack.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// The number of shards of a stack, from 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shards(u32);

/// The maximum number of shards. An account can have 2,000 stacks in a region.
const MAX: u32 = 1_000;
const RANGE: &str = "a number from 1 to 1000";

impl Shards {
    /// The ID or name of a shard of a stack. Shards are numbered from 1.
    pub fn name(stack: &str, number: u32) -> String {
        format!("{stack}{number}")
    }

    /// The number.
    pub fn count(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Shards {
    type Error = ShardsError;

    fn try_from(count: u32) -> Result<Self, Self::Error> {
        if (1..=MAX).contains(&count) { Ok(Self(count)) } else { Err(ShardsError { count }) }
    }
}

/// Invalid number of shards.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{count} is not a number from 1 to {MAX}")]
pub struct ShardsError {
    /// The number.
    count: u32,
}

impl<'de> Deserialize<'de> for Shards {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let count = u32::deserialize(deserializer)?;
        Self::try_from(count)
            .map_err(|_| D::Error::invalid_value(Unexpected::Unsigned(count.into()), &RANGE))
    }
}

impl JsonSchema for Shards {
    fn schema_name() -> Cow<'static, str> {
        "Shards".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX })
    }
}
