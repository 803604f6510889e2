//! Both backends grant the same, and say the same of every resource.

use crate::cases::{Case, Fault, Verdict, check};
use crate::deployment::Deployment;
use crate::meaning::Meaning;
use crate::rendered::Rendered;

#[test]
fn modules_mean_what_templates_mean() {
    check(60, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let rendered = match Rendered::new(config, *setup) {
            Ok(rendered) => rendered,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let deployment = Deployment::new(&rendered)?;
        let templates = Meaning::of_templates(&deployment)?;
        let modules = Meaning::of_modules(&deployment)?;
        templates.same(&modules, ["templates", "modules"])?;
        Ok(Verdict::Holds)
    });
}
