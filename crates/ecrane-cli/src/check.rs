//! `ecrane check`: the errors that `synth` would report.

use std::path::Path;

use ecrane_core::{Problem, Problems};

use crate::address_ledger::AddressLedger;
use crate::args::{BackendName, CheckArgs, Layout};
use crate::caller::Caller;
use crate::diagnostics::Reporter;
use crate::explain_rules;
use crate::failure::Failure;
use crate::input::{Input, backend_of};
use crate::lifecycle_policy;
use crate::locate::locate;
use crate::print::print;
use crate::render::{Renderer, TakeOver, Wish, problems_of};

/// Reports what is wrong with a config.
pub(crate) fn run(args: &CheckArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    if let Some(path) = &args.lifecycle_policy {
        return lifecycle_policy::check(path, args.explain_rules, reporter);
    }
    let (input, problems) = load(args.config.config.as_deref(), args.backend)?;
    let input = input.keep();
    let warnings = Problems::check(problems).map_err(|problems| input.refuse(&problems))?;
    if warnings.is_empty() {
        reporter.say(&format!("no problem in {}", input.name));
    } else {
        reporter.report(locate(&input.document, &warnings), Some(&input.name));
    }
    if args.explain_rules {
        print(explain_rules::of_config(&input.graph).as_bytes())?;
    }
    Ok(())
}

/// Reads a config, renders it for one backend or for each of its possible ones, and discards the
/// output. Returns the problems of a config that describes a graph.
pub(crate) fn load(
    path: Option<&Path>,
    backend: Option<BackendName>,
) -> Result<(Input, Vec<Problem>), Failure> {
    let backends = |of_config: Option<BackendName>| match backend.or(of_config) {
        Some(backend) => vec![backend],
        None => vec![BackendName::Cloudformation, BackendName::Terraform],
    };
    let input = Input::load_for(path, |config, draft| {
        let backends = backends(backend_of(config)).into_iter();
        backends.flat_map(|name| problems_of(name, config, draft, Layout::Plain)).collect()
    })?;
    let stacks: Vec<usize> = (0..input.graph.stacks().len()).collect();
    let ledger = AddressLedger::load(&input.path)?;
    let known = ledger.known().filter(|ledger| ledger.knows(ecrane_terraform::Layout::Plain));
    let caller = Caller::default();
    let wish = Wish {
        take_over: TakeOver::default(),
        layout: Layout::Plain,
        stacks: &stacks,
        caller: &caller,
        project: None,
        compact: true,
        ledger: known,
    };
    let mut problems: Vec<Problem> = input.graph.warnings().to_vec();
    problems.extend(ecrane::access::lint(&input.graph));
    for backend in backends(input.backend()) {
        let renderer = Renderer::new(backend, &input, &wish);
        match renderer.and_then(|it| it.render().map(|rendered| rendered.warnings)) {
            Ok(warnings) => problems.extend(warnings),
            Err(refused) => problems.extend(refused),
        }
    }
    Ok((input, problems))
}
