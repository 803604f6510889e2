//! Parses YAML 1.2 into a tree with places.
//!
//! Features outside of the core schema have error messages of their own: merge keys, tags, keys
//! that are lists or maps, and several documents in a file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options,
};

use super::scalar;
use ecrane_document::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};
use ecrane_document::{Entries, Entry, Format, Keys, Node, NodeKind};

/// The maximum size of all resolved aliases, in bytes: a file of a few hundred bytes can expand to
/// gigabytes.
const ALIAS_LIMIT: usize = 64 * 1024 * 1024;

/// The size of a value without its text, in bytes.
const NODE_WEIGHT: usize = size_of::<Node>();

pub(super) fn parse(text: &str, file: u32) -> Result<Node, SyntaxError> {
    build(text, Builder { file, ..Builder::default() })
}

/// Parses a part of a text. Fails if there is an anchor, which another part may refer to.
pub(super) fn parse_without_anchors(text: &str) -> Result<Node, SyntaxError> {
    build(text, Builder { is_part: true, ..Builder::default() })
}

fn build(text: &str, mut builder: Builder) -> Result<Node, SyntaxError> {
    for event in Parser::new_from_str_with_options(text, parser_options()) {
        let (event, span) = event.map_err(|error| malformed(text, &error))?;
        builder.take(event, &span)?;
    }
    match builder.root {
        Some(root) if !(root.kind == NodeKind::Null && root.span.is_empty()) => Ok(root),
        _ => Err(SyntaxError { span: 0..0, kind: SyntaxErrorKind::Empty }),
    }
}

fn parser_options() -> Options {
    options! { flow_nesting_limit: DEPTH_LIMIT, block_nesting_limit: DEPTH_LIMIT }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all the rest breaks the grammar")]
fn malformed(text: &str, error: &ScanError) -> SyntaxError {
    // The parser reports a tab at a later position, and not always as a tab.
    if let Some(span) = tab_before(text, error.marker().byte_offset().unwrap_or_default()) {
        return SyntaxError { span, kind: SyntaxErrorKind::Tab };
    }
    let start = error.marker().byte_offset().unwrap_or_default().min(text.len());
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let reason = error.info();
    let kind = match error.kind() {
        ErrorKind::RecursionLimitExceeded => SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT },
        ErrorKind::UnknownAnchor => SyntaxErrorKind::UnknownAnchor,
        ErrorKind::UnexpectedEof
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnclosedQuotedScalar => SyntaxErrorKind::Truncated { reason },
        _ => SyntaxErrorKind::Malformed { format: Format::Yaml, reason },
    };
    SyntaxError { span: start..start + width, kind }
}

/// The first tab in the indentation of the line at an offset, or of the two lines around it.
fn tab_before(text: &str, offset: usize) -> Option<Range<usize>> {
    let before = text.get(..offset.min(text.len()))?;
    let end = text.get(before.len()..)?.find('\n').map_or(text.len(), |end| before.len() + end);
    let lines = text.get(..end)?.rsplit('\n').take(2);
    let mut end = end;
    let mut found = None;
    for line in lines {
        let start = end - line.len();
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..indentation).and_then(|blank| blank.find('\t')) {
            found = Some(start + tab..start + tab + 1);
        }
        end = start.saturating_sub(1);
    }
    found
}

#[derive(Default)]
struct Builder {
    file: u32,
    is_part: bool,
    /// The incomplete lists and maps, from the outermost.
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    alias_weight: usize,
    keys: Keys,
    root: Option<Node>,
    documents: usize,
}

struct Open {
    anchor: usize,
    start: usize,
    /// The end of the last nested value. The parser reports the end of a block only after trailing
    /// blank lines.
    end: usize,
    is_block: bool,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Entries, key: Option<(Arc<str>, Range<usize>)> },
}

struct Anchored {
    node: Node,
    weight: usize,
    height: usize,
}

