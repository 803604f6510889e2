//! Pairs the stacks of both sides.

use ecrane_core::{Place, Problem, Problems, StackNode, in_parallel};
use ecrane_diff::{Document, Engine, Origin, Stack, StackEnvironment, StackPair};
use ecrane_terraform::Ledger;

use super::against::{Deployed, Earlier};
use super::error::{AgainstError, engine_name};
use crate::address_ledger::{AddressLedger, check_single, learn_module};
use crate::args::{BackendName, DiffArgs, Layout};
use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::OutputError;
use crate::render::{Renderer, TakeOver, Wish, terraform_layout};
use crate::synth::SynthError;

/// The stacks to compare.
#[derive(Debug)]
pub(crate) struct Sides {
    pub(crate) pairs: Vec<Pair>,
    /// The other stacks of the config, to which these can refer.
    pub(crate) context: Vec<Pair>,
    /// The stacks that are deployed and no longer in the config.
    pub(crate) gone: Vec<String>,
    /// Why `synth` rejects the config over the deployed resources, if it does.
    pub(crate) refused: Option<Failure>,
}

/// A stack before and after.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) before: Stack,
    pub(crate) after: Stack,
    pub(crate) environment: StackEnvironment,
}

impl Sides {
    /// All stacks.
    pub(crate) fn stacks(&self) -> Vec<StackPair<'_>> {
        let pairs = self.pairs.iter().chain(&self.context);
        let pairs = pairs.map(|Pair { name, before, after, environment }| StackPair {
            name,
            before,
            after,
            environment: environment.clone(),
        });
        pairs.collect()
    }
}

fn environment(stack: Option<&StackNode>) -> StackEnvironment {
    stack.map_or_else(StackEnvironment::default, |stack| StackEnvironment {
        account: stack.env.account.as_ref().map(|it| it.as_str().to_owned()),
        region: stack.env.region.as_ref().map(|it| it.as_str().to_owned()),
        tags: stack.tags.clone(),
    })
}

/// Renders the config as what it is compared with was rendered, and pairs the stacks.
pub(crate) fn pair(args: &DiffArgs, input: &Input, earlier: Earlier) -> Result<Sides, Failure> {
    let (backend, layout) = form(args, input, &earlier)?;
    let deployed = match earlier {
        Earlier::Config(old) => render_config(&old, backend)?,
        Earlier::Output(files) => {
            let wanted = |it: &Deployed| it.stack.engine() == engine(backend);
            files.into_iter().filter(wanted).collect()
        }
        Earlier::Single(one) => {
            let node = stack_of_document(args, input, &one, backend, layout)?;
            if one.stack.origin() == Origin::State {
                check_single(node)?;
            }
            let (after, refused) = render_over(input, backend, layout, &[(Some(node), &one)])?;
            let (own, others): (Vec<New<'_>>, Vec<New<'_>>) =
                after.into_iter().partition(|new| new.stack.is_some_and(|it| it.id == node.id));
            let pair = |New { stack, name, after }, before: Option<&Stack>| Pair {
                name,
                before: before.unwrap_or(&after).clone(),
                after,
                environment: environment(stack),
            };
            let pairs = own.into_iter().map(|new| pair(new, Some(&one.stack))).collect();
            // Nothing says how they are deployed.
            let context = others.into_iter().map(|new| pair(new, None)).collect();
            return Ok(Sides { pairs, context, gone: Vec::new(), refused });
        }
    };
    let named = |it| (node_of(input, it), it);
    let known: Vec<_> = deployed.iter().map(named).collect();
    let (after, refused) = render_over(input, backend, layout, &known)?;
    let mut deployed: Vec<Option<Deployed>> = deployed.into_iter().map(Some).collect();
    let mut sides = Sides { pairs: Vec::new(), context: Vec::new(), gone: Vec::new(), refused };
    for New { stack, name, after } in after {
        let before = deployed.iter_mut().find(|it| {
            it.as_ref().and_then(Deployed::name).is_some_and(|it| match stack {
                Some(node) => is_name(node, it),
                None => it == name,
            })
        });
        let before = before.and_then(Option::take).map(|it| it.stack);
        let before = before.unwrap_or_else(|| Stack::empty(engine(backend)));
        if stack.is_none() {
            sides.gone.push(name.clone());
        }
        sides.pairs.push(Pair { name, before, after, environment: environment(stack) });
    }
    for left in deployed.into_iter().flatten() {
        let name = left.name().unwrap_or(&left.path).to_owned();
        let after = Stack::empty(engine(backend));
        sides.gone.push(name.clone());
        let environment = StackEnvironment::default();
        sides.pairs.push(Pair { name, before: left.stack, after, environment });
    }
    if let Some(id) = &args.stack {
        let node = stack_of(input, id)?;
        let is_it = |pair: &Pair| pair.name == node.output_name;
        let (pairs, others): (Vec<_>, Vec<_>) = sides.pairs.into_iter().partition(is_it);
        sides.pairs = pairs;
        // The others stay as they are deployed.
        let stays = |it: Pair| Pair { after: it.before.clone(), ..it };
        sides.context = others.into_iter().map(stays).collect();
        sides.gone.clear();
    }
    Ok(sides)
}

