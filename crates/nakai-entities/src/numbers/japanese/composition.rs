use crate::numbers::{NumberKind, digits};

/// A part of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Element {
    /// Digits, of whichever script.
    Digits(f64),
    /// Ten, a hundred or a thousand.
    Small(f64),
    /// A power of ten thousand.
    Big(f64),
}

/// A number that is being put together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Composition {
    /// What the powers of ten thousand so far make.
    total: f64,
    /// What stands below the next of them.
    section: f64,
    digits: Option<f64>,
    last_small: f64,
    last_big: f64,
    kind: NumberKind,
    any: bool,
}

impl Default for Composition {
    fn default() -> Self {
        Self {
            total: 0.0,
            section: 0.0,
            digits: None,
            last_small: f64::INFINITY,
            last_big: f64::INFINITY,
            kind: NumberKind::Integer,
            any: false,
        }
    }
}

impl Composition {
    pub(super) fn accepts(&self, scale: Element) -> bool {
        match scale {
            Element::Digits(_) => self.digits.is_none(),
            Element::Small(value) => value < self.last_small,
            Element::Big(value) => value < self.last_big,
        }
    }

    /// Takes the next element, if it fits.
    pub(super) fn take(&mut self, element: Element, kind: NumberKind) -> bool {
        match element {
            Element::Digits(value) => {
                if self.digits.is_some() || (self.any && !matches!(kind, NumberKind::Integer)) {
                    return false;
                }
                self.digits = Some(value);
                self.kind = kind;
            }
            Element::Small(value) => {
                if !self.accepts(element) || self.kind == NumberKind::Power {
                    return false;
                }
                self.section += self.digits.take().unwrap_or(1.0) * value;
                self.last_small = value;
            }
            Element::Big(value) => return self.take_big(value),
        }
        self.any = true;
        true
    }

    fn take_big(&mut self, value: f64) -> bool {
        let below = self.section + self.digits.unwrap_or(0.0);
        let has_section = self.section > 0.0 || self.digits.is_some();
        if has_section && value < self.last_big && self.kind != NumberKind::Power {
            self.total += below * value;
            self.last_big = value;
        } else if !has_section && self.total > 0.0 && self.last_big.is_finite() && value > self.last_big {
            // `一万億` is a product.
            self.total *= value;
            self.last_big = value;
        } else {
            return false;
        }
        self.section = 0.0;
        self.digits = None;
        self.last_small = f64::INFINITY;
        true
    }

    pub(super) fn value(&self) -> Option<(f64, NumberKind)> {
        let value = digits::round_exact(self.total + self.section + self.digits.unwrap_or(0.0));
        let kind = match self.kind {
            NumberKind::Decimal => digits::kind_of(value),
            kind => kind,
        };
        self.any.then_some((value, kind))
    }
}
