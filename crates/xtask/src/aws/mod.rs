//! Both backends produce the same AWS state on an emulated AWS: CloudFormation deploys the
//! template, the real Terraform with the real provider applies the module, and the resulting states
//! are compared.

mod cases;
pub(crate) mod cdk_cli;
pub(crate) mod clis;
mod comparison;
mod difference;
mod emulator;
mod injection;
mod lane;
pub(crate) mod live;
mod names;
mod presupposed;
mod rendered;
pub(crate) mod take_over;
mod tolerated;
mod update;
pub(crate) mod walkthrough;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
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
use update::Update;

/// The number of lanes, which equals the number of cores: Terraform and its provider keep one core
/// busy.
const LANES: usize = 2;

/// The default number of random configs.
pub(crate) const COUNT: usize = 30;

/// The default number of random updates.
pub(crate) const UPDATES: usize = 10;

/// The seed and number of random configs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Random {
    /// The first seed.
    pub(crate) seed: u64,
    pub(crate) configs: usize,
    pub(crate) updates: usize,
}

/// The missing requirement, reported if a lane cannot start.
const PROVIDER: &str =
    "terraform on the PATH, and its AWS provider 5.100, unpacked: set TF_PLUGIN_DIR to a mirror";

/// A job of a lane.
#[derive(Debug, Clone)]
enum Job {
    Case(Case),
    Update(Update),
    /// All hostile strings, in one deployment.
    Injection,
}

impl Job {
    fn name(&self) -> &str {
        match self {
            Self::Case(case) => &case.name,
            Self::Update(update) => &update.name,
            Self::Injection => "injection",
        }
    }

    /// Whether `only` selects the job: by its name, or as one of all updates.
    fn is_meant(&self, only: &str) -> bool {
        self.name() == only || (only == "updates" && matches!(self, Self::Update(_)))
    }
}

/// The combined result of all cases.
#[derive(Debug, Default)]
struct Sum {
    tally: Tally,
    differences: usize,
    /// Entries of [`TOLERATED`] whose case has shown them.
    shown: BTreeSet<usize>,
    cut: BTreeMap<&'static str, usize>,
    /// Random updates that CloudFormation rejects.
    refused: usize,
}

/// Compares both backends on all examples, random configs, updates and hostile strings.
pub(crate) fn run(random: Random, only: Option<&str>) -> Result<Tally, Failure> {
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
    let mut updates = cases::updates()?;
    let fixed = cases.len() + updates.len();
    cases.extend(cases::random(random.seed, random.configs)?);
    updates.extend(cases::random_updates(random.seed, random.updates)?);
    // Jobs are taken from the end, so the longest runs first.
    let jobs = [Job::Injection].into_iter().chain(updates.into_iter().map(Job::Update));
    let jobs = jobs.chain(cases.into_iter().map(Job::Case)).rev();
    let jobs = jobs.filter(|job| only.is_none_or(|only| job.is_meant(only))).collect();
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
    let Sum { mut tally, differences, shown, cut, refused } =
        result.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let unshown = |(at, entry): &(usize, &Tolerated)| {
        only.is_none_or(|only| entry.shown_by == only) && !shown.contains(at)
    };
    for (at, entry) in TOLERATED.iter().enumerate().filter(unshown) {
        say(format_args!(
            "tolerated difference {at} ({}) is not shown by {} any more: remove it",
            entry.reason, entry.shown_by
        ))?;
        tally.failed += 1;
    }
    for (what, count) in cut {
        say(format_args!(
            "not deployed, because the provider does not support it: {what}, in {count} stacks"
        ))?;
    }
    if refused > 0 {
        say(format_args!("CloudFormation rejects {refused} random updates"))?;
    }
    // Too few compared updates would prove nothing.
    if refused * 4 > random.updates {
        tally.failed += 1;
    }
    if let Some(only) = only {
        say(format_args!("{only}: {differences} differences, {} s", start.elapsed().as_secs()))?;
        // An unknown name is an error.
        return Ok(if tally == Tally::default() { Tally::one(false) } else { tally });
    }
    let Random { seed, configs, updates } = random;
    say(format_args!(
        "{fixed} examples and cases, {configs} random configs and {updates} random updates from seed {seed}: {differences} differences, {} tolerated kinds, {} s",
        TOLERATED.len(),
        start.elapsed().as_secs()
    ))?;
    Ok(tally)
}

/// Runs jobs until the queue is empty.
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
                    result.add(&case.name, &case.config, outcome)?;
                }
            }
            Some(Job::Update(update)) => {
                let outcome = lane.try_update(&update)?;
                if let Ok(mut result) = result.lock() {
                    result.add(&update.name, &update.after, outcome)?;
                }
            }
        }
    }
}

impl Sum {
    fn add(&mut self, name: &str, config: &Path, outcome: Outcome) -> Result<(), Failure> {
        let mut faults = match outcome {
            Outcome::Refused { backend, problems } => {
                vec![format!("the {backend} backend rejects it: {problems:?}")]
            }
            Outcome::Deployed(Deployed { refused: Some(_), .. }) => {
                self.refused += 1;
                return Ok(());
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
                            if TOLERATED.get(at).is_some_and(|entry| entry.shown_by == name) {
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
            faults.insert(0, format!("{name} ({})", config.display()));
        }
        faults.iter().try_for_each(say)
    }
}

/// The Terraform plans of examples, by name. `None` if Terraform or its provider is missing.
pub(crate) fn plans(examples: &[PathBuf]) -> Result<Option<Vec<(String, Value)>>, Failure> {
    let Some(mut lane) = Lane::start("plans")? else { return Ok(None) };
    let mut plans = Vec::new();
    for config in examples {
        let name = configs::example_name(config);
        plans.extend(lane.plans(config)?.into_iter().map(|plan| (name.clone(), plan)));
    }
    Ok(Some(plans))
}