fn nothing() -> Failure {
    Failure::one(Exit::Usage, &AgainstError::Ambiguous)
}

/// A rendered stack of the config, or what is rendered for a removed stack.
struct New<'i> {
    stack: Option<&'i StackNode>,
    name: String,
    after: Stack,
}

/// Whether a file name refers to a stack: by the stack name, or by the construct id.
fn is_name(stack: &StackNode, name: &str) -> bool {
    stack.output_name == name || stack.id == name || stack.id.replace('/', "--") == name
}

fn stack_of<'i>(input: &'i Input, id: &str) -> Result<&'i StackNode, Failure> {
    let stacks = input.graph.stacks();
    let found = stacks.iter().find(|stack| stack.id == id);
    found.ok_or_else(|| Failure::one(Exit::Usage, &SynthError::unknown_stack(id, stacks)))
}

/// The stack that the path of a file refers to.
fn node_of<'i>(input: &'i Input, deployed: &Deployed) -> Option<&'i StackNode> {
    let name = deployed.name()?;
    input.graph.stacks().iter().find(|stack| is_name(stack, name))
}

/// Finds the stack that a single document belongs to.
fn stack_of_document<'i>(
    args: &DiffArgs,
    input: &'i Input,
    one: &Deployed,
    backend: BackendName,
    layout: Layout,
) -> Result<&'i StackNode, Failure> {
    if let Some(id) = &args.stack {
        return stack_of(input, id);
    }
    let stacks = input.graph.stacks();
    if let [only] = stacks {
        return Ok(only);
    }
    let noted = || stacks.iter().find(|stack| Some(stack.id.as_str()) == one.stack.id());
    if let Some(named) = node_of(input, one).or_else(noted) {
        return Ok(named);
    }
    let rendered = render_all(input, backend, layout, None);
    let rendered = rendered.map_err(|problems| input.refuse(&problems))?;
    most_common(&one.stack, &rendered).ok_or_else(|| {
        let known = stacks.iter().map(|it| it.id.clone()).collect();
        Failure::one(Exit::Usage, &AgainstError::NoStack { name: one.path.clone(), known })
    })
}

/// The stack that has the most resources in common with a document, if it is the only one.
fn most_common<'i>(stack: &Stack, known: &[New<'i>]) -> Option<&'i StackNode> {
    let counts = known.iter().map(|it| it.after.common_resources(stack));
    let counts: Vec<usize> = counts.collect();
    let most = *counts.iter().max()?;
    let mut found = counts.iter().enumerate().filter(|(_, count)| **count == most && most > 0);
    let (at, _) = found.next()?;
    if found.next().is_some() { None } else { known.get(at)?.stack }
}