impl Builder {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is no part of the tree")]
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), SyntaxError> {
        let bytes = span.byte_range().unwrap_or_default();
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return fail(bytes, SyntaxErrorKind::SeveralDocuments);
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), bytes)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(Content::List(Vec::new()), style, anchor, tag.as_deref(), bytes)
            }
            Event::MappingStart(style, anchor, tag) => {
                let content = Content::Map { entries: Entries::default(), key: None };
                self.open(content, style, anchor, tag.as_deref(), bytes)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(bytes.end),
            Event::Alias(anchor) => self.alias(anchor, bytes),
            // The ends of the stream and of documents. The parser does not emit comments and
            // unresolved aliases.
            _ => Ok(()),
        }
    }

    /// Whether the next value is a map key.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<(), SyntaxError> {
        let is_plain = style == ScalarStyle::Plain;
        if self.wants_key() {
            refuse_tag(tag, &span)?;
            return self.key(&text, is_plain, span);
        }
        // `!!str` and `!` make the value a string, whatever its text.
        let is_text = tag.is_some_and(|tag| {
            tag.is_yaml_core_schema_tag("str") || (tag.handle().len() + tag.suffix().len() == 1)
        });
        let kind = if is_text {
            NodeKind::Text(text.into())
        } else {
            refuse_tag(tag, &span)?;
            if is_plain {
                scalar::plain(text).map_err(|written| SyntaxError {
                    span: span.clone(),
                    kind: SyntaxErrorKind::NumberOutOfRange { written },
                })?
            } else {
                NodeKind::Text(text.into())
            }
        };
        self.put(Node { span: span.into(), file: self.file, kind }, anchor)
    }

    fn key(&mut self, text: &str, is_plain: bool, span: Range<usize>) -> Result<(), SyntaxError> {
        if is_plain && text == "<<" {
            return fail(span, SyntaxErrorKind::MergeKey);
        }
        if is_plain && span.is_empty() {
            return fail(span, SyntaxErrorKind::KeyNotText);
        }
        if let Some(Open { content: Content::Map { entries, key }, .. }) = self.open.last_mut() {
            if let Some(entry) = entries.get(text) {
                let first = Some(entry.key_span.range());
                let key = text.to_owned();
                return fail(span, SyntaxErrorKind::DuplicateKey { key, first });
            }
            *key = Some((self.keys.share(text), span));
        }
        Ok(())
    }

    fn open(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<(), SyntaxError> {
        refuse_tag(tag, &span)?;
        if self.wants_key() {
            return fail(span, SyntaxErrorKind::KeyNotText);
        }
        if self.open.len() == DEPTH_LIMIT {
            return fail(span, SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT });
        }
        let is_block = style == StructureStyle::Block;
        self.open.push(Open { anchor, start: span.start, end: span.end, is_block, content });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = if open.is_block { open.end } else { end };
        let kind = match open.content {
            Content::List(items) => NodeKind::List(items.into()),
            Content::Map { mut entries, .. } => NodeKind::Map(Arc::new(entries.take())),
        };
        self.put(Node { span: (open.start..end).into(), file: self.file, kind }, open.anchor)
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), SyntaxError> {
        if self.wants_key() {
            return fail(span, SyntaxErrorKind::KeyNotText);
        }
        let Some(anchored) = self.anchors.get(&anchor) else {
            return fail(span, SyntaxErrorKind::AliasWithinItself);
        };
        if self.open.len() + anchored.height > DEPTH_LIMIT {
            return fail(span, SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT });
        }
        self.alias_weight = self.alias_weight.saturating_add(anchored.weight);
        if self.alias_weight > ALIAS_LIMIT {
            return fail(span, SyntaxErrorKind::AliasBudget { limit: ALIAS_LIMIT });
        }
        // An alias resolves to the value of its anchor, so a problem is shown at the anchor.
        let node = anchored.node.clone();
        self.attach(node, span.end);
        Ok(())
    }

    /// Adds a complete value to its parent, and stores it if it has an anchor.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            if self.is_part {
                return fail(node.span.range(), SyntaxErrorKind::UnknownAnchor);
            }
            let (weight, height) = measure(&node);
            self.alias_weight = self.alias_weight.saturating_add(weight);
            if self.alias_weight > ALIAS_LIMIT {
                return fail(
                    node.span.range(),
                    SyntaxErrorKind::AliasBudget { limit: ALIAS_LIMIT },
                );
            }
            self.anchors.insert(anchor, Anchored { node: node.clone(), weight, height });
        }
        let end = node.span.range().end;
        self.attach(node, end);
        Ok(())
    }

    fn attach(&mut self, node: Node, end: usize) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) => {
                open.end = open.end.max(end);
                match &mut open.content {
                    Content::List(items) => items.push(node),
                    Content::Map { entries, key } => {
                        if let Some((key, key_span)) = key.take() {
                            entries.insert(key, Entry { key_span: key_span.into(), node });
                        }
                    }
                }
            }
        }
    }
}

fn fail(span: Range<usize>, kind: SyntaxErrorKind) -> Result<(), SyntaxError> {
    Err(SyntaxError { span, kind })
}

fn refuse_tag(tag: Option<&Tag>, span: &Range<usize>) -> Result<(), SyntaxError> {
    match tag {
        None => Ok(()),
        Some(tag) => fail(span.clone(), SyntaxErrorKind::Tag { tag: tag.original() }),
    }
}

/// The size of a value in bytes, and its nesting depth.
fn measure(node: &Node) -> (usize, usize) {
    let sum = |parts: &mut dyn Iterator<Item = (usize, usize)>| {
        parts.fold((0, 0), |(weight, height): (usize, usize), (w, h)| (weight + w, height.max(h)))
    };
    let (inner, height) = match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => (0, 0),
        NodeKind::Text(text) => (text.len(), 0),
        NodeKind::List(items) => {
            let (weight, height) = sum(&mut items.iter().map(measure));
            (weight, height + 1)
        }
        NodeKind::Map(entries) => {
            let (weight, height) = sum(&mut entries.iter().map(|(key, entry)| {
                let (weight, height) = measure(&entry.node);
                (weight + key.len(), height)
            }));
            (weight, height + 1)
        }
    };
    (NODE_WEIGHT + inner, height)
}
