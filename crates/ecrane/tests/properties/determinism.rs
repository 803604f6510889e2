//! The same config gives the same bytes.

use crate::cases::{Case, Fault, Verdict, check};
use crate::rendered::Rendered;

#[test]
fn same_config_same_bytes() {
    check(60, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let first = match Rendered::new(config, *setup) {
            Ok(rendered) => rendered,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let second = Rendered::new(config, *setup).map_err(|refused| format!("{refused:?}"))?;
        first.same_bytes(&second)?;
        Ok(Verdict::Holds)
    });
}