fn engine(backend: BackendName) -> Engine {
    match backend {
        BackendName::Cloudformation => Engine::CloudFormation,
        BackendName::Terraform => Engine::Terraform,
    }
}

/// The backend and the layout that what is deployed was rendered by. Two configs are compared as
/// templates if nothing says otherwise.
fn form(
    args: &DiffArgs,
    input: &Input,
    earlier: &Earlier,
) -> Result<(BackendName, Layout), Failure> {
    let documents = match earlier {
        Earlier::Config(_) => {
            let backend = args.backend.or(input.backend());
            return Ok((backend.unwrap_or(BackendName::Cloudformation), Layout::Plain));
        }
        Earlier::Output(files) => files.as_slice(),
        Earlier::Single(one) => std::slice::from_ref(one.as_ref()),
    };
    let has = |backend| documents.iter().any(|it| it.stack.engine() == engine(backend));
    let found = (has(BackendName::Cloudformation), has(BackendName::Terraform));
    let backend = match (args.backend, found) {
        (Some(asked), _) if has(asked) => asked,
        (Some(asked), _) => {
            let name = documents.first().map(|it| it.path.clone()).unwrap_or_default();
            let engine = engine_name(engine(asked));
            return Err(Failure::one(Exit::Usage, &AgainstError::OtherBackend { name, engine }));
        }
        (None, (true, true)) => return Err(nothing()),
        (None, (_, false)) => BackendName::Cloudformation,
        (None, (false, true)) => BackendName::Terraform,
    };
    let is_cdktf = match earlier {
        Earlier::Single(one) if one.stack.origin() == Origin::State => {
            is_cdktf_state(input, &one.stack)
        }
        Earlier::Single(one) => {
            one.is_cdktf() || one.stack.id().is_some() && backend == BackendName::Terraform
        }
        Earlier::Output(files) => files.iter().any(Deployed::is_cdktf),
        Earlier::Config(_) => false,
    };
    let layout = if is_cdktf { Layout::Cdktf } else { Layout::Plain };
    Ok((backend, layout))
}

/// Whether a state has the addresses of the layout `cdktf`.
fn is_cdktf_state(input: &Input, state: &Stack) -> bool {
    let common = |layout| {
        let rendered = render_all(input, BackendName::Terraform, layout, None).ok()?;
        rendered.iter().map(|new| new.after.common_resources(state)).max()
    };
    common(Layout::Cdktf) > common(Layout::Plain)
}

fn render_config(old: &Input, backend: BackendName) -> Result<Vec<Deployed>, Failure> {
    let files = render_files(old, backend, Layout::Plain, None)
        .map_err(|problems| old.refuse(&problems))?;
    let read = files.into_iter().map(|(path, text)| {
        let stack = read(&path, &text)?;
        Ok(Deployed { path, text, stack })
    });
    read.collect()
}

/// Renders the config over what is deployed.
///
/// What the ledger makes `synth` refuse is worth seeing as a change, so the stacks are rendered
/// without it then, and the refusal is returned beside them.
fn render_over<'i>(
    input: &'i Input,
    backend: BackendName,
    layout: Layout,
    deployed: &[(Option<&StackNode>, &Deployed)],
) -> Result<(Vec<New<'i>>, Option<Failure>), Failure> {
    let refuse = |problems: Problems| input.refuse(&problems);
    if backend == BackendName::Cloudformation {
        return Ok((render_all(input, backend, layout, None).map_err(refuse)?, None));
    }
    let ledger = ledger(input, layout, deployed)?;
    match render_all(input, backend, layout, Some(&ledger)) {
        Ok(rendered) => Ok((rendered, None)),
        Err(problems) => {
            let rendered = render_all(input, backend, layout, None).map_err(refuse)?;
            Ok((rendered, Some(input.refuse(&problems))))
        }
    }
}

