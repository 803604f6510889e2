//! The same AWS state from both backends, on an emulated AWS: CloudFormation deploys the template, the real Terraform
//! with the real provider applies the module, and what they leave is compared.

mod cases;
pub(crate) mod cdk_cli;
mod comparison;
mod difference;
mod emulator;
mod injection;
mod lane;
mod names;
mod presupposed;
mod rendered;
mod tolerated;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use serde_json::Value;

use crate::configs;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;
use cases::Case;
use difference::Tolerated;
use lane::{Deployed, Destroy, Lane, Outcome};
use tolerated::TOLERATED;

/// As many as the machine has cores for: Terraform and its provider keep one busy.
const LANES: usize = 2;

/// How many random configs are deployed unless one says otherwise.
pub(crate) const COUNT: usize = 60;

/// What is said to be missing where a lane cannot start.
const PROVIDER: &str = "terraform on the PATH, and its aws provider 5.100, unpacked: set TF_PLUGIN_DIR to a mirror of it";

/// Something for a lane to do.
#[derive(Debug, Clone)]
enum Job {
    Case(Case),
    /// All hostile texts, in one deployment.
    Injection,
}

impl Job {
    fn name(&self) -> &str {
        match self {
            Self::Case(case) => &case.name,
            Self::Injection => "injection",
        }
    }
}

/// What all cases together have come to.
#[derive(Debug, Default)]
struct Sum {
    tally: Tally,
    differences: usize,
    /// Entries of [`TOLERATED`] that the case which is to show them has shown.
    shown: BTreeSet<usize>,
    cut: BTreeMap<&'static str, usize>,
}

/// Compares on every example and on `count` random configs from `seed` on, and on hostile texts.
pub(crate) fn run(seed: u64, count: usize, only: Option<&str>) -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs the emulated AWS");
    }
    let start = Instant::now();
    let mut lanes = Vec::new();
    for number in 0..LANES {
        match Lane::start(&format!("aws-{number}"))? {
            Some(lane) => lanes.push(lane),
            None => return missing(PROVIDER),
        }
    }
    let mut cases = cases::fixed()?;
    let fixed = cases.len();
    cases.extend(cases::random(seed, count)?);
    // The longest is the first, taken from the end.
    let jobs = [Job::Injection].into_iter().chain(cases.into_iter().map(Job::Case)).rev();
    let jobs = jobs.filter(|job| only.is_none_or(|only| job.name() == only)).collect();
    let (queue, result) = (Mutex::new(jobs), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        let workers: Vec<_> = lanes
            .into_iter()
            .map(|mut lane| {
                let (queue, result) = (&queue, &result);
                scope.spawn(move || work(&mut lane, queue, result))
            })
            .collect();
        let mut ends = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        ends.try_for_each(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    let Sum { mut tally, differences, shown, cut } =
        result.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let unshown = |(at, entry): &(usize, &Tolerated)| {
        only.is_none_or(|only| entry.shown_by == only) && !shown.contains(at)
    };
    for (at, entry) in TOLERATED.iter().enumerate().filter(unshown) {
        say(format_args!(
            "tolerated difference {at} ({}) is no longer shown by {}: it has to go",
            entry.reason, entry.shown_by
        ))?;
        tally.failed += 1;
    }
    for (what, count) in cut {
        say(format_args!(
            "not deployed, since the provider cannot say it: {what}, in {count} stacks"
        ))?;
    }
    if let Some(only) = only {
        say(format_args!("{only}: {differences} differences, {} s", start.elapsed().as_secs()))?;
        // A name that nothing has is a mistake.
        return Ok(if tally == Tally::default() { Tally::one(false) } else { tally });
    }
    say(format_args!(
        "{fixed} examples and cases and {count} random configs from seed {seed}: {differences} differences, {} tolerated kinds, {} s",
        TOLERATED.len(),
        start.elapsed().as_secs()
    ))?;
    Ok(tally)
}

/// Takes jobs from the queue until there are none.
fn work(lane: &mut Lane, queue: &Mutex<Vec<Job>>, result: &Mutex<Sum>) -> Result<(), Failure> {
    loop {
        let job = queue.lock().ok().and_then(|mut queue| queue.pop());
        match job {
            None => return Ok(()),
            Some(Job::Injection) => {
                let tally = injection::run(lane)?;
                if let Ok(mut result) = result.lock() {
                    result.tally.add(tally);
                }
            }
            Some(Job::Case(case)) => {
                let destroy =
                    if case.is_fixed { Destroy::WithImages } else { Destroy::WherePossible };
                let outcome = lane.try_file(&case.config, destroy)?;
                if let Ok(mut result) = result.lock() {
                    result.add(&case, outcome)?;
                }
            }
        }
    }
}

impl Sum {
    fn add(&mut self, case: &Case, outcome: Outcome) -> Result<(), Failure> {
        let mut faults = match outcome {
            Outcome::Refused { backend, problems } => {
                vec![format!("the {backend} backend refuses it: {problems:?}")]
            }
            Outcome::Deployed(Deployed { faults, differences, cut, .. }) => {
                for what in cut {
                    *self.cut.entry(what).or_default() += 1;
                }
                let mut faults = faults;
                for difference in differences {
                    let tolerated = TOLERATED.iter().position(|entry| entry.covers(&difference));
                    match tolerated {
                        None => {
                            self.differences += 1;
                            faults.push(difference.to_string());
                        }
                        Some(at) => {
                            if TOLERATED.get(at).is_some_and(|entry| entry.shown_by == case.name) {
                                self.shown.insert(at);
                            }
                        }
                    }
                }
                faults
            }
        };
        self.tally.add(Tally::one(faults.is_empty()));
        if !faults.is_empty() {
            faults.insert(0, format!("{} ({})", case.name, case.config.display()));
        }
        faults.iter().try_for_each(say)
    }
}

/// What Terraform plans to make of some examples, by their names. `None` where Terraform or its provider is missing.
pub(crate) fn plans(examples: &[PathBuf]) -> Result<Option<Vec<(String, Value)>>, Failure> {
    let Some(mut lane) = Lane::start("plans")? else { return Ok(None) };
    let mut plans = Vec::new();
    for config in examples {
        let name = configs::example_name(config);
        plans.extend(lane.plans(config)?.into_iter().map(|plan| (name.clone(), plan)));
    }
    Ok(Some(plans))
}
