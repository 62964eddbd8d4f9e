//! Rows in aligned columns that fit a width: the widest give way until the last has room; where that is not to be had, the
//! last is left out.

use super::paint::{Paint, Style};
use crate::text::{fit, fit_middle, width};

/// Spaces between columns.
const GAP: usize = 2;
/// What is left of a column that gave way.
const NARROWEST: usize = 6;
/// What the others keep where they give way for the last column.
const NARROW: usize = 16;
/// A last column that is narrower than this says nothing.
const LAST_NARROWEST: usize = 24;
/// What a column takes at most, however wide its cells are.
const WIDEST: usize = 40;

/// A cell: parts side by side, each with a style of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    parts: Vec<(Style, String)>,
    /// Whether its beginning tells the most, so that it is cut at the end.
    prose: bool,
}

impl Cell {
    /// A cell of one part. The text must be harmless already.
    pub(crate) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { parts: vec![(style, text.into())], prose: false }
    }

    /// A cell whose beginning tells the most.
    pub(crate) fn prose(style: Style, text: impl Into<String>) -> Self {
        Self { prose: true, ..Self::new(style, text) }
    }

    /// Adds a part after a space.
    pub(crate) fn and(mut self, style: Style, text: impl Into<String>) -> Self {
        self.parts.push((Style::Plain, " ".to_owned()));
        self.parts.push((style, text.into()));
        self
    }

    fn width(&self) -> usize {
        self.parts.iter().map(|(_, text)| width(text)).sum()
    }

    /// Writes it into `columns`, cut where it must be, filled with spaces where `fill` says so.
    fn write(&self, out: &mut String, paint: Paint, columns: usize, fill: bool) {
        let mut left = columns;
        for (style, text) in &self.parts {
            // A part behind the cut gets no column, and the cut itself shows in the part before it.
            let shown = if self.prose || self.parts.len() > 1 { fit(text, left) } else { fit_middle(text, left) };
            left -= width(&shown);
            paint.push(out, *style, &shown);
        }
        if fill {
            out.extend(std::iter::repeat_n(' ', left));
        }
    }
}

/// Column headers and how wide each column is in all parts of one table.
#[derive(Debug)]
pub(crate) struct Grid<const N: usize> {
    headers: [&'static str; N],
    /// 0 for a column that is left out.
    widths: [usize; N],
}

impl<const N: usize> Grid<N> {
    /// Fits columns into `total` columns, `indent` included. The last column takes what is left and is left out where that
    /// is too little; those in `whole` are never cut, whatever room there is.
    pub(crate) fn new(headers: [&'static str; N], rows: &[[Cell; N]], total: usize, indent: usize, whole: &[usize]) -> Self {
        let mut widths = headers.map(width);
        for row in rows {
            for (index, (most, cell)) in widths.iter_mut().zip(row).enumerate() {
                let cap = if index + 1 == N || whole.contains(&index) { usize::MAX } else { WIDEST };
                *most = (*most).max(cell.width().min(cap));
            }
        }
        let last = N - 1;
        let room = total.saturating_sub(indent);
        let taken = |widths: &[usize; N]| widths[..last].iter().map(|width| width + GAP).sum::<usize>();
        // Of equals the later one gives way.
        let narrow = |widths: &mut [usize; N], floor: usize, room: usize| {
            while taken(widths) > room {
                let candidates = widths[..last].iter().enumerate();
                let widest = candidates.filter(|(index, width)| !whole.contains(index) && **width > floor);
                let Some(index) = widest.max_by_key(|(_, width)| **width).map(|(index, _)| index) else { break };
                widths[index] -= 1;
            }
        };
        let mut with_last = widths;
        narrow(&mut with_last, NARROW, room.saturating_sub(LAST_NARROWEST.min(widths[last])));
        let left = room.saturating_sub(taken(&with_last));
        if left >= LAST_NARROWEST.min(widths[last]) {
            widths = with_last;
            widths[last] = widths[last].min(left);
        } else {
            widths[last] = 0;
            narrow(&mut widths, NARROWEST, room + GAP);
        }
        Self { headers, widths }
    }

    /// Writes the headers.
    pub(crate) fn head(&self, out: &mut String, paint: Paint, indent: usize) {
        self.row(out, paint, indent, &self.headers.map(|header| Cell::prose(Style::Dim, header)));
    }

    /// Writes a row.
    pub(crate) fn row(&self, out: &mut String, paint: Paint, indent: usize, row: &[Cell; N]) {
        out.extend(std::iter::repeat_n(' ', indent));
        let shown = self.widths.iter().rposition(|&width| width > 0).unwrap_or(0);
        // Nothing ends in spaces: a line of empty cells ends where its last text does.
        let end = row.iter().take(shown + 1).rposition(|cell| cell.width() > 0).unwrap_or(0);
        for (index, (cell, &columns)) in row.iter().zip(&self.widths).enumerate().take(end + 1) {
            cell.write(out, paint, columns, index < end);
            if index < end {
                out.extend(std::iter::repeat_n(' ', GAP));
            }
        }
        out.push('\n');
    }
}
