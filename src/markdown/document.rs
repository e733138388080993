//! A parsed lesson: flat blocks of plain text with ranges in it.

use std::ops::Range;

use crate::course::blocks;

/// A lesson's body as a list of blocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Blocks in order of the text; the sources (a heading, then the footnotes) are last.
    pub blocks: Vec<Block>,
    /// Links in order of the text.
    pub links: Vec<Link>,
    /// Headings in order of the text.
    pub headings: Vec<DocHeading>,
    /// Structured blocks and code, in order of the text, as `check` and the other screens need them.
    pub fences: Vec<Fence>,
    /// The block of the sources' heading; `blocks.len()` without any.
    pub sources: usize,
    /// Footnotes in the order of their numbers: first use, then the unused ones.
    pub notes: Vec<Note>,
    /// What could not be read, with the line of the file; footnotes that are not defined or not used.
    pub issues: Vec<blocks::Issue>,
}

impl Document {
    /// Bytes of a block's text; empty where there are none (a row of another document).
    pub fn slice(&self, block: u32, range: &Range<u32>) -> &str {
        let text = self.blocks.get(block as usize).map_or("", |block| &*block.text);
        text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The index in `headings` of the section that a block stands in; a heading is in its own.
    pub fn section_of(&self, block: usize) -> Option<usize> {
        self.headings.partition_point(|heading| heading.block <= block).checked_sub(1)
    }
}

/// One footnote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its name in the source, e.g. `pg-rr`.
    pub name: String,
    /// Number shown, from 1.
    pub number: u32,
    /// First block of its definition.
    pub block: Option<usize>,
    /// Line of the file of its first use, or of its definition where it is not used.
    pub line: usize,
    /// Whether the text refers to it.
    pub used: bool,
}

/// One heading; the sources are one too (`sources`), the only one that the text does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocHeading {
    /// 1 to 6.
    pub level: u8,
    /// Unique in the document.
    pub id: String,
    /// Its block.
    pub block: usize,
}

/// A fenced block in its parsed form.
#[derive(Debug, Clone, PartialEq)]
pub struct Fence {
    /// What it says.
    pub block: blocks::Block,
    /// Line of the file of its opening fence, from 1.
    pub line: usize,
    /// Inner lines that are not empty.
    pub lines: usize,
    /// First block of the document that shows it.
    pub at: usize,
    /// Index in [`Document::headings`] of the section it stands in.
    pub section: Option<usize>,
}

/// One block: a heading, a paragraph, an item's paragraph, a table, a fence.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// The containers that it stands in, outermost first.
    pub lead: Vec<Lead>,
    /// Its text, plain and clean; everything else is ranges in it. Table cells and code lines end in `\n`.
    pub text: String,
    /// Styled and linked ranges, in order, not overlapping.
    pub spans: Vec<Span>,
    /// Bytes of the body that it was made from.
    pub source: Range<u32>,
    /// Line of the file on which it starts, from 1.
    pub line: usize,
    /// An empty row stands before it.
    pub gap: bool,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Level 1 to 6.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// Code in a language, scrolled sideways.
    Code {
        /// Lower case, empty if none was given.
        lang: String,
    },
    /// A drawing: never wrapped.
    Diagram,
    /// The caption below a drawing or a title above a fence: dim running text.
    Caption,
    /// A session with a real system: drawn as code, its notes dim and its errors bold.
    Transcript,
    /// Lines of an estimate, as a table without rules: name, value or formula, result, mark.
    Estimate {
        /// Cells of each line as ranges of the text.
        rows: Vec<Vec<Range<u32>>>,
    },
    /// Cells as ranges of the text; the first row is the header.
    Table {
        /// Alignment of each column.
        align: Vec<Align>,
        /// Rows of cells.
        rows: Vec<Vec<Range<u32>>>,
    },
    /// A horizontal rule.
    Rule,
    /// The question of a card, an ask, a rehearsal or flaws, with what it is asked for.
    Question(Asked),
    /// What answers the question of block `of`: laid out only when revealed.
    Answer {
        /// Block index of the question.
        of: usize,
    },
}

/// Which kind of question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A recall card with its id.
    Card(String),
    /// A question in the text; with the lab that takes its prediction.
    Ask(Option<String>),
    /// A rehearsal of so many minutes.
    Rehearsal(u16),
    /// A design with planted weaknesses.
    Flaws,
}

/// Alignment of a table column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// One container around a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// A quotation.
    Quote,
    /// A list item: its marker (`•`, `3.`, `[1]`), the width of the marker column, and whether this
    /// block is the item's first and shows the marker.
    Item {
        /// Text of the marker.
        marker: String,
        /// Cells, the blank after it included.
        width: u16,
        /// Shows the marker on its first row.
        first: bool,
    },
    /// A question: `▸` on its first row.
    Question,
    /// What answers a question: a bar in the accent's colour.
    Answer,
}

/// Bits of style of a range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style(pub u16);

impl Style {
    /// `**strong**`
    pub const STRONG: Style = Style(1);
    /// `*emphasis*`
    pub const EMPHASIS: Style = Style(2);
    /// Inline code.
    pub const CODE: Style = Style(4);
    /// A link's text.
    pub const LINK: Style = Style(8);
    /// Secondary: a mark, a note in a transcript, a caption.
    pub const DIM: Style = Style(16);
    /// A heading.
    pub const HEADING: Style = Style(32);
    /// An error in a transcript, a broken block.
    pub const ERROR: Style = Style(64);
    /// The marker of a question.
    pub const ACCENT: Style = Style(128);
    /// `~~struck~~`
    pub const STRUCK: Style = Style(256);

    /// Both.
    #[must_use]
    pub const fn with(self, other: Style) -> Style {
        Style(self.0 | other.0)
    }

    /// Whether all bits of `other` are set.
    pub const fn has(self, other: Style) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A styled range of a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the block's text.
    pub range: Range<u32>,
    /// Bits.
    pub style: Style,
    /// Index in [`Document::links`].
    pub link: Option<u32>,
}

/// A link of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Block and first byte of its text.
    pub spot: Spot,
    /// Bytes of the block's text.
    pub range: Range<u32>,
    /// Where it leads.
    pub target: Target,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Another lesson (or this one, with an empty slug), and a heading id.
    Lesson {
        /// Slug taken from `NN-slug.md`; empty for a heading of this lesson.
        slug: String,
        /// Heading id.
        heading: Option<String>,
    },
    /// A footnote: the block of its definition, if there is one.
    Note {
        /// Its name in the source, e.g. `pg-rr`.
        name: String,
        /// Number shown, from 1 in order of first use.
        number: u32,
        /// First block of the definition.
        block: Option<usize>,
    },
    /// A lab by name.
    Lab(String),
    /// A result or input of an estimate: `feed.stored`.
    Result(String),
    /// Any address.
    Url(String),
}

/// A place in the document: block and byte of its text. Survives every change of width.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Index in [`Document::blocks`].
    pub block: usize,
    /// Byte of the block's text.
    pub offset: u32,
}
