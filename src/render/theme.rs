//! One table, role → colour and modifiers; everything that is drawn takes its look from it.
//!
//! Colour is never the only sign, and text keeps the terminal's own foreground and background: on
//! common palettes each of the six colours is unreadable somewhere.

use std::collections::BTreeMap;

use ratatui::backend::IntoCrossterm;
use ratatui::style::{Color, Modifier, Style};
use termimad::crossterm::style::Attribute;
use termimad::{CompoundStyle, ListItemsIndentationMode, MadSkin, TableBorderChars};

use super::highlight::Class;
use crate::markdown::Style as Bits;

/// What can have a look of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Role {
    Heading,
    Strong,
    Emphasis,
    Code,
    Link,
    Dim,
    Error,
    /// The one colour that leads the eye: prompts, markers, the filled part of a bar.
    Accent,
    Struck,
    /// Done, holds, right.
    Good,
    /// The selected row.
    Selected,
    /// The link that has the focus.
    Focus,
    Hit,
    /// The search hit that the reader stands on.
    CurrentHit,
    /// A passage that the reader marked.
    Highlight,
    Comment,
    String,
    Number,
    Keyword,
    Type,
    Function,
    Attribute,
}

impl Role {
    /// All roles with their names in the configuration, in the order of the variants.
    pub const ALL: [(&'static str, Role); 22] = [
        ("heading", Role::Heading),
        ("strong", Role::Strong),
        ("emphasis", Role::Emphasis),
        ("code", Role::Code),
        ("link", Role::Link),
        ("dim", Role::Dim),
        ("error", Role::Error),
        ("accent", Role::Accent),
        ("struck", Role::Struck),
        ("good", Role::Good),
        ("selected", Role::Selected),
        ("focus", Role::Focus),
        ("hit", Role::Hit),
        ("current-hit", Role::CurrentHit),
        ("highlight", Role::Highlight),
        ("comment", Role::Comment),
        ("string", Role::String),
        ("number", Role::Number),
        ("keyword", Role::Keyword),
        ("type", Role::Type),
        ("function", Role::Function),
        ("attribute", Role::Attribute),
    ];
}

impl From<Class> for Role {
    fn from(class: Class) -> Role {
        match class {
            Class::Comment => Role::Comment,
            Class::String => Role::String,
            Class::Number => Role::Number,
            Class::Keyword => Role::Keyword,
            Class::Type => Role::Type,
            Class::Function => Role::Function,
            Class::Attribute => Role::Attribute,
        }
    }
}

/// How a role looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Foreground; none is the terminal's own.
    pub colour: Option<Color>,
    /// Bold, dim, italic, underlined, reversed, crossed out.
    pub modifiers: Modifier,
}

/// The looks of all roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    looks: [Look; Role::ALL.len()],
}

/// A theme of the reader's own as the configuration writes it: role → words such as `bold cyan`,
/// `#88c0d0 underlined` or `plain`; `base` names the theme that it changes (`ansi` without it).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Table(pub BTreeMap<String, String>);

/// The built-in themes; the first is the default.
pub const NAMES: [&str; 5] = ["ansi", "dark", "light", "contrast", "mono"];

/// Looks that hold without any colour; the coloured themes add to them.
const MONO: &str = "heading=bold strong=bold emphasis=italic code=bold link=underlined dim=dim \
    error=bold accent=bold struck=crossed-out good=plain selected=reversed focus=reversed \
    hit=underlined+bold current-hit=reversed highlight=reversed+dim comment=dim string=plain number=plain keyword=bold \
    type=plain function=plain attribute=italic";

const ANSI: &str = "code=cyan error=bold+red accent=bold+cyan good=green hit=underlined+bold+yellow \
    highlight=reversed+yellow comment=dim string=green number=magenta keyword=bold type=cyan function=blue attribute=italic";

const DARK: &str = "heading=bold+light-cyan code=light-cyan error=bold+light-red \
    accent=bold+light-cyan good=light-green hit=underlined+bold+light-yellow string=light-green \
    number=light-magenta keyword=bold+light-blue type=light-cyan function=light-yellow";

const LIGHT: &str = "heading=bold+blue code=blue error=bold+red accent=bold+blue good=green \
    hit=underlined+bold+magenta string=green number=magenta keyword=bold+blue type=blue \
    function=plain";

/// Nothing dim: what is secondary stays readable.
const CONTRAST: &str = "heading=bold+underlined dim=plain comment=italic error=bold+reversed \
    hit=bold+reversed current-hit=bold+reversed+underlined highlight=reversed";

impl Default for Theme {
    fn default() -> Theme {
        Theme::mono().with(ANSI)
    }
}

impl Theme {
    /// Without any colour: also what `NO_COLOR` asks for.
    pub fn mono() -> Theme {
        Theme { looks: [Look::default(); Role::ALL.len()] }.with(MONO)
    }

    /// A built-in theme.
    pub fn by_name(name: &str) -> Option<Theme> {
        Some(match name {
            "ansi" => Theme::default(),
            "dark" => Theme::default().with(DARK),
            "light" => Theme::default().with(LIGHT),
            "contrast" => Theme::mono().with(CONTRAST),
            "mono" => Theme::mono(),
            _ => return None,
        })
    }

