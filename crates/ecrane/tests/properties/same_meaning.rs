//! Both backends grant the same, and say the same of every resource.

use serde_json::Value;

use crate::cases::{Case, Fault, Verdict, check};
use crate::deployment::Deployment;
use crate::meaning::Meaning;
use crate::rendered::Rendered;

/// A config without what is laid over the resources of one backend only.
fn without_overrides(config: &Value) -> Value {
    fn drop_overrides(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(drop_overrides),
            Value::Object(entries) => {
                entries.shift_remove("cloudformation");
                entries.shift_remove("terraform");
                entries.values_mut().for_each(drop_overrides);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut config = config.clone();
    drop_overrides(&mut config);
    config
}

#[test]
fn modules_mean_what_templates_mean() {
    check(120, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let rendered = match Rendered::new(&without_overrides(config), *setup) {
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
