//! Cyclic effects on the level and the balance of a voice.

use crate::track::Movement;

/// An effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// What it moves.
    pub kind: EffectKind,
    /// Cycles per second.
    pub rate: f64,
    /// Depth of a modulation, or width of a pan, 0..1.
    pub depth: f64,
}

/// What an effect moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectKind {
    /// The level, between 1 less the depth and 1, along a sine that begins at its lowest place.
    Modulation,
    /// The balance, along a sine that begins in the middle and goes to the right.
    Pan,
}

impl Effect {
    /// The same effect as movements of an audio file.
    pub(super) fn movement(self) -> Movement {
        let Self { kind, rate, depth } = self;
        match kind {
            EffectKind::Modulation => Movement { am_rate: rate, am_depth: depth, ..Movement::default() },
            EffectKind::Pan => Movement { pan_rate: rate, pan_width: depth, ..Movement::default() },
        }
    }

    /// Whether one can become the other: not if both move something else.
    pub(super) fn meet(a: Option<Self>, b: Option<Self>) -> bool {
        a.zip(b).is_none_or(|(a, b)| a.kind == b.kind)
    }

    /// Between both, `u` of the way from `a` to `b`. An absent one has the rate of the other and the depth 0.
    pub(super) fn toward(a: Option<Self>, b: Option<Self>, u: f64) -> Option<Self> {
        let still = |effect: Option<Self>| effect.map(|effect| Self { depth: 0.0, ..effect });
        match (a.or(still(b)), b.or(still(a))) {
            _ if u == 0.0 || a == b => a,
            _ if u == 1.0 => b,
            (Some(a), Some(b)) if a.kind == b.kind => {
                Some(Self { rate: a.rate + (b.rate - a.rate) * u, depth: a.depth + (b.depth - a.depth) * u, ..a })
            }
            _ => a,
        }
    }

    /// The same at both ends of a stretch, if one has none.
    pub(super) fn both(a: Option<Self>, b: Option<Self>) -> Option<[Self; 2]> {
        let still = |effect: Self| Self { depth: 0.0, ..effect };
        Some([a.or(b.map(still))?, b.or(a.map(still))?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_comes_in_by_its_depth() {
        let effect = Effect { kind: EffectKind::Pan, rate: 2.0, depth: 0.8 };
        assert_eq!(Effect::toward(None, Some(effect), 0.25), Some(Effect { depth: 0.2, ..effect }));
        assert_eq!(Effect::toward(None, Some(effect), 1.0), Some(effect));
        assert_eq!(Effect::toward(None, Some(effect), 0.0), None);
        let other = Effect { rate: 4.0, ..effect };
        assert_eq!(Effect::toward(Some(effect), Some(other), 0.5), Some(Effect { rate: 3.0, ..effect }));
        assert!(!Effect::meet(Some(effect), Some(Effect { kind: EffectKind::Modulation, ..effect })));
    }
}
