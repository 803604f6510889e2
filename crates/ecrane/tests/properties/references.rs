//! Every reference leads to something that is there, and nothing is there for nobody.

use crate::cases::{Case, Fault, Verdict, check};
use crate::deployment::Deployment;
use crate::json;
use crate::rendered::Rendered;

#[test]
fn every_reference_leads_somewhere() {
    check(60, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let rendered = match Rendered::new(config, *setup) {
            Ok(rendered) => rendered,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let deployment = Deployment::new(&rendered)?;
        deployment.templates()?;
        deployment.modules()?;
        for stack in &deployment.stacks {
            for (id, resource) in json::entries(&stack.template["Resources"]) {
                let needed = &resource["DependsOn"];
                for needed in json::items(needed).iter().chain([needed]).filter_map(|n| n.as_str())
                {
                    if stack.template["Resources"][needed].is_null() {
                        return Err(format!("{id} depends on {needed}, which is not there"));
                    }
                }
            }
        }
        let unused = deployment.unused();
        if unused.is_empty() { Ok(Verdict::Holds) } else { Err(format!("unused: {unused:?}")) }
    });
}