/// The ledger beside the config, or what is deployed.
fn ledger(
    input: &Input,
    layout: Layout,
    deployed: &[(Option<&StackNode>, &Deployed)],
) -> Result<Ledger, Failure> {
    let file = AddressLedger::load(&input.path)?;
    let mut known = file.known().cloned().unwrap_or_default();
    let terraform = terraform_layout(layout);
    let is_kept = known.knows(terraform);
    for (node, deployed) in deployed {
        let text = deployed.text.as_bytes();
        match (deployed.stack.origin(), node) {
            (Origin::Module, _) if is_kept => {}
            (Origin::Module, node) => {
                let name = node.map(|node| match layout {
                    Layout::Plain | Layout::Cdk => node.name.clone(),
                    Layout::Cdktf => node.id.clone(),
                });
                let name = name.as_deref().or(deployed.name()).unwrap_or_default();
                let path = match layout {
                    Layout::Plain | Layout::Cdk => format!("{name}/main.tf.json"),
                    Layout::Cdktf => format!("stacks/{name}/cdk.tf.json"),
                };
                learn_module(&mut known, terraform, input, &path, text);
            }
            (Origin::State, Some(node)) => {
                // It has been read as a state, or as a plan, which has one in it or starts from
                // nothing.
                let plan: Option<serde_json::Value> = serde_json::from_slice(text).ok();
                let prior = plan.as_ref().and_then(|plan| plan.get("prior_state"));
                let prior = prior.map(ToString::to_string);
                let state = prior.as_deref().map_or(text, str::as_bytes);
                let _ = known.learn_state(terraform, &node.id, state);
            }
            (Origin::State | Origin::Template | Origin::DeployedTemplate, _) => {}
        }
    }
    Ok(known)
}

fn render_all<'i>(
    input: &'i Input,
    backend: BackendName,
    layout: Layout,
    ledger: Option<&Ledger>,
) -> Result<Vec<New<'i>>, Problems> {
    let stacks = input.graph.stacks();
    let mut rendered = Vec::new();
    for (path, text) in render_files(input, backend, layout, ledger)? {
        // The manifest of CDKTF.
        if !ecrane_diff::is_stack(&path) {
            continue;
        }
        // A document of our own is always read.
        let after = read(&path, &text).unwrap_or_else(|_| Stack::empty(engine(backend)));
        let deployed = Deployed { path, text, stack: after };
        let name = deployed.name().unwrap_or_default();
        let stack = stacks.iter().find(|stack| is_name(stack, name));
        let name = stack.map_or_else(|| name.to_owned(), |stack| stack.output_name.clone());
        rendered.push(New { stack, name, after: deployed.stack });
    }
    Ok(rendered)
}

fn render_files(
    input: &Input,
    backend: BackendName,
    layout: Layout,
    ledger: Option<&Ledger>,
) -> Result<Vec<(String, String)>, Problems> {
    let stacks: Vec<usize> = (0..input.graph.stacks().len()).collect();
    let caller = Caller::default();
    let wish = Wish {
        layout,
        stacks: &stacks,
        caller: &caller,
        project: None,
        compact: true,
        take_over: TakeOver::default(),
        ledger,
    };
    let renderer = Renderer::new(backend, input, &wish)?;
    let (files, style) = (renderer.render()?.files, renderer.style());
    let texts = in_parallel(&files, || (), |(), file| file.to_vec(style));
    let files = files.iter().zip(texts);
    let files = files.map(|(file, text)| {
        let text = text.map_err(|source| {
            Problem::error(Place::default(), OutputError::io("write", &file.path)(source))
        })?;
        Ok((file.path.clone(), String::from_utf8_lossy(&text).into_owned()))
    });
    files.collect::<Result<_, Problem>>().map_err(Problems::from)
}

fn read(path: &str, text: &str) -> Result<Stack, Failure> {
    match Document::parse(text) {
        Ok(Document::Stack(stack)) => Ok(stack),
        Ok(Document::Files(_)) => Err(nothing()),
        Err(source) => {
            let error = AgainstError::Document { name: path.to_owned(), source };
            Err(Failure::one(Exit::Refused, &error))
        }
    }
}