    /// A theme of the reader's own.
    ///
    /// # Errors
    /// A role, theme or word that is not known, with what there is.
    pub fn from_table(table: &Table) -> Result<Theme, String> {
        let base = table.0.get("base").map_or(NAMES[0], String::as_str);
        let unknown = |what: &str, name: &str, all: &[&str]| {
            format!("{what} \"{name}\" is not known; one of {}", all.join(", "))
        };
        let mut theme = Theme::by_name(base).ok_or_else(|| unknown("theme", base, &NAMES))?;
        for (name, words) in table.0.iter().filter(|(name, _)| *name != "base") {
            let role = Role::ALL.iter().find(|(known, _)| known == name);
            let (_, role) =
                role.ok_or_else(|| unknown("role", name, &Role::ALL.map(|(n, _)| n)))?;
            theme.looks[*role as usize] =
                look(words.split_whitespace()).map_err(|word| format!("{name}: {word}"))?;
        }
        Ok(theme)
    }

    /// The same without colours; what had only a colour gets the modifiers of `mono`.
    #[must_use]
    pub fn without_colour(&self) -> Theme {
        let mut theme = self.clone();
        for (look, mono) in theme.looks.iter_mut().zip(Theme::mono().looks) {
            if look.colour.take().is_some() && look.modifiers.is_empty() {
                look.modifiers = mono.modifiers;
            }
        }
        theme
    }

    /// The look of a role.
    pub fn look(&self, role: Role) -> Look {
        self.looks[role as usize]
    }

    /// The look of a role for ratatui.
    pub fn style(&self, role: Role) -> Style {
        let Look { colour, modifiers } = self.look(role);
        Style { fg: colour, ..Style::new().add_modifier(modifiers) }
    }

    /// The look of styled text: all its roles laid over each other.
    pub fn text(&self, bits: Bits) -> Style {
        const ORDER: [(Bits, Role); 9] = [
            (Bits::DIM, Role::Dim),
            (Bits::HEADING, Role::Heading),
            (Bits::EMPHASIS, Role::Emphasis),
            (Bits::STRONG, Role::Strong),
            (Bits::CODE, Role::Code),
            (Bits::LINK, Role::Link),
            (Bits::ACCENT, Role::Accent),
            (Bits::STRUCK, Role::Struck),
            (Bits::ERROR, Role::Error),
        ];
        let has = |(bit, _): &&(Bits, Role)| bits.has(*bit);
        ORDER.iter().filter(has).fold(Style::new(), |all, (_, role)| all.patch(self.style(*role)))
    }

    /// Applies one of the tables above.
    fn with(mut self, table: &str) -> Theme {
        for (name, words) in table.split_whitespace().filter_map(|entry| entry.split_once('=')) {
            let role = Role::ALL.iter().find(|(known, _)| *known == name);
            if let (Some((_, role)), Ok(look)) = (role, look(words.split('+'))) {
                self.looks[*role as usize] = look;
            }
        }
        self
    }
}

/// A look in words.
fn look<'a>(words: impl Iterator<Item = &'a str>) -> Result<Look, String> {
    let mut look = Look::default();
    for word in words {
        look.modifiers |= match word {
            "plain" => Modifier::empty(),
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underlined" => Modifier::UNDERLINED,
            "reversed" => Modifier::REVERSED,
            "crossed-out" => Modifier::CROSSED_OUT,
            colour => {
                let parsed = colour.parse().map_err(|_| {
                    format!(
                        "\"{colour}\" is no colour and no modifier; for example bold cyan, #88c0d0"
                    )
                })?;
                look.colour = Some(parsed);
                Modifier::empty()
            }
        };
    }
    Ok(look)
}

/// Tables are columns with gaps: no boxes around single things.
static NO_BORDERS: TableBorderChars = TableBorderChars {
    horizontal: ' ',
    vertical: ' ',
    top_left_corner: ' ',
    top_right_corner: ' ',
    bottom_right_corner: ' ',
    bottom_left_corner: ' ',
    top_junction: ' ',
    right_junction: ' ',
    bottom_junction: ' ',
    left_junction: ' ',
    cross: ' ',
};

/// What the program itself says on the command line, in the looks of a theme. Without `colour` (a
/// pipe) no escape byte is printed.
///
/// The caller sets crossterm's `force_color_output(true)`: with `NO_COLOR` crossterm would write a
/// colour as a full reset, and bold would die with it. A theme without colours serves there.
pub fn skin(theme: &Theme, colour: bool) -> MadSkin {
    let mut skin = MadSkin::no_style();
    skin.table_border_chars = &NO_BORDERS;
    // Wrapped items go on under their text, not under their bullet.
    skin.list_items_indentation_mode = ListItemsIndentationMode::Block;
    if !colour {
        return skin;
    }
    skin.bold = compound(theme.look(Role::Strong));
    skin.italic = compound(theme.look(Role::Emphasis));
    skin.strikeout = compound(theme.look(Role::Struck));
    skin.inline_code = compound(theme.look(Role::Code));
    skin.table = compound(theme.look(Role::Dim)).into();
    skin.quote_mark = compound(theme.look(Role::Dim)).style_char('│');
    skin.horizontal_rule = compound(theme.look(Role::Dim)).style_char('─');
    for header in &mut skin.headers {
        *header = compound(theme.look(Role::Heading)).into();
    }
    skin
}

