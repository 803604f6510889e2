//! The explanation of one code, as a file of `templates/explain` has it.
//!
//! A file is Markdown: what the code means, a line `Source: …` if there is one, and examples in fenced
//! blocks. The word after the language says what an example is: `bad` causes the code, `good` does
//! not, `both` belongs to both. A path after that is the name of the file. A block in the language
//! `console` has the commands to run in place of `ecrane check`, of which the last one is the example. A
//! block in the language `http` has what AWS answers, to the operation whose name stands in place of a
//! path, or to any.
//!
//! `⟨51 × k#: v, ⟩` in an example stands for 51 repetitions of a text, with their number for `#`.

use std::fmt::Write as _;

/// An explanation.
#[derive(Debug)]
pub(crate) struct Page<'t> {
    /// What the code means, in Markdown.
    pub(crate) meaning: &'t str,
    /// Who documents the rule.
    pub(crate) source: Option<&'t str>,
    /// The examples.
    pub(crate) blocks: Vec<Block<'t>>,
}

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block<'t> {
    pub(crate) language: &'t str,
    /// `bad`, `good` or `both`.
    pub(crate) of: &'t str,
    pub(crate) file: Option<&'t str>,
    pub(crate) text: &'t str,
}

impl<'t> Page<'t> {
    pub(crate) fn parse(text: &'t str) -> Self {
        let mut parts = text.split("```");
        let prose = parts.next().unwrap_or_default().trim();
        let (meaning, source) = match prose.rsplit_once("\n\nSource: ") {
            Some((meaning, source)) => (meaning, Some(source)),
            None => (prose, None),
        };
        // What stands between two blocks is white space.
        let blocks = parts.step_by(2).filter_map(|block| {
            let (info, text) = block.split_once('\n')?;
            let mut words = info.split(' ');
            let (language, of) = (words.next()?, words.next().unwrap_or_default());
            Some(Block { language, of, file: words.next(), text })
        });
        Self { meaning, source, blocks: blocks.collect() }
    }

    /// The first sentence of the meaning.
    pub(crate) fn summary(&self) -> String {
        let line = self.meaning.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        match line.split_once(". ") {
            Some((sentence, _)) => format!("{sentence}."),
            None => line,
        }
    }

    /// The page in Markdown.
    pub(crate) fn markdown(&self) -> String {
        self.render(|text, block| {
            let _ = write!(text, "```{}\n{}```\n\n", block.language, block.text);
        })
    }

    /// The page for a terminal.
    pub(crate) fn plain(&self) -> String {
        self.render(|text, block| {
            for line in block.text.lines() {
                let _ = writeln!(text, "    {line}");
            }
            text.push('\n');
        })
    }

    fn render(&self, example: impl Fn(&mut String, &Block<'_>)) -> String {
        let mut text = format!("{}\n\n", self.meaning);
        for (of, heading) in
            [("both", "Given:"), ("bad", "This causes it:"), ("good", "This does not:")]
        {
            let mut heading = Some(heading);
            for block in self.blocks.iter().filter(|block| block.of == of) {
                if let Some(heading) = heading.take() {
                    let _ = write!(text, "{heading}\n\n");
                }
                let _ = match (block.language, block.file) {
                    ("http", Some(operation)) => write!(text, "AWS answers `{operation}`:\n\n"),
                    ("http", None) => write!(text, "AWS answers:\n\n"),
                    (_, Some(file)) => write!(text, "`{file}`:\n\n"),
                    (_, None) => Ok(()),
                };
                example(&mut text, block);
            }
        }
        if self.blocks.iter().any(|block| block.text.contains('⟨')) {
            text.push_str("`⟨2 × a#, ⟩` stands for a repetition: `a1, a2, `.\n\n");
        }
        if let Some(source) = self.source {
            let _ = write!(text, "Source: {source}\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}
