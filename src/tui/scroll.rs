//! How far a text is scrolled on a screen that shows some lines of it.

use super::keymap::Action;

/// The first line shown, and what a page key goes by.
#[derive(Debug, Default)]
pub struct Scroll {
    /// First line shown. Past the end until [`Scroll::fit`] has seen how many lines there are.
    pub top: usize,
    page: usize,
}

impl Scroll {
    /// Does what a key means for the text; false if it means something else.
    pub fn act(&mut self, action: Action) -> bool {
        let (page, half) = (self.page.max(1), self.page.div_ceil(2).max(1));
        self.top = match action {
            Action::Down => self.top.saturating_add(1),
            Action::Up => self.top.saturating_sub(1),
            Action::PageDown => self.top.saturating_add(page),
            Action::PageUp => self.top.saturating_sub(page),
            Action::HalfDown => self.top.saturating_add(half),
            Action::HalfUp => self.top.saturating_sub(half),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => return false,
        };
        true
    }

    /// Takes how many lines there are and how many fit; gives the furthest first line. A page leaves one line in sight.
    pub fn fit(&mut self, lines: usize, height: usize) -> usize {
        let most = lines.saturating_sub(height);
        self.top = self.top.min(most);
        self.page = height.max(2) - 1;
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_leave_one_line_in_sight_and_stop_at_both_ends() {
        let mut scroll = Scroll::default();
        let mut after = |action| {
            assert!(scroll.act(action));
            scroll.fit(25, 10);
            scroll.top
        };
        assert_eq!(after(Action::Up), 0);
        assert_eq!(after(Action::PageDown), 9);
        assert_eq!(after(Action::HalfDown), 14);
        assert_eq!(after(Action::PageDown), 15, "the last ten lines");
        assert_eq!(after(Action::Top), 0);
        assert_eq!(after(Action::Bottom), 15);
        assert_eq!(after(Action::PageUp), 6);
        assert!(!scroll.act(Action::Open));
        assert_eq!(Scroll::default().fit(3, 0), 3, "no room at all");
    }
}