/// A look for termimad and for printed text.
pub fn compound(look: Look) -> CompoundStyle {
    const ATTRIBUTES: [(Modifier, Attribute); 6] = [
        (Modifier::BOLD, Attribute::Bold),
        (Modifier::DIM, Attribute::Dim),
        (Modifier::ITALIC, Attribute::Italic),
        (Modifier::UNDERLINED, Attribute::Underlined),
        (Modifier::REVERSED, Attribute::Reverse),
        (Modifier::CROSSED_OUT, Attribute::CrossedOut),
    ];
    let mut style = CompoundStyle::default();
    // Not by name: ratatui's `LightYellow` is crossterm's `Yellow`.
    if let Some(colour) = look.colour {
        style.set_fg(colour.into_crossterm());
    }
    for (_, attribute) in ATTRIBUTES.iter().filter(|(bit, _)| look.modifiers.contains(*bit)) {
        style.add_attr(*attribute);
    }
    style
}

#[cfg(test)]
mod tests {
    use termimad::crossterm::style::Color as Colour;

    use super::*;

    #[test]
    fn every_role_has_the_name_of_its_place_in_the_table() {
        for (place, (name, role)) in Role::ALL.iter().enumerate() {
            assert_eq!(*role as usize, place, "{name}");
        }
    }

    #[test]
    fn every_entry_of_the_built_in_tables_is_understood() {
        for table in [MONO, ANSI, DARK, LIGHT, CONTRAST] {
            for entry in table.split_whitespace() {
                let (name, words) = entry.split_once('=').expect(entry);
                assert!(Role::ALL.iter().any(|(known, _)| *known == name), "{entry}");
                assert!(look(words.split('+')).is_ok(), "{entry}");
            }
        }
        assert_eq!(MONO.split_whitespace().count(), Role::ALL.len());
    }

    #[test]
    fn no_built_in_theme_paints_a_background_and_mono_has_no_colour() {
        for name in NAMES {
            let theme = Theme::by_name(name).expect(name);
            for (_, role) in Role::ALL {
                assert_eq!(theme.style(role).bg, None);
            }
        }
        assert!(Role::ALL.iter().all(|(_, role)| Theme::mono().look(*role).colour.is_none()));
    }

    #[test]
    fn what_carries_meaning_differs_from_plain_text_without_colour() {
        for name in NAMES {
            let theme = Theme::by_name(name).expect(name).without_colour();
            for role in
                [Role::Heading, Role::Strong, Role::Code, Role::Link, Role::Error, Role::Hit]
            {
                let look = theme.look(role);
                assert!(look.colour.is_none() && !look.modifiers.is_empty(), "{name} {role:?}");
            }
            assert_ne!(theme.look(Role::Hit), theme.look(Role::CurrentHit), "{name}");
        }
    }

    #[test]
    fn a_theme_of_the_readers_own_changes_its_base_and_names_what_it_does_not_know() {
        let table = |entries: &[(&str, &str)]| {
            let own = |(name, words): &(&str, &str)| ((*name).to_owned(), (*words).to_owned());
            Theme::from_table(&Table(entries.iter().map(own).collect()))
        };
        let theme = table(&[("base", "mono"), ("link", "bold #88c0d0")]).expect("a theme");
        let link = Look { colour: Some(Color::Rgb(0x88, 0xc0, 0xd0)), modifiers: Modifier::BOLD };
        assert_eq!(theme.look(Role::Link), link);
        assert_eq!(theme.look(Role::Dim), Theme::mono().look(Role::Dim));
        assert!(table(&[("base", "drak")]).is_err_and(|e| e.contains("\"drak\" is not known")));
        assert!(table(&[("links", "bold")]).is_err_and(|e| e.contains("one of heading, strong")));
        assert!(table(&[("link", "blod")]).is_err_and(|e| e.starts_with("link: \"blod\"")));
    }

    #[test]
    fn a_skin_without_colour_prints_no_escape_byte_and_one_with_it_keeps_the_named_colour() {
        let text = "# Head\n**bold** and `code`\n\n|a|b|\n|-|-|\n|c|d|\n";
        let plain = skin(&Theme::default(), false).text(text, Some(40)).to_string();
        assert!(!plain.contains('\u{1b}'));
        let named = [(Color::LightYellow, Colour::Yellow), (Color::Yellow, Colour::DarkYellow)];
        for (ours, theirs) in named {
            let mut theme = Theme::default();
            theme.looks[Role::Strong as usize].colour = Some(ours);
            assert_eq!(skin(&theme, true).bold.object_style.foreground_color, Some(theirs));
        }
    }
}
