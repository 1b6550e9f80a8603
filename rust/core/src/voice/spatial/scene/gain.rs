//! The gain of a voice in a scene: stages, modulators, routing (spec spatial-workbench 4).

use super::automation::Automation;

/// The gain of a voice.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// Factors of stages, which multiply each other, and modulators, which are added to their product.
    pub automation: Automation,
    /// The factor of routing: the gains of the source and its bus; 0 if it is muted, or others play solo.
    pub routed: f64,
    /// Whether the routing has an entry for the voice. Without one, `routed` counts under `Compat::true_workbench` only.
    pub listed: bool,
}

impl Default for Gain {
    fn default() -> Self {
        Self { automation: Automation::default(), routed: 1.0, listed: true }
    }
}

impl Gain {
    /// Whether it is 1 at any time.
    pub fn is_unity(&self) -> bool {
        self.automation == Automation::default() && self.routed == 1.0
    }

    /// The gain at `t` seconds. `meant` says whether the rules of `Compat::true_workbench` count.
    pub fn at(&self, t: f64, meant: bool) -> f64 {
        let mut gain = 1.0;
        for binding in &self.automation.bindings {
            let weight = binding.span.weight(t);
            gain *= 1.0 + if meant { binding.shape.at(weight) } else { weight } * (binding.value - 1.0);
        }
        for route in &self.automation.routes {
            let swing = route.modulator.at(t);
            gain += route.depth * if meant { route.shape.at(swing) } else { swing };
        }
        gain * self.factor(meant)
    }

    fn factor(&self, meant: bool) -> f64 {
        if self.listed || meant { self.routed } else { 1.0 }
    }

    /// The gain, if it is the same from `from` to `to` seconds.
    pub(crate) fn steady(&self, from: f64, to: f64, meant: bool) -> Option<f64> {
        let silent = self.factor(meant) == 0.0;
        (silent || self.automation.is_steady(from, to)).then(|| self.at(from, meant))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Binding, Modulator, Route, Shape, Span};
    use super::*;

    #[test]
    fn stages_multiply_and_modulators_add() {
        let span = Span::new(0.0, 4.0, 2.0, 0.0);
        let binding = |value, shape| Binding { span, shape, value };
        let bindings = vec![binding(3.0, Shape::Linear), binding(0.5, Shape::Hold)];
        let routes = vec![Route { modulator: Modulator::default(), depth: 0.2, shape: Shape::Hold }];
        let gain = Gain { automation: Automation { bindings, routes }, routed: 0.5, listed: true };
        // half way through the fade, and where the modulator is at a half
        assert!((gain.at(1.0, false) - 0.5 * (2.0 * 0.75 + 0.1)).abs() < 1e-12);
        // with the curves, neither the second stage nor the modulator acts there
        assert!((gain.at(1.0, true) - 0.5 * 2.0).abs() < 1e-12);
    }

    #[test]
    fn routing_of_an_unlisted_voice_counts_as_meant_only() {
        let gain = Gain { routed: 0.0, listed: false, ..Gain::default() };
        assert_eq!([false, true].map(|meant| gain.at(0.0, meant)), [1.0, 0.0]);
        assert!(!gain.is_unity());
    }
}
